"""Connections that break off, and what must be left of a conversation (decisions D12, D15, D19)."""

from collections.abc import Callable

import pytest

from harness.blocking.deadline import Deadline
from harness.conformance.conditions import ACKS, DEVICES, READS, REPLAYS, room_for
from harness.conformance.conversation import Conversation
from harness.conformance.crowd import say_all
from harness.conformance.door import Door
from harness.conformance.raw import Raw
from harness.conformance.spec import Basis, case, negative
from harness.conformance.stops import NotApplicable, broken
from harness.target import Profile
from harness.wire_frames import Framing, Opcode, encode_frame
from schemas.messages import encode, text
from schemas.words import Role

Fresh = Callable[..., str]
MANY, BURST, ROUNDS, UNSURE = 10, 30, 4, 3
TRIES = 100
SILENT_S = 5


TWO = room_for(2)
AWAY = (REPLAYS, READS, TWO)


# A reset loses nothing that was acknowledged.


@negative("delivery-stored", when=(TWO,))
def test_words_before_a_reset_arrive(conversation: Conversation, fresh: Fresh) -> None:
    """What was acknowledged arrives although its sender's connection was reset."""
    message = text(fresh("last words"))
    conversation.customer.tell(message)
    conversation.customer.channel.reset()
    conversation.staff.receives_one(conversation.customer, message)
    conversation.customer_returns(unread=0)


@negative("delivery-stored", "delivery-once", when=AWAY)
def test_words_after_a_reset_are_replayed(conversation: Conversation, fresh: Fresh) -> None:
    """What is said to a customer whose connection was reset is there when he returns."""
    conversation.customer.tell(text(fresh("brb"), read=True))
    conversation.customer.channel.reset()
    missed = text(fresh("while you were out"))
    conversation.staff.tell(missed)
    conversation.customer_returns(unread=1).receives_one(conversation.staff, missed)


@negative("delivery-stored", "delivery-once", "delivery-order", when=AWAY)
def test_reset_under_a_burst_loses_nothing(conversation: Conversation, fresh: Fresh) -> None:
    """A reset while thirty messages are on their way loses none of them."""
    conversation.customer.tell(text(fresh("go on"), read=True))
    said = [text(fresh("burst")) for _ in range(BURST)]
    sent = [conversation.staff.say(message) for message in said]
    conversation.customer.channel.reset()
    for each in sent:
        conversation.staff.accepted(each)
    conversation.customer_returns(unread=BURST).receives(conversation.staff, *said)


@negative("delivery-once", "delivery-order", when=(TWO,))
def test_unanswered_words_arrive_at_most_once(conversation: Conversation, fresh: Fresh) -> None:
    """Of messages that nobody saw acknowledged each arrives once or never, and in order."""
    unsure = [text(fresh("perhaps")) for _ in range(UNSURE)]
    for message in unsure:
        conversation.customer.say(message)
    conversation.customer.channel.reset()
    customer = conversation.customer_returns(unread=0)
    conversation.staff_hears_of_return()
    tokens = [message.content.partition(" ")[0] for message in unsure]
    contents = [str(each.msg.get("content")) for each in conversation.staff.received(customer)]
    came = [number for each in contents for number, t in enumerate(tokens, 1) if t in each]
    if len(set(came)) < len(came):
        raise broken("delivery-once", "one arrival or none", f"arrivals {came}")
    if came != sorted(came):
        raise broken("delivery-order", "the order of sending", f"arrivals {came}")
    customer.said[-1:-1] = [unsure[number - 1] for number in came]


@negative("delivery-stored", "delivery-once", "delivery-order", when=AWAY)
def test_conversation_survives_many_returns(conversation: Conversation, fresh: Fresh) -> None:
    """Who breaks off and returns, again and again, misses nothing and gets nothing twice."""
    for number in range(ROUNDS):
        conversation.customer.tell(text(fresh("brb"), read=True))
        if number % 2:
            conversation.customer.channel.reset()
        missed = [text(fresh("still there?")) for _ in range(2)]
        if not number % 2:
            conversation.customer.leave()
        say_all(conversation.staff, missed)
        conversation.customer_returns(unread=2).receives(conversation.staff, *missed)


