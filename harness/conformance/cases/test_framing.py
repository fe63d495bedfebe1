"""Frames, right and wrong (RFC 6455 §5).

A wrong frame must end the connection, whether in one write, frame by frame or byte by byte. A Close
frame before the end is optional; its code is a clause of its own.
"""

import time
from collections.abc import Callable, Iterable

import pytest

from harness.blocking.deadline import Deadline
from harness.blocking.participant import Sent
from harness.blocking.wire import Shape
from harness.conformance.chatter import Chatter
from harness.conformance.conditions import ACKS, ERROR_FRAMES
from harness.conformance.conversation import Conversation
from harness.conformance.door import Door
from harness.conformance.spec import Manner, case, collector, negative
from harness.conformance.spelling import fragments
from harness.conformance.stops import NotApplicable, broken
from harness.conformance.violation import Wrong, must_end
from harness.conformance.wrong_frames import OPEN, WRONG
from harness.target import Profile
from harness.wire_frames import MAX_CONTROL_BYTES, Framing, Opcode, encode_frame
from schemas.clauses import register
from schemas.messages import InMsg, encode, text

MANY = 20
MANY_PINGS = 30  # servers that guard themselves end a connection at some more (60 unsent pongs)
LONGEST = bytes(range(256))[-MAX_CONTROL_BYTES:]
MASKS = {
    "zeros": bytes(4),
    "ones": b"\xff" * 4,
    "zero first": b"\x00\x9d\x31\xc4",
    "zero last": b"\x9d\x31\xc4\x00",
}
BETWEEN = encode_frame(Opcode.PING, b"between")
EMPTY = encode_frame(Opcode.CONTINUATION, b"", OPEN)

SERVER_RULES = tuple(
    slug
    for slug, entry in register().items()
    if entry.source.startswith("RFC") and not slug.startswith("rfc-client-")
)


# Pings and pongs.


@case("rfc-ping-answered", "rfc-pong-payload")
@pytest.mark.parametrize("payload", [b"", b"hello", LONGEST], ids=len)
def test_ping_is_answered(customer: Chatter, payload: bytes) -> None:
    """A ping is answered by a pong with its payload."""
    customer.channel.ping(payload, customer.patience())
    _await_pong(customer, payload)


@case("rfc-ping-answered")
@pytest.mark.parametrize("count", [5, MANY_PINGS])
def test_several_pings_are_answered(customer: Chatter, count: int) -> None:
    """Of several pings at least the last is answered."""
    pings = [encode_frame(Opcode.PING, b"%d" % number) for number in range(count)]
    customer.channel.send_frames(pings, customer.patience())
    _await_pong(customer, b"%d" % (count - 1))


@case("rfc-ping-answered", "rfc-fragments-joined")
def test_message_goes_on_after_a_ping(
    conversation: Conversation, fresh: Callable[..., str]
) -> None:
    """A message stops for a ping, and goes on once the pong is there, or is long in coming."""
    customer, message = conversation.customer, text(fresh("in two halves"))
    first, *rest = fragments(encode(message), [20])
    customer.participant.say_frames([first, BETWEEN], answered=False)
    while customer.participant.hear(Deadline.after(conversation.bench.short_s)):
        if customer.participant.pongs:
            break
    _must_take(conversation, message, rest, "rfc-fragments-joined")
    _await_pong(customer, b"between")


@case("rfc-unsolicited-pong")
@pytest.mark.parametrize("payload", [b"", bytes(MAX_CONTROL_BYTES)], ids=len)
def test_unsolicited_pong_changes_nothing(
    conversation: Conversation, fresh: Callable[..., str], payload: bytes
) -> None:
    """A pong that nobody asked for, before a message or inside one, is passed over."""
    pong = encode_frame(Opcode.PONG, payload)
    message, fragmented = text(fresh("after")), text(fresh("around"))
    whole = encode_frame(Opcode.TEXT, encode(message))
    _must_take(conversation, message, [pong, whole], "rfc-unsolicited-pong")
    first, second = fragments(encode(fragmented), [20])
    _must_take(conversation, fragmented, [first, pong, second], "rfc-unsolicited-pong")


def _await_pong(customer: Chatter, payload: bytes) -> None:
    pongs, patience = customer.participant.pongs, customer.patience()
    while payload not in pongs:
        if not customer.participant.hear(patience):
            slug = "rfc-pong-payload" if pongs else "rfc-ping-answered"
            raise broken(slug, f"a pong with {payload[:20]!r}", f"{[p[:20] for p in pongs]}")


# Fragments.


