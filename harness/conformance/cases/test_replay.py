"""What was missed comes later, in order and with its count (decisions D11, D12)."""

from collections.abc import Callable

import pytest

from harness.conformance.absences import away, miss
from harness.conformance.case_run import CaseRun
from harness.conformance.chatter import Chatter
from harness.conformance.conditions import CASES, DEVICES, FRAME_BINDING, OFFERS, READS, REPLAYS, on
from harness.conformance.conversation import Conversation, confirming
from harness.conformance.crowd import say_all
from harness.conformance.door import Door
from harness.conformance.likeness import everything
from harness.conformance.listener import shown
from harness.conformance.pool import taker
from harness.conformance.sayings import of_each_kind
from harness.conformance.spec import Basis, case
from harness.conformance.stops import broken
from schemas.messages import text
from schemas.modes import ReplayCount

Fresh = Callable[..., str]

COUNTED = (REPLAYS, READS, on("dialect.replay_count"), on("dialect.unread_scope"))

BACKLOG = 150


def _check_replay(came: list[int], count: int) -> None:
    """Whether the messages 1 to ``count`` have come, in this order."""
    if len(came) < count:
        raise broken("replay-unread", f"{count} missed messages", f"{len(came)} of them")
    if came != sorted(came):
        raise broken("replay-order", "oldest first", f"order {came}")


@case("replay-unread", "replay-order", when=(REPLAYS, READS))
def test_customer_gets_what_was_missed(conversation: Conversation, fresh: Fresh) -> None:
    """What staff said while the customer was away comes after the login, oldest first."""
    missed = miss(conversation, fresh, 3)
    customer = conversation.customer_returns(unread=3)
    _check_replay(customer.order_of(conversation.staff, *missed), 3)


def _check_counts(replayed: Chatter, sender: Chatter, count: int) -> None:
    """Whether ``replayed`` was told ``count`` with each of so many messages, or counted."""
    running = replayed.bench.profile.dialect.replay_count is ReplayCount.RUNNING
    expected = list(range(1, count + 1)) if running else [count] * count
    told = [event.frame.get("NoReadQty") for event in replayed.received(sender)]
    if len(told) < count:
        replayed.misses()
    if told != expected:
        raise broken("replay-count", str(expected), told, pointer="/NoReadQty")


@case("replay-count", when=COUNTED)
def test_replay_counts_as_the_profile_says(conversation: Conversation, fresh: Fresh) -> None:
    """Replayed frames carry the whole number of unread messages, or a running one."""
    missed = miss(conversation, fresh, 3)
    customer = conversation.customer_returns(unread=3)
    customer.order_of(conversation.staff, *missed)
    _check_counts(customer, conversation.staff, 3)


@case("replay-order", when=(REPLAYS, READS))
def test_replay_comes_before_what_is_new(conversation: Conversation, fresh: Fresh) -> None:
    """What staff says after the customer is back comes after what was missed."""
    missed = miss(conversation, fresh, 2)
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
    missed = miss(conversation, fresh, 2)
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


@case("replay-count", when=(*COUNTED, FRAME_BINDING))
def test_replay_to_staff_counts_as_the_profile_says(
    conversation: Conversation, fresh: Fresh
) -> None:
    """What is replayed after a confirm counts as what is replayed after a login."""
    conversation.end()
    said = [text(fresh("hello?")) for _ in range(3)]
    say_all(conversation.customer, said)
    staff = conversation.staff_returns(unread=3)
    staff.order_of(conversation.customer, *said)
    _check_counts(staff, conversation.customer, 3)


@case("replay-count", stands_on=Basis.DELIVERED, when=(*COUNTED, OFFERS, FRAME_BINDING))
def test_offers_count_like_replays(case_run: CaseRun, door: Door, fresh: Fresh) -> None:
    """What waited and is offered together carries the whole number, or a running one."""
    customer = case_run.alone()
    said = [text(fresh("anybody?")) for _ in range(3)]
    say_all(customer, said)
    staff = door.staff()
    taker([staff], customer, said[-1], "offer-waits")
    _check_counts(staff, customer, 3)


