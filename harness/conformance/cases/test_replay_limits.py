"""What is not replayed: what was read, sent before, one's own or another's (decision D12)."""

from collections.abc import Callable

from harness.conformance.absences import away, miss
from harness.conformance.case_run import CaseRun
from harness.conformance.chatter import Chatter
from harness.conformance.conditions import (
    ECHOES,
    FRAME_BINDING,
    OFFERS,
    READS,
    REPLAYS,
    SAME_MSG,
    texts_told_apart,
)
from harness.conformance.conversation import Conversation
from harness.conformance.crowd import attend, check_nothing_of, say_all
from harness.conformance.deliveries import differing
from harness.conformance.door import Door
from harness.conformance.listener import shown
from harness.conformance.pool import taker
from harness.conformance.spec import Basis, case
from harness.conformance.stops import broken
from schemas.messages import InMsg, text

Fresh = Callable[..., str]


@case("replay-read-not", when=(REPLAYS, READS, texts_told_apart))
def test_only_the_rest_is_replayed(conversation: Conversation, fresh: Fresh) -> None:
    """Of what was missed, what has been read since does not come again; the rest does."""
    read = miss(conversation, fresh, 2)
    customer = conversation.customer_returns(unread=2)
    customer.receives(conversation.staff, *read)
    customer.tell(text(fresh("read those"), read=True))
    rest = [text(fresh("but not these")) for _ in range(2)]
    mark = customer.now
    say_all(conversation.staff, rest)
    customer.receives(conversation.staff, *rest, since=mark)
    again = conversation.customer_returns(unread=2)
    again.receives(conversation.staff, *rest)
    _check_no_more(again, conversation.staff, read)


def _check_no_more(listener: Chatter, sender: Chatter, read: list[InMsg]) -> None:
    listener.catch_up()
    for message in read:
        if listener.has_received(sender, message):
            raise broken("replay-read-not", "nothing that was read", "a Receive of it")


@case("replay-read-not", when=(REPLAYS, READS, FRAME_BINDING, texts_told_apart))
def test_what_a_colleague_has_read_is_not_replayed(
    conversation: Conversation, door: Door, fresh: Fresh
) -> None:
    """The next staff member is sent nothing that its colleague has read."""
    customer, read = conversation.customer, text(fresh("read"))
    customer.tell(read)
    conversation.staff.receives(customer, read)
    conversation.staff.tell(text(fresh("I see"), read=True))
    conversation.staff.leave()
    successor = conversation.taken_over_by(door.staff(customer.sn), unread=0)
    _check_no_more(successor, customer, [read])


@case("delivery-once", stands_on=Basis.DELIVERED, when=(REPLAYS, OFFERS, FRAME_BINDING))
def test_what_was_offered_is_not_replayed(case_run: CaseRun, door: Door, fresh: Fresh) -> None:
    """Staff that was offered a conversation is not sent the same again after its confirm."""
    staff, customer = door.staff(), case_run.alone()
    said = [text(fresh("hello")) for _ in range(2)]
    say_all(customer, said)
    taker([staff], customer, said[-1], "offer-idle-staff")
    attend(staff, customer, read=False)
    staff.catch_up()
    staff.receives(customer, *said)


@case("unread-own-messages", when=(REPLAYS, READS))
def test_own_words_are_not_replayed(conversation: Conversation, fresh: Fresh) -> None:
    """A customer that logs in again is not sent what it has said itself."""
    mine = [text(fresh("my own words")) for _ in range(2)]
    say_all(conversation.customer, mine)
    miss(conversation, fresh, 1)
    customer = conversation.customer_returns(unread=1)
    customer.catch_up()
    for event in customer.received(customer):
        raise broken("unread-own-messages", "none of its own", "a Receive", frame=shown(event))


@case("same-msg", when=(REPLAYS, READS, SAME_MSG, ECHOES))
def test_replay_shows_the_same_message(conversation: Conversation, fresh: Fresh) -> None:
    """A replayed message shows what its Send showed, its time too."""
    away(conversation, fresh)
    message = text(fresh("keep as it is"))
    echoed = conversation.staff.tell(message)
    customer = conversation.customer_returns(unread=1)
    replayed = customer.receives_one(conversation.staff, message).msg
    for member in differing(echoed, replayed):
        expected, actual = repr(echoed.get(member)), replayed.get(member)
        raise broken("same-msg", expected, actual, pointer=f"/msg/{member}")


@case("isolation", stands_on=Basis.DELIVERED, when=(REPLAYS, READS))
def test_each_is_replayed_its_own(case_run: CaseRun, fresh: Fresh) -> None:
    """Three customers that come back at the same time are each sent their own messages."""
    pairs = [case_run.converse() for _ in range(3)]
    missed = [miss(pair, fresh, 2) for pair in pairs]
    for pair in pairs:
        pair.customer_returns(unread=2)
    for pair, own in zip(pairs, missed, strict=True):
        pair.customer.catch_up()
        check_nothing_of(pair.customer, [m for other in missed if other is not own for m in other])
