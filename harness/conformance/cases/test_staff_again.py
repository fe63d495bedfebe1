"""Staff words that are refused, and what is as before behind them (decisions D10, D13)."""

from collections.abc import Callable

from harness.conformance.conditions import (
    ACKS,
    CASES,
    COUNTS,
    DEVICES,
    ERROR_FRAMES,
    FRAME_BINDING,
    OFFERS,
    READS,
)
from harness.conformance.conversation import Conversation, closing, confirming
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


@negative("assignment-foreign-refused", when=(FRAME_BINDING, CASES, ACKS))
def test_bound_staff_cannot_close_another_case(conversation: Conversation, door: Door) -> None:
    """Staff that attends to one customer cannot close the case of another, and keeps its own."""
    staff, profile = conversation.staff, conversation.bench.profile
    wrong = staff.say(closing(profile, door.customer().sn))
    staff.refused(wrong, "assignment-foreign-refused")
    _check_still_bound(conversation, "assignment-foreign-refused")


@negative("confirm-first-wins", when=(FRAME_BINDING, OFFERS, ACKS))
def test_refused_rival_takes_nothing(conversation: Conversation, door: Door) -> None:
    """Behind a refused confirm the case goes on with the staff member who has it."""
    rival = door.staff()
    rival.refused(rival.say(conversation.confirming()), "confirm-first-wins")
    _check_still_bound(conversation, "confirm-first-wins")


@negative("confirm-first-wins", when=(FRAME_BINDING, OFFERS, ACKS, DEVICES))
def test_same_account_cannot_confirm_twice(conversation: Conversation, door: Door) -> None:
    """A second connection of the staff member who has the case cannot take it too."""
    second = door.enter(conversation.staff.account, alone=False)
    second.refused(second.say(conversation.confirming()), "confirm-first-wins")
    _check_still_bound(conversation, "confirm-first-wins")


@negative("confirm-bound-refused", when=(FRAME_BINDING, ACKS))
def test_refused_second_case_leaves_the_first(conversation: Conversation, door: Door) -> None:
    """Staff that was refused a second case still has its first."""
    word = confirming(conversation.bench.profile, door.customer().sn)
    conversation.staff.refused(conversation.staff.say(word), "confirm-bound-refused")
    _check_still_bound(conversation, "confirm-bound-refused")


def _check_still_bound(conversation: Conversation, slug: str) -> None:
    customer, staff = conversation.customer, conversation.staff
    mark, words = customer.now, text(conversation.bench.fresh("still yours"))
    staff.accepted(staff.say(words), slug)
    customer.receives(staff, words, since=mark)
    customer.tell(text(conversation.bench.fresh("good")))
