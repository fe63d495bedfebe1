"""Words that are kept say later what they said at first, whoever they wait for (decisions D12, D13,
D15, D21): what goes through a store or to another device takes another way than a live delivery."""

from collections.abc import Callable

from harness.conformance.absences import away
from harness.conformance.conditions import DEVICES, READS, REPLAYS
from harness.conformance.conversation import Conversation
from harness.conformance.crowd import say_all
from harness.conformance.door import Door
from harness.conformance.likeness import everything
from harness.conformance.spec import case

Fresh = Callable[..., str]


@case("content-text", "content-image", when=(REPLAYS, READS))
def test_missed_words_arrive_unchanged(conversation: Conversation, fresh: Fresh) -> None:
    """What a customer has missed is replayed as it was said, whatever it is made of."""
    away(conversation, fresh)
    missed = everything(conversation.bench)
    say_all(conversation.staff, missed)
    customer = conversation.customer_returns(unread=len(missed))
    customer.receives(conversation.staff, *missed)


@case("content-text", "content-image", when=(DEVICES,))
def test_words_of_another_device_arrive_unchanged(conversation: Conversation, door: Door) -> None:
    """A customer's other device is shown its words as they were said."""
    customer = conversation.customer
    other = door.enter(customer.account, alone=False)
    other.catch_up()
    said = everything(conversation.bench)
    mark = other.now
    say_all(customer, said)
    other.receives(customer, *said, since=mark)
