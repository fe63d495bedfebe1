"""How much a server bears, as far as its profile says so (decision D18, ``limits.*``).

What is over a limit of rate or number may meet a refusal or a closed door: the contract leaves that
open. What is within it must be served, and whoever keeps to it must not suffer from who does not.
"""

from collections.abc import Callable

import msgspec
import pytest

from harness.blocking.wire import Cause, Ended
from harness.conformance.chatter import Chatter
from harness.conformance.conditions import ACKS, BINARY_CLOSES, DEVICES, being, is_set, on
from harness.conformance.conversation import Conversation
from harness.conformance.crowd import say_all
from harness.conformance.door import Door
from harness.conformance.spec import Basis, case, negative
from harness.conformance.spelling import require_room
from harness.conformance.stops import NotApplicable, broken
from harness.target import Profile
from harness.wire_frames import Framing, Opcode, encode_frame
from schemas.messages import InMsg, encode, receipt, text
from schemas.modes import BinaryMode

UNSUPPORTED_DATA, TOO_BIG = 1003, 1009
SIZE = on("limits.max_message_bytes")
MANY = 64

Fresh = Callable[..., str]


def _padded(words: str, size: int, filler: str = "x") -> bytes:
    """A text message of exactly ``size`` bytes, mostly ``filler``."""
    room = size - len(encode(text(words)))
    times, rest = divmod(room, len(filler.encode()))
    return encode(text(words + filler * times + "x" * rest))


def _message(whole: bytes) -> InMsg:
    return msgspec.json.decode(whole, type=InMsg)


