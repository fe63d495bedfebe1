"""What was missed comes later, once (decisions D11, D12)."""

from collections.abc import Callable

import pytest

from harness.conformance.case_run import CaseRun
from harness.conformance.chatter import shown
from harness.conformance.conditions import FRAME_BINDING, OFFERS, READS, REPLAYS, on
from harness.conformance.conversation import Conversation, confirming
from harness.conformance.door import Door
from harness.conformance.spec import case
from harness.conformance.stops import broken
from schemas.messages import InMsg, text
from schemas.modes import ReplayCount

Fresh = Callable[..., str]


def _miss(conversation: Conversation, fresh: Fresh, count: int) -> list[InMsg]:
    """Staff says ``count`` things while the customer, who has read all before, is away."""
    conversation.customer.tell(text(fresh("brb"), read=True))
    conversation.customer.leave()
    missed = [text(fresh("while you were out")) for _ in range(count)]
    for message in missed:
        conversation.staff.tell(message)
    return missed


def _check_replay(came: list[int], count: int) -> None:
    """Whether the messages 1 to ``count`` have come, in this order."""
    if len(came) < count:
        raise broken("replay-unread", f"{count} missed messages", f"{len(came)} of them")
    if came != sorted(came):
        raise broken("replay-order", "oldest first", f"order {came}")


@case("replay-unread", "replay-order", when=(REPLAYS, READS))
def test_customer_gets_what_was_missed(conversation: Conversation, fresh: Fresh) -> None:
    """What staff said while the customer was away comes after the login, oldest first."""
    missed = _miss(conversation, fresh, 3)
    customer = conversation.customer_returns(unread=3)
    _check_replay(customer.order_of(conversation.staff, *missed), 3)


@case("replay-count", when=(REPLAYS, READS, on("dialect.replay_count"), on("dialect.unread_scope")))
def test_replay_counts_as_the_profile_says(conversation: Conversation, fresh: Fresh) -> None:
    """Replayed frames carry the whole number of unread messages, or a running one."""
    missed = _miss(conversation, fresh, 3)
    customer = conversation.customer_returns(unread=3)
    running = conversation.bench.profile.dialect.replay_count is ReplayCount.RUNNING
    expected = [1, 2, 3] if running else [3, 3, 3]
    customer.order_of(conversation.staff, *missed)
    told = [event.frame.get("NoReadQty") for event in customer.received(conversation.staff)]
    if told != expected:
        raise broken("replay-count", str(expected), told, pointer="/NoReadQty")


@case("replay-order", when=(REPLAYS, READS))
def test_replay_comes_before_what_is_new(conversation: Conversation, fresh: Fresh) -> None:
    """What staff says after the customer is back comes after what was missed."""
    missed = _miss(conversation, fresh, 2)
    customer = conversation.customer_returns(unread=2)
    new = text(fresh("welcome back"))
    conversation.staff.tell(new)
    came = customer.order_of(conversation.staff, *missed, new)
    if came != sorted(came):
        raise broken("replay-order", "order [1, 2, 3]", f"order {came}")


@case("replay-read-not", when=(REPLAYS, READS))
def test_what_was_read_is_not_replayed(conversation: Conversation, fresh: Fresh) -> None:
    """What the customer has read does not come again after the next login."""
    message = text(fresh("read this"))
    mark = conversation.customer.now
    conversation.staff.tell(message)
    conversation.customer.receives(conversation.staff, message, since=mark)
    conversation.customer.tell(text(fresh("read it"), read=True))
    conversation.customer.leave()
    customer = conversation.customer_returns(unread=0)
    customer.catch_up()
    for event in customer.received(conversation.staff):
        raise broken("replay-read-not", "nothing that was read", "a Receive", frame=shown(event))


@case("replay-unread", "replay-order", when=(REPLAYS, READS, FRAME_BINDING))
def test_staff_gets_what_was_missed(conversation: Conversation, fresh: Fresh) -> None:
    """What the customer said with nobody bound has come once the next staff has confirmed."""
    conversation.end()
    said = [text(fresh("hello?")) for _ in range(3)]
    for message in said:
        conversation.customer.tell(message)
    staff = conversation.staff_returns(unread=3)
    _check_replay(staff.order_of(conversation.customer, *said), 3)


@case("delivery-once", when=(REPLAYS, READS))
def test_what_was_missed_comes_once(conversation: Conversation, fresh: Fresh) -> None:
    """What staff said while the customer was away comes one time after the login."""
    missed = _miss(conversation, fresh, 2)
    customer = conversation.customer_returns(unread=2)
    customer.order_of(conversation.staff, *missed)
    customer.hear_out()
    customer.receives(conversation.staff, *missed)


@case("replay-unread", "read-marks", when=(REPLAYS, READS, OFFERS, FRAME_BINDING))
@pytest.mark.parametrize("read", [False, True], ids=["unread", "read"])
def test_a_confirm_brings_what_was_said_before(
    case_run: CaseRun, door: Door, fresh: Fresh, read: bool
) -> None:
    """Staff that was not offered a conversation is sent what is unread in it after its confirm.

    Even if the confirm itself says ``read``: that marks what this connection had been sent.
    """
    staff, customer = [door.staff(), door.staff()], case_run.alone()
    message = text(fresh("who will it be?"))
    customer.tell(message)
    for member in staff:
        member.catch_up(reading=False)
    taker = next((each for each in staff if not each.has_received(customer, message)), staff[0])
    word = confirming(case_run.bench.profile, customer.sn, read=read)
    taker.accepted(taker.say(word), "confirm-binds")
    if taker.receives_content(message) is None:
        raise broken("replay-unread", "the unread message after the confirm", "none")