@negative("confirm-binds", "delivery-stored", when=(ACKS, TWO))
def test_staff_returns_after_a_reset(conversation: Conversation, fresh: Fresh) -> None:
    """A staff member whose connection was reset takes the case again, and it goes on."""
    conversation.customer.tell(text(fresh("hello")))
    conversation.staff.catch_up()
    conversation.staff.channel.reset()
    conversation.staff_returns(unread=0, tries=TRIES)
    asked, answered = text(fresh("are you back?")), text(fresh("yes"))
    conversation.customer.tell(asked)
    conversation.staff.receives_one(conversation.customer, asked)
    conversation.staff.tell(answered)


# What was never finished is nothing.

BROKEN_OFF: dict[str, Callable[[bytes], bytes]] = {
    "payload": lambda body: encode_frame(Opcode.TEXT, body)[:-3],
    "length": lambda body: encode_frame(Opcode.TEXT, body, Framing(length_bytes=8))[:5],
    "header": lambda body: encode_frame(Opcode.TEXT, body)[:1],
}


@negative("rfc-fragments-joined", when=(TWO,))
def test_message_broken_off_after_a_fragment_is_none(
    conversation: Conversation, fresh: Fresh
) -> None:
    """A message whose last fragment never came is none, whatever the others hold."""
    message = text(fresh("unfinished"))
    begun = encode_frame(Opcode.TEXT, encode(message), Framing(fin=False))
    conversation.customer.participant.say_frames([begun], answered=False)
    conversation.customer.hear_out()
    conversation.customer.channel.reset()
    conversation.never_arrives(message, "rfc-fragments-joined")


@negative("rfc-fragments-joined", when=(TWO,))
@pytest.mark.parametrize("cut", BROKEN_OFF.values(), ids=BROKEN_OFF)
def test_message_broken_off_inside_a_frame_is_none(
    conversation: Conversation, fresh: Fresh, cut: Callable[[bytes], bytes]
) -> None:
    """Of a message in the middle of whose one frame the connection is reset nothing arrives."""
    message = text(fresh("unfinished"))
    begun = cut(encode(message))
    conversation.customer.participant.say_frames([begun], answered=False)
    conversation.customer.channel.reset()
    conversation.never_arrives(message, "rfc-fragments-joined")


# Nobody else is disturbed.


@negative("delivery-stored", when=(TWO,))
def test_half_closed_connection_harms_nobody(
    conversation: Conversation, fresh: Fresh, profile: Profile
) -> None:
    """A customer who says no more but listens on is let go, and let in again."""
    if profile.url.startswith("wss"):
        raise NotApplicable("TLS has no half-closed connections")
    message = text(fresh("that is all"))
    conversation.customer.tell(message)
    conversation.customer.channel.wire.stream.half_close()
    conversation.customer.channel.drain(Deadline.after(conversation.bench.short_s))
    conversation.customer.channel.give_up()
    conversation.staff.receives_one(conversation.customer, message)
    conversation.customer_returns(unread=0)


@negative("login-concurrent", when=(DEVICES, TWO))
def test_other_device_outlives_a_reset(door: Door) -> None:
    """When one connection of an account is reset, the other lives on."""
    account = door.account(Role.CUSTOMER)
    one, other = door.enter(account, alone=False), door.enter(account, alone=False)
    one.channel.reset()
    other.catch_up()


@negative("login-accepted", when=(room_for(MANY + 1),))
def test_many_resets_harm_nobody(door: Door) -> None:
    """An account whose connections are reset ten times in a row gets in once more."""
    account = door.account(Role.CUSTOMER)
    for _ in range(MANY):
        door.enter(account).channel.reset()
    door.enter(account).catch_up()


@negative("login-accepted", when=(room_for(MANY + 1),), stands_on=Basis.LOGGED_IN)
def test_reset_before_the_login_harms_nobody(raw: Raw, door: Door) -> None:
    """Connections that are reset as soon as they have asked to be opened harm nobody."""
    for _ in range(MANY):
        wire = raw.wire()
        wire.write([raw.request().encode()], door.patience())
        wire.stream.reset()
    door.customer()


@case("delivery-stored", "delivery-once", when=(DEVICES,), slow=True)
def test_half_open_connection_holds_up_nobody(conversation: Conversation, fresh: Fresh) -> None:
    """While one connection neither reads nor answers for seconds, another gets everything."""
    conversation.customer.catch_up()
    awake = conversation.door.enter(conversation.customer.account, alone=False)
    awake.catch_up()
    mark, said = awake.now, []
    for _ in range(SILENT_S):
        said.append(text(fresh("are you there?")))
        conversation.staff.tell(said[-1])
        awake.receives(conversation.staff, *said, since=mark)
        awake.participant.hear(Deadline.after(1))
    awake.catch_up()
