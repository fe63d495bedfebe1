"""One message has one form, on whichever way it comes to whom (decision D22)."""

from collections.abc import Callable

from harness.conformance.absences import away
from harness.conformance.conditions import (
    ACKS,
    CASES,
    DEVICES,
    ECHOES,
    FRAME_BINDING,
    READS,
    REPLAYS,
    SAME_MSG,
)
from harness.conformance.conversation import Conversation
from harness.conformance.door import Door
from harness.conformance.likeness import check_same, forms, told
from harness.conformance.spec import case
from schemas.messages import text

Fresh = Callable[..., str]

SAME = (SAME_MSG, ECHOES)


@case("same-msg", "delivery-once", when=(*SAME, DEVICES))
def test_other_device_is_shown_the_same(conversation: Conversation, door: Door) -> None:
    """A customer's other device is shown just what the Send showed, of every kind, once."""
    customer = conversation.customer
    other = door.enter(customer.account, alone=False)
    other.catch_up()
    said = forms(conversation.bench)
    echoed = told(customer, said)
    other.catch_up(reading=False)
    check_same(echoed, other, customer, said)


@case("sender-identity", when=(REPLAYS, READS, CASES, ACKS, FRAME_BINDING))
def test_replay_names_who_said_it(conversation: Conversation, door: Door, fresh: Fresh) -> None:
    """What one staff member said is replayed as its own while another attends by now."""
    away(conversation, fresh)
    former, words = conversation.staff, [text(fresh("from me")), text(fresh("from me, now"))]
    first = [words[0], conversation.closing()]
    for message in first:
        former.tell(message)
    successor = conversation.taken_over_by(door.staff(conversation.customer.sn), unread=0)
    successor.tell(words[1])
    customer = conversation.customer_returns(unread=len(successor.said))
    customer.missed = [*first, *successor.said]
    customer.receives(former, *first)
    customer.receives(successor, *successor.said)
