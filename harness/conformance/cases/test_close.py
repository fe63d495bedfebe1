"""How connections end (RFC 6455 §5.5.1, §7).

A Close that a client may send is answered with a Close, and then the server ends the connection;
any other Close ends it as well. Which code the answer has is noted, no more.
"""

from collections.abc import Callable

import pytest

from harness.blocking.stream import READ_BYTES
from harness.blocking.wire import Shape
from harness.conformance.chatter import Chatter
from harness.conformance.close_codes import Travel, kind_of, samples
from harness.conformance.conditions import DEVICES, room_for
from harness.conformance.conversation import Conversation
from harness.conformance.door import Door
from harness.conformance.spec import case, negative
from harness.conformance.stops import broken
from harness.conformance.violation import INVALID_DATA, PROTOCOL_ERROR, Wrong, must_end
from harness.conformance.wrong_frames import WRONG
from harness.wire_frames import MAX_CONTROL_BYTES, Framing, Opcode, encode_frame
from schemas.clauses import clause
from schemas.messages import encode, text
from schemas.words import Role

NORMAL = (1000).to_bytes(2)
GOODBYE = encode_frame(Opcode.CLOSE, NORMAL)
ANSWERED = ("rfc-close-answered", "rfc-close-echo")
REASONS = {"empty": "", "Chinese": "再見", "emoji": "👋", "noncharacter": "\uffff"}


# What is answered.


@case(*ANSWERED)
@pytest.mark.parametrize("code", samples(Travel.MAY))
def test_close_is_answered(customer: Chatter, code: int) -> None:
    """A Close with a code that clients may send is answered with a Close."""
    if kind_of(code).server is not Travel.MAY:
        customer.evidence.excuse("rfc-close-code")  # an answer typically repeats the code
    _say_goodbye(customer, [encode_frame(Opcode.CLOSE, code.to_bytes(2))], code)


@case(*ANSWERED)
def test_close_without_code_is_answered(customer: Chatter) -> None:
    """A Close without any payload is answered with a Close."""
    _say_goodbye(customer, [encode_frame(Opcode.CLOSE)])


@case(*ANSWERED)
@pytest.mark.parametrize("reason", REASONS.values(), ids=REASONS)
def test_close_with_a_reason_is_answered(customer: Chatter, reason: str) -> None:
    """A Close may give any reason."""
    _say_goodbye(customer, [encode_frame(Opcode.CLOSE, NORMAL + reason.encode())], 1000)


