"""Frames, right and wrong (RFC 6455 §5, §8.1).

A wrong frame must end the connection, whether in one write, frame by frame or byte by byte. A Close
frame before the end is optional; its code is a clause of its own.
"""

from collections.abc import Callable

import msgspec
import pytest

from harness.blocking.wire import Cause, Shape
from harness.conformance.chatter import Chatter
from harness.conformance.conversation import Conversation
from harness.conformance.door import Door
from harness.conformance.evidence import Evidence
from harness.conformance.spec import case, collector, negative
from harness.conformance.stops import broken
from harness.wire_frames import MAX_CONTROL_BYTES, Framing, Opcode, encode_frame
from schemas.clauses import clause, register
from schemas.messages import encode, receipt, text
from schemas.words import Role

PROTOCOL_ERROR, INVALID_DATA = 1002, 1007
HARMLESS = encode(receipt())
ENDED_BY_SERVER = (Cause.CLOSE, Cause.EOF, Cause.RESET)
OPEN = Framing(fin=False)

SERVER_RULES = tuple(
    slug
    for slug, entry in register().items()
    if entry.source.startswith("RFC") and not (entry.untestable or slug.startswith("rfc-client-"))
)


class Wrong(msgspec.Struct, frozen=True):
    """Frames that break a rule of framing."""

    slug: str
    frames: list[bytes]
    code: int = PROTOCOL_ERROR


WRONG = {
    "unmasked text": Wrong(
        "rfc-mask-required", [encode_frame(Opcode.TEXT, HARMLESS, Framing(mask=None))]
    ),
    "unmasked ping": Wrong(
        "rfc-mask-required", [encode_frame(Opcode.PING, b"", Framing(mask=None))]
    ),
    "rsv1": Wrong(
        "rfc-client-reserved-bits", [encode_frame(Opcode.TEXT, HARMLESS, Framing(rsv=4))]
    ),
    "rsv3 on a ping": Wrong(
        "rfc-client-reserved-bits", [encode_frame(Opcode.PING, b"", Framing(rsv=1))]
    ),
    "opcode 3": Wrong("rfc-client-opcodes", [encode_frame(0x3, b"")]),
    "opcode 11": Wrong("rfc-client-opcodes", [encode_frame(0xB, b"")]),
    "ping of 126 bytes": Wrong(
        "rfc-client-control-short", [encode_frame(Opcode.PING, bytes(MAX_CONTROL_BYTES + 1))]
    ),
    "fragmented ping": Wrong(
        "rfc-client-control-whole",
        [encode_frame(Opcode.PING, b"a", OPEN), encode_frame(Opcode.CONTINUATION, b"b")],
    ),
    "continuation of nothing": Wrong(
        "rfc-client-fragment-order", [encode_frame(Opcode.CONTINUATION, HARMLESS)]
    ),
    "text inside text": Wrong(
        "rfc-client-fragment-order",
        [encode_frame(Opcode.TEXT, HARMLESS[:5], OPEN), encode_frame(Opcode.TEXT, HARMLESS)],
    ),
    "stray byte": Wrong(
        "rfc-client-utf8",
        [encode_frame(Opcode.TEXT, b'{"type":"text","content":"\xff","read":true}')],
        INVALID_DATA,
    ),
    "bad over fragments": Wrong(
        "rfc-client-utf8",
        [
            encode_frame(Opcode.TEXT, b'{"type":"text","content":"\xe6\x82', OPEN),
            encode_frame(Opcode.CONTINUATION, b'","read":true}'),
        ],
        INVALID_DATA,
    ),
}


@case("rfc-ping-answered", "rfc-pong-payload")
@pytest.mark.parametrize("payload", [b"", b"hello", bytes(range(MAX_CONTROL_BYTES))], ids=len)
def test_ping_is_answered(customer: Chatter, payload: bytes) -> None:
    """A ping is answered by a pong with its payload."""
    customer.channel.ping(payload, customer.patience())
    _await_pong(customer, payload)


@case("rfc-ping-answered")
def test_several_pings_are_answered(customer: Chatter) -> None:
    """Of several pings at least the last is answered."""
    pings = [encode_frame(Opcode.PING, b"%d" % number) for number in range(5)]
    customer.channel.send_frames(pings, customer.patience())
    _await_pong(customer, b"4")


def _await_pong(customer: Chatter, payload: bytes) -> None:
    pongs, patience = customer.participant.pongs, customer.patience()
    while payload not in pongs:
        if not customer.participant.hear(patience):
            slug = "rfc-pong-payload" if pongs else "rfc-ping-answered"
            raise broken(slug, f"a pong with {payload[:20]!r}", f"{[p[:20] for p in pongs]}")


@case("rfc-fragments-joined")
@pytest.mark.parametrize("shape", [Shape.ONE_WRITE, Shape.BYTEWISE], ids=["one-write", "bytewise"])
def test_fragments_are_joined(
    conversation: Conversation, fresh: Callable[..., str], shape: Shape
) -> None:
    """A message in fragments cut inside characters, with pings between, is taken as one."""
    customer, message = conversation.customer, text(fresh("您好👋"))
    body = encode(message)
    ping = encode_frame(Opcode.PING, b"between")
    bytewise = [body[at : at + 1] for at in range(1, len(body))]
    frames = [
        encode_frame(Opcode.TEXT, body[:1], OPEN),
        ping,
        *(encode_frame(Opcode.CONTINUATION, byte, OPEN) for byte in bytewise),
        ping,
        encode_frame(Opcode.CONTINUATION, b""),
    ]
    customer.accepted(customer.participant.say_frames(frames, shape), "rfc-fragments-joined")
    if conversation.staff.receives_content(message) is None:
        raise broken("rfc-fragments-joined", "the message as one", "no such Receive")


@case("rfc-fragments-joined")
@pytest.mark.parametrize("size", [125, 126, 127, 65_535])
def test_every_length_form_is_read(
    conversation: Conversation, fresh: Callable[..., str], size: int
) -> None:
    """Messages at the edges of the three length forms are taken."""
    size = min(size, conversation.bench.profile.limits.max_message_bytes)
    customer, words = conversation.customer, fresh()
    body = encode(text(words + "x" * (size - len(encode(text(words))))))
    customer.accepted(customer.say_bytes(body), "rfc-fragments-joined")


@negative(*dict.fromkeys(wrong.slug for wrong in WRONG.values()), "rfc-close-codes-used")
@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_wrong_frame_ends_the_connection(door: Door, wrong: Wrong) -> None:
    """What breaks the rules of framing ends the connection, however it is cut into writes."""
    account = door.account(Role.CUSTOMER)
    for shape in Shape:
        customer = door.enter(account)
        customer.channel.send_frames(wrong.frames, customer.patience(), shape)
        end = customer.channel.drain(customer.patience())
        if end is None or end.cause not in ENDED_BY_SERVER:
            actual = f"it lives on, until ended by {end}" if end else "it lives on"
            raise broken(wrong.slug, "the end of the connection", f"{actual} ({shape})")
        if end.cause is Cause.CLOSE and end.code != wrong.code:
            _note_code(door.evidence, wrong.code, end.code)


def _note_code(evidence: Evidence, expected: int, actual: int | None) -> None:
    found = clause("rfc-close-codes-used").broken(expected=str(expected), actual=str(actual))
    evidence.report(found)


@collector(*SERVER_RULES)
def test_every_server_frame_is_right() -> None:
    """No frame and no handshake of the server, in any case, breaks RFC 6455."""