@case("replay-unread", "replay-order", when=(REPLAYS, READS))
def test_every_kind_is_replayed(conversation: Conversation, fresh: Fresh) -> None:
    """Texts, images and topics that were missed all come, in their order."""
    away(conversation, fresh)
    missed = [each for _ in range(2) for each in of_each_kind(conversation.bench)]
    say_all(conversation.staff, missed)
    customer = conversation.customer_returns(unread=len(missed))
    _check_replay(customer.order_of(conversation.staff, *missed), len(missed))


@case("replay-unread", "replay-order", when=(REPLAYS, READS, FRAME_BINDING))
def test_every_kind_is_replayed_to_staff(conversation: Conversation) -> None:
    """What the customer said of every kind with nobody bound comes after the next confirm."""
    conversation.end()
    missed = [each for _ in range(2) for each in of_each_kind(conversation.bench)]
    say_all(conversation.customer, missed)
    staff = conversation.staff_returns(unread=len(missed))
    _check_replay(staff.order_of(conversation.customer, *missed), len(missed))


@case("replay-unread", "replay-order", when=(REPLAYS, READS, FRAME_BINDING, CASES))
def test_a_case_closed_meanwhile_is_replayed(conversation: Conversation, fresh: Fresh) -> None:
    """Who comes back after its case was closed gets the last words, and then the closing."""
    missed = [*miss(conversation, fresh, 2), conversation.closing()]
    conversation.staff.tell(missed[-1])
    conversation.open = False
    customer = conversation.customer_returns(unread=3)
    _check_replay(customer.order_of(conversation.staff, *missed), 3)


@case("replay-unread", when=(REPLAYS, READS))
def test_what_was_not_read_is_replayed_again(conversation: Conversation, fresh: Fresh) -> None:
    """A customer that logs in twice without reading is sent what it missed both times."""
    missed = miss(conversation, fresh, 3)
    for _ in range(2):
        customer = conversation.customer_returns(unread=3)
        _check_replay(customer.order_of(conversation.staff, *missed), 3)


@case("replay-unread", "replay-order", when=(REPLAYS, READS))
def test_absences_add_up(conversation: Conversation, fresh: Fresh) -> None:
    """What was said in three absences comes together after the last, oldest first."""
    missed = miss(conversation, fresh, 1)
    for number in (1, 2):
        conversation.customer_returns(unread=number).leave()
        missed.append(text(fresh("and another")))
        conversation.staff.tell(missed[-1])
    customer = conversation.customer_returns(unread=3)
    _check_replay(customer.order_of(conversation.staff, *missed), 3)


@case("replay-unread", "replay-order", when=(REPLAYS, READS, DEVICES))
def test_a_second_device_is_sent_the_same(
    conversation: Conversation, door: Door, fresh: Fresh
) -> None:
    """What one device was sent and has not read is replayed to the next one, too."""
    missed = miss(conversation, fresh, 3)
    customer = conversation.customer_returns(unread=3)
    customer.order_of(conversation.staff, *missed)
    second = door.enter(customer.account, alone=False)
    _check_replay(second.order_of(conversation.staff, *missed), 3)


@case("replay-unread", "replay-order", when=(REPLAYS, READS))
def test_a_large_backlog_is_replayed(conversation: Conversation, fresh: Fresh) -> None:
    """A long absence loses nothing: everything comes, oldest first."""
    most = conversation.bench.profile.limits.max_backlog
    count = min(BACKLOG, most // 2) if most else BACKLOG
    away(conversation, fresh)
    missed = [text(fresh()) for _ in range(count)]
    say_all(conversation.staff, missed)
    customer = conversation.customer_returns(unread=count)
    customer.catch_up(reading=False)
    _check_replay(customer.order_of(conversation.staff, *missed), count)


@case("content-text", "content-image", when=(REPLAYS, READS, FRAME_BINDING))
def test_words_said_to_nobody_arrive_unchanged(conversation: Conversation) -> None:
    """What a customer says with nobody bound comes as it was said to who takes the case next."""
    conversation.end()
    conversation.staff.leave()
    said = everything(conversation.bench)
    say_all(conversation.customer, said)
    staff = conversation.staff_returns(unread=len(said))
    staff.receives(conversation.customer, *said)