@case(*ANSWERED)
def test_close_with_the_longest_reason_is_answered(customer: Chatter) -> None:
    """A Close whose reason fills the frame with Chinese is answered with a Close."""
    reason = "再見" * (MAX_CONTROL_BYTES // 6)
    _say_goodbye(customer, [encode_frame(Opcode.CLOSE, NORMAL + reason.encode())], 1000)


@case(*ANSWERED)
def test_close_byte_by_byte_is_answered(customer: Chatter) -> None:
    """A Close that arrives byte by byte is answered like any other."""
    _say_goodbye(customer, [GOODBYE], 1000, Shape.BYTEWISE)


@negative(*ANSWERED)
def test_second_close_is_passed_over(customer: Chatter) -> None:
    """Of two Closes the first is answered."""
    _say_goodbye(customer, [GOODBYE, encode_frame(Opcode.CLOSE, (1001).to_bytes(2))], 1000)


@negative("rfc-after-close-discarded", *ANSWERED)
def test_message_after_the_close_is_discarded(
    conversation: Conversation, fresh: Callable[..., str]
) -> None:
    """What comes with a Close, but after it, reaches nobody."""
    message = text(fresh("too late"))
    late = encode_frame(Opcode.TEXT, encode(message))
    _say_goodbye(conversation.customer, [GOODBYE, late], 1000)
    conversation.never_arrives(message, "rfc-after-close-discarded")


@negative("rfc-fragments-joined", "rfc-close-answered")
def test_close_inside_a_message_is_answered(
    conversation: Conversation, fresh: Callable[..., str]
) -> None:
    """A Close between fragments is answered, and the unfinished message reaches nobody."""
    message = text(fresh("unfinished"))
    begun = encode_frame(Opcode.TEXT, encode(message), Framing(fin=False))
    _say_goodbye(conversation.customer, [begun, GOODBYE])
    conversation.never_arrives(message, "rfc-fragments-joined")


@case("rfc-close-ends-tcp")
def test_server_ends_the_connection(customer: Chatter) -> None:
    """Once it has answered a Close the server ends the TCP connection."""
    customer.channel.wire.write([GOODBYE], customer.patience())
    _await_close(customer)
    stream = customer.channel.wire.stream
    stream.deadline = customer.patience()
    try:
        while stream.recv(READ_BYTES):
            pass
    except TimeoutError:
        expected = "the end of the TCP connection"
        raise broken("rfc-close-ends-tcp", expected, "it stays open") from None
    except ConnectionError:
        return


def _say_goodbye(
    customer: Chatter, frames: list[bytes], code: int | None = None, shape: Shape = Shape.ONE_WRITE
) -> None:
    """Send ``frames``, a Close with ``code`` among them, and see the Close that answers it."""
    customer.channel.wire.write(frames, customer.patience(), shape)
    try:
        answer = _await_close(customer)
    finally:
        customer.channel.give_up()
    if code is not None and answer != code:
        found = clause("rfc-close-echo").broken(expected=str(code), actual=str(answer))
        customer.evidence.report(found)


def _await_close(customer: Chatter) -> int | None:
    """The code of the server's Close; that none comes breaks ``rfc-close-answered``."""
    wire = customer.channel.wire
    wire.stream.deadline = customer.bench.patience("rfc-close-answered")
    instead = "the end of the connection without one"
    try:
        while wire.judge.close is None and wire.stream.recv(READ_BYTES):
            pass
    except TimeoutError:
        instead = "neither one nor the end"
    except ConnectionError:
        instead = "a reset"
    if wire.judge.close is None:
        raise broken("rfc-close-answered", "a Close frame", instead)
    return wire.judge.close.close_code


# What ends the connection, answered or not.


@negative("rfc-client-close-payload", "rfc-close-codes-used")
@pytest.mark.parametrize("code", samples(Travel.NEVER))
def test_code_that_never_travels_ends_the_connection(door: Door, code: int) -> None:
    """A Close with a code that nobody may send ends the connection."""
    _must_end(door, code.to_bytes(2))


@negative("rfc-client-close-payload")
@pytest.mark.parametrize("code", samples(Travel.OPEN))
def test_code_that_means_nothing_yet_ends_the_connection(door: Door, code: int) -> None:
    """A Close with a code that servers may take or not ends the connection."""
    door.evidence.excuse("rfc-close-code")  # who takes it may repeat it
    _must_end(door, code.to_bytes(2), ())


TOLD = {
    "protocol error": WRONG["rsv1 on a text"],
    "invalid UTF-8": Wrong(
        "rfc-client-utf8", (encode_frame(Opcode.TEXT, b'"\xff"'),), (INVALID_DATA,)
    ),
}


@negative("rfc-close-codes-used", "rfc-client-reserved-bits", "rfc-client-utf8")
@pytest.mark.parametrize("wrong", TOLD.values(), ids=TOLD)
def test_code_tells_what_was_wrong(door: Door, wrong: Wrong) -> None:
    """A Close that answers a violation says by its code what kind of violation it was."""
    must_end(door, wrong)


BAD_REASONS = {
    "stray byte": b"bye \xff",
    "cut character": "再".encode()[:2],
    "surrogate": b"\xed\xa0\x80",
    "overlong": b"\xc0\xaf",
}


@negative("rfc-client-close-payload", "rfc-close-codes-used")
@pytest.mark.parametrize("reason", BAD_REASONS.values(), ids=BAD_REASONS)
def test_reason_that_is_no_utf8_ends_the_connection(door: Door, reason: bytes) -> None:
    """A Close whose reason is no UTF-8 ends the connection."""
    _must_end(door, NORMAL + reason, (PROTOCOL_ERROR, INVALID_DATA))


@negative("rfc-client-close-payload", "rfc-close-codes-used")
def test_close_of_one_byte_ends_the_connection(door: Door) -> None:
    """A Close whose payload is half a code ends the connection."""
    _must_end(door, b"\x03")


WRONG_CLOSES = {
    "too long": ("rfc-client-control-short", NORMAL + bytes(MAX_CONTROL_BYTES - 1), Framing()),
    "fragmented": ("rfc-client-control-whole", NORMAL, Framing(fin=False)),
    "with rsv1": ("rfc-client-reserved-bits", NORMAL, Framing(rsv=4)),
    "unmasked": ("rfc-mask-required", NORMAL, Framing(mask=None)),
}


@negative(*(slug for slug, _, _ in WRONG_CLOSES.values()), "rfc-close-codes-used")
@pytest.mark.parametrize("wrong", WRONG_CLOSES.values(), ids=WRONG_CLOSES)
def test_wrong_close_frame_ends_the_connection(
    door: Door, wrong: tuple[str, bytes, Framing]
) -> None:
    """A Close that breaks the rules of framing ends the connection."""
    slug, payload, framing = wrong
    must_end(door, Wrong(slug, (encode_frame(Opcode.CLOSE, payload, framing),)))


def _must_end(door: Door, payload: bytes, codes: tuple[int, ...] = (PROTOCOL_ERROR,)) -> None:
    frame = encode_frame(Opcode.CLOSE, payload)
    must_end(door, Wrong("rfc-client-close-payload", (frame,), codes))


# What outlives it.


@case("delivery-stored")
def test_acknowledged_words_outlive_their_sender(
    conversation: Conversation, fresh: Callable[..., str]
) -> None:
    """What was acknowledged reaches the other side although the sender has left."""
    message = text(fresh("last words"))
    conversation.customer.tell(message)
    conversation.customer.leave()
    conversation.staff.receives(conversation.customer, message)
    conversation.customer_returns(unread=0)


@case("login-concurrent", when=(DEVICES,))
def test_other_device_outlives_a_close(door: Door) -> None:
    """When one connection of an account is closed, the other lives on."""
    account = door.account(Role.CUSTOMER)
    one, other = door.enter(account, alone=False), door.enter(account, alone=False)
    _say_goodbye(one, [GOODBYE])
    other.catch_up()


@negative(when=(room_for(2),))
def test_reset_harms_nobody_else(conversation: Conversation, fresh: Callable[..., str]) -> None:
    """A connection that is reset harms no other one, and its account can log in again."""
    conversation.customer.tell(text(fresh("gone")))
    conversation.customer.channel.reset()
    conversation.customer_returns(unread=0).catch_up()