def _halved(body: bytes) -> Iterable[bytes]:
    return fragments(body, [len(body) // 2])


def _inside_characters(body: bytes) -> Iterable[bytes]:
    """Cut within every sequence of UTF-8, and nowhere else."""
    return fragments(body, [at for at, byte in enumerate(body) if byte & 0xC0 == 0x80])


def _bytes_and_pings(body: bytes) -> Iterable[bytes]:
    first, *others = fragments(body, range(1, len(body)))
    yield from (first, BETWEEN, *others[:-1], BETWEEN, others[-1])


def _with_empty_ones(body: bytes) -> Iterable[bytes]:
    yield encode_frame(Opcode.TEXT, b"", OPEN)
    yield EMPTY
    yield encode_frame(Opcode.CONTINUATION, body, OPEN)
    yield EMPTY
    yield encode_frame(Opcode.CONTINUATION)


CUTS: dict[str, Callable[[bytes], Iterable[bytes]]] = {
    "two halves": _halved,
    "inside characters": _inside_characters,
    "single bytes and pings": _bytes_and_pings,
    "empty ones": _with_empty_ones,
}


@case("rfc-fragments-joined")
@pytest.mark.parametrize("cut", CUTS.values(), ids=CUTS)
def test_fragments_are_joined(
    conversation: Conversation,
    fresh: Callable[..., str],
    cut: Callable[[bytes], Iterable[bytes]],
) -> None:
    """A message in fragments is taken as one, wherever it is cut and however it is written."""
    for shape in Shape:
        message = text(fresh("您好👋 — über"))
        _must_take(conversation, message, cut(encode(message)), "rfc-fragments-joined", shape)


# Lengths and masks.


@case("rfc-client-frames-taken", "limit-below-accepted")
@pytest.mark.parametrize("size", [125, 126, 127, 32_768, 65_535, 65_536])
def test_every_length_form_is_read(
    conversation: Conversation, fresh: Callable[..., str], size: int
) -> None:
    """Messages at the edges of the three length forms are taken."""
    if size > conversation.bench.profile.limits.max_message_bytes:
        raise NotApplicable(f"limits.max_message_bytes is below {size}")
    words = fresh()
    message = text(words + "x" * (size - len(encode(text(words)))))
    whole = encode_frame(Opcode.TEXT, encode(message))
    _must_take(conversation, message, [whole], "rfc-client-frames-taken")


@negative("refuse-json-syntax", when=(ERROR_FRAMES, ACKS))
def test_empty_message_is_refused(customer: Chatter) -> None:
    """A text message of no bytes is no JSON, and refused like any other that is none."""
    customer.refused(customer.say_bytes(b""), "refuse-json-syntax")


@case("rfc-client-frames-taken")
@pytest.mark.parametrize("mask", MASKS.values(), ids=MASKS)
def test_any_mask_is_taken_off(
    conversation: Conversation, fresh: Callable[..., str], mask: bytes
) -> None:
    """A mask that happens to have zeros or ones alone, here or there, is one like any other."""
    message = text(fresh("您好"))
    whole = encode_frame(Opcode.TEXT, encode(message), Framing(mask=mask))
    _must_take(conversation, message, [whole], "rfc-client-frames-taken")


def _bears_many(profile: Profile) -> str | None:
    most = profile.limits.max_messages_per_s
    return f"limits.max_messages_per_s is {most}" if 0 < most < MANY else None


@case("rfc-client-frames-taken", when=(_bears_many,))
def test_messages_in_one_write_are_all_taken(
    conversation: Conversation, fresh: Callable[..., str]
) -> None:
    """Twenty messages that arrive at once, with pings between, are each taken."""
    customer = conversation.customer
    said = [_prepared(customer, text(fresh("at once"))) for _ in range(MANY)]
    frames = [frame for _, whole in said for frame in (whole, BETWEEN)]
    customer.channel.send_frames(frames, customer.patience())
    for sent, _ in said:
        customer.accepted(sent, "rfc-client-frames-taken", "rfc-client-frames-taken")


def _prepared(customer: Chatter, message: InMsg) -> tuple[Sent, bytes]:
    """A message that is about to be sent, and its frame."""
    participant = customer.participant
    sent = Sent(message, len(participant.events))
    data = participant.session.send(message, time.monotonic_ns(), sent)
    return sent, encode_frame(Opcode.TEXT, data)


@case("rfc-client-length-form", manner=Manner.HOSTILE)
@pytest.mark.parametrize(
    ("size", "length_bytes"), [(100, 2), (100, 8), (200, 8)], ids=["100-16", "100-64", "200-64"]
)
def test_length_in_more_bytes_than_needed(
    conversation: Conversation, fresh: Callable[..., str], size: int, length_bytes: int
) -> None:
    """A length in a wider form than it needs is the sender's fault; what becomes of it is noted."""
    words = fresh()
    message = text(words + "x" * (size - len(encode(text(words)))))
    wide = encode_frame(Opcode.TEXT, encode(message), Framing(length_bytes=length_bytes))
    _must_take(conversation, message, [wide], "rfc-client-length-form")


def _must_take(
    conversation: Conversation,
    message: InMsg,
    frames: Iterable[bytes],
    slug: str,
    shape: Shape = Shape.ONE_WRITE,
) -> None:
    """``frames``, which are ``message``, are acknowledged and arrive; otherwise ``slug`` breaks."""
    customer = conversation.customer
    customer.accepted(customer.participant.say_frames(list(frames), shape), slug, slug)
    customer.said.append(message)
    if conversation.staff.receives_content(message) is None:
        raise broken(slug, "the message, whole", "no such Receive")


# Wrong frames.


@negative(*dict.fromkeys(wrong.slug for wrong in WRONG.values()))
@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_wrong_frame_ends_the_connection(door: Door, wrong: Wrong) -> None:
    """What breaks the rules of framing ends the connection, however it is cut into writes."""
    must_end(door, wrong)


@collector(*SERVER_RULES)
def test_every_server_frame_is_right() -> None:
    """No frame and no handshake of the server, in any case, breaks RFC 6455."""
