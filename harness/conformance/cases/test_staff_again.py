"""Staff words that are refused, and what is as before behind them (decisions D10, D13)."""

from collections.abc import Callable

from harness.conformance.conditions import (
    ACKS,
    COUNTS,
    ERROR_FRAMES,
    FRAME_BINDING,
    READS,
)
from harness.conformance.conversation import Conversation, confirming
from harness.conformance.counting import says
from harness.conformance.door import Door
from harness.conformance.spec import negative
from schemas.messages import text

Fresh = Callable[..., str]

REFUSED = (FRAME_BINDING, ERROR_FRAMES, ACKS)


@negative("confirm-bound-refused", when=REFUSED)
def test_bound_staff_cannot_confirm_its_own_customer_again(
    conversation: Conversation, fresh: Fresh
) -> None:
    """A connection that has a case is refused that same case too, and keeps it."""
    staff, mark = conversation.staff, conversation.customer.now
    staff.refused(staff.say(conversation.confirming()), "confirm-bound-refused")
    message = text(fresh("as I was saying"))
    staff.tell(message)
    conversation.customer.receives(staff, message, since=mark)


@negative("refused-marks-nothing", when=(*REFUSED, COUNTS, READS))
def test_refused_confirm_marks_nothing(
    conversation: Conversation, door: Door, fresh: Fresh
) -> None:
    """A second case that is refused leaves unread what the first customer has said."""
    customer, staff = conversation.customer, conversation.staff
    staff.tell(text(fresh("read so far"), read=True))
    other = door.customer()
    for number in (1, 2):
        says(customer, staff, fresh(), number, "unread-count")
    word = confirming(conversation.bench.profile, other.sn, read=True)
    staff.refused(staff.say(word), "confirm-bound-refused")
    says(customer, staff, fresh(), 3, "refused-marks-nothing")