def _fragments(whole: bytes, pieces: int) -> list[bytes]:
    """``whole`` as one text message in ``pieces`` frames (RFC 6455 §5.4)."""
    step = -(-len(whole) // pieces)
    parts = [whole[at : at + step] for at in range(0, len(whole), step)]
    opcodes = [Opcode.TEXT] + [Opcode.CONTINUATION] * (len(parts) - 1)
    last = len(parts) - 1
    return [
        encode_frame(opcode, part, Framing(fin=number == last))
        for number, (opcode, part) in enumerate(zip(opcodes, parts, strict=True))
    ]


def _check_code(customer: Chatter, code: int, slug: str) -> None:
    end: Ended | None = customer.channel.drain(customer.patience())
    if end is None or end.cause is not Cause.CLOSE or end.code != code:
        raise broken(slug, f"close {code}", str(end) if end else "an open connection")


# Size


@case("limit-below-accepted", when=(SIZE,))
def test_message_at_the_limit_is_accepted(conversation: Conversation, fresh: Fresh) -> None:
    """A text message of as many bytes as are allowed is accepted."""
    customer = conversation.customer
    size = conversation.bench.profile.limits.max_message_bytes
    sent = customer.say_bytes(_padded(fresh(), size))
    customer.accepted(sent, "limit-below-accepted", missing="limit-below-accepted")


@case("limit-below-accepted", "delivery-stored", when=(SIZE,))
@pytest.mark.parametrize(
    ("filler", "pieces"),
    [("x", 1), ("您", 1), ("x", 3), ("您", 3)],
    ids=["ascii", "chinese", "fragments", "chinese-fragments"],
)
def test_message_at_the_limit_arrives(
    conversation: Conversation, fresh: Fresh, filler: str, pieces: int
) -> None:
    """A message of as many bytes as are allowed arrives whole, however it was put into frames."""
    customer, words = conversation.customer, fresh()
    whole = _padded(words, conversation.bench.profile.limits.max_message_bytes, filler)
    sent = customer.participant.say_frames(_fragments(whole, pieces))
    customer.accepted(sent, "limit-below-accepted", missing="limit-below-accepted")
    message = _message(whole)
    customer.said.append(message)
    if conversation.staff.receives_content(message) is None:
        raise broken("delivery-stored", f"one arrival of {len(whole)} bytes", "none, or changed")


@case("limit-below-accepted", "delivery-stored", when=(SIZE,))
def test_staff_may_say_as_much(conversation: Conversation, fresh: Fresh) -> None:
    """A message of staff at the limit is accepted, and arrives whole."""
    customer, staff, words = conversation.customer, conversation.staff, fresh()
    message = _message(_padded(words, conversation.bench.profile.limits.max_message_bytes))
    staff.accepted(staff.say(message), "limit-below-accepted", missing="limit-below-accepted")
    if customer.receives_content(message) is None:
        raise broken("delivery-stored", "one arrival of it", "none, or changed")


@negative("limit-message-size", when=(SIZE,))
def test_message_over_the_limit_closes(conversation: Conversation, fresh: Fresh) -> None:
    """One byte more closes the connection with 1009."""
    customer = conversation.customer
    size = conversation.bench.profile.limits.max_message_bytes + 1
    customer.say_bytes(_padded(fresh(), size))
    _check_code(customer, TOO_BIG, "limit-message-size")
    conversation.customer_returns(unread=0)


@negative("limit-message-size", "delivery-refused-never", when=(SIZE,))
@pytest.mark.parametrize(
    ("filler", "pieces"),
    [("您", 1), ("x", 3), ("您", 3)],
    ids=["chinese", "fragments", "chinese-fragments"],
)
def test_bytes_count_and_not_frames_or_characters(
    conversation: Conversation, fresh: Fresh, filler: str, pieces: int
) -> None:
    """Over the limit in bytes is over it, in few characters, in several frames."""
    customer = conversation.customer
    whole = _padded(fresh(), conversation.bench.profile.limits.max_message_bytes + 1, filler)
    customer.participant.say_frames(_fragments(whole, pieces))
    _check_code(customer, TOO_BIG, "limit-message-size")
    conversation.customer_returns(unread=0)
    conversation.stays_unheard()


# Binary


@negative("limit-binary", when=(BINARY_CLOSES,))
def test_binary_message_closes(customer: Chatter) -> None:
    """A binary message closes the connection with 1003."""
    customer.channel.send_frames(
        [encode_frame(Opcode.BINARY, encode(receipt()))], customer.patience()
    )
    _check_code(customer, UNSUPPORTED_DATA, "limit-binary")


@negative("limit-binary", when=(BINARY_CLOSES,))
@pytest.mark.parametrize("payload", [b"", b"\x00\xff\xfe", b"x" * 5000], ids=["0", "3", "5000"])
def test_any_binary_message_closes(customer: Chatter, payload: bytes) -> None:
    """A binary message closes the connection with 1003, whatever is in it."""
    require_room(customer, len(payload))
    customer.channel.send_frames([encode_frame(Opcode.BINARY, payload)], customer.patience())
    _check_code(customer, UNSUPPORTED_DATA, "limit-binary")


@negative("limit-binary", "delivery-refused-never", when=(BINARY_CLOSES,))
def test_fragmented_binary_message_closes(conversation: Conversation, fresh: Fresh) -> None:
    """A binary message in fragments closes with 1003, and what it says reaches nobody."""
    customer = conversation.customer
    whole = encode(text(fresh("binary")))
    half = len(whole) // 2
    frames = [
        encode_frame(Opcode.BINARY, whole[:half], Framing(fin=False)),
        encode_frame(Opcode.CONTINUATION, whole[half:]),
    ]
    customer.channel.send_frames(frames, customer.patience())
    _check_code(customer, UNSUPPORTED_DATA, "limit-binary")
    conversation.customer_returns(unread=0)
    conversation.stays_unheard()


@case("delivery-stored", when=(being("limits.binary", BinaryMode.ACCEPT), ACKS))
def test_binary_message_is_read_like_text(conversation: Conversation, fresh: Fresh) -> None:
    """Where binary messages are accepted, one is answered and arrives like text."""
    customer, message = conversation.customer, text(fresh("binary"))
    sent = customer.participant.say_frames([encode_frame(Opcode.BINARY, encode(message))])
    customer.accepted(sent)
    customer.said.append(message)
    conversation.staff.receives(customer, message)


# Rate and number


@case("in-type-word", "delivery-stored", when=(is_set("limits.max_messages_per_s"), ACKS))
def test_the_declared_rate_is_borne(
    conversation: Conversation, profile: Profile, fresh: Fresh
) -> None:
    """Nothing is refused of somebody who sends as fast as is allowed."""
    messages = [text(fresh()) for _ in range(min(profile.limits.max_messages_per_s, MANY))]
    say_all(conversation.customer, messages)
    conversation.staff.receives(conversation.customer, *messages)


@case("login-concurrent", when=(is_set("limits.max_connections_per_account"), DEVICES))
def test_the_declared_connections_of_one_account_are_borne(
    customer: Chatter, door: Door, profile: Profile
) -> None:
    """An account gets as many connections as are allowed, and a place that is left is free."""
    most = profile.limits.max_connections_per_account
    if most > MANY:
        raise NotApplicable(f"limits.max_connections_per_account is over {MANY}")
    devices = [door.enter(customer.account, alone=False) for _ in range(most - 1)]
    for device in devices:
        device.catch_up()
    for device in devices[:1]:
        device.leave()
        door.enter(customer.account, alone=False).catch_up()


@case("login-accepted", when=(is_set("limits.max_connections"),), stands_on=Basis.LOGGED_IN)
def test_the_declared_connections_are_borne(door: Door, profile: Profile) -> None:
    """As many customers as are allowed are let in at a time."""
    most = profile.limits.max_connections
    if most > MANY or not door.bench.owns_the_pool:
        raise NotApplicable(f"limits.max_connections is over {MANY}, or others are connected too")
    for chatter in [door.customer() for _ in range(most)]:
        chatter.catch_up()


@case("delivery-stored", "delivery-order", when=(is_set("limits.max_backlog"),))
def test_the_declared_backlog_is_borne(
    conversation: Conversation, profile: Profile, fresh: Fresh
) -> None:
    """Who reads nothing for a while, within what may wait, gets it all."""
    count = min(profile.limits.max_backlog // 2, 2 * MANY)
    messages = [text(fresh()) for _ in range(count)]
    say_all(conversation.customer, messages)
    conversation.staff.catch_up()
    conversation.staff.receives(conversation.customer, *messages)
