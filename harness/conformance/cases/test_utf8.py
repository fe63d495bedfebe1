"""UTF-8 in text messages, right and wrong (RFC 3629; RFC 6455 §5.6, §8.1)."""

from collections.abc import Callable, Iterator

import pytest

from harness.blocking.wire import Shape
from harness.conformance.conversation import Conversation
from harness.conformance.door import Door
from harness.conformance.spec import case, negative
from harness.conformance.utf8_samples import INVALID, MORE_INVALID, VALID
from harness.conformance.violation import INVALID_DATA, Wrong, must_end
from harness.wire_frames import Framing, Opcode, encode_frame
from schemas.messages import text

# A pure receipt, so that a server that takes it stores nothing; D17 has it ignore what is wrong.
BEFORE = b'{"type":"text","content":"","read":true,"titletype":"'
BEHIND = b'"}'


@case("rfc-utf8-taken", "content-text")
@pytest.mark.parametrize("sample", VALID.values(), ids=VALID)
def test_valid_text_arrives(
    conversation: Conversation, fresh: Callable[..., str], sample: tuple[bytes, ...]
) -> None:
    """Characters at the edges of UTF-8, noncharacters among them, are taken and arrive."""
    customer = conversation.customer
    for data in sample:
        message = text(fresh(f"<{data.decode()}>"))
        customer.accepted(customer.say(message), "content-text", missing="rfc-utf8-taken")
        conversation.staff.receives_one(customer, message)


@negative("rfc-client-utf8")
@pytest.mark.parametrize("sample", INVALID.values(), ids=INVALID)
def test_invalid_text_ends_the_connection(door: Door, sample: tuple[bytes, ...]) -> None:
    """Bytes that are no UTF-8 end the connection, in one frame or cut between any two of them."""
    must_end(door, *_forms(sample))


@negative("rfc-client-utf8", slow=True)
@pytest.mark.parametrize("sample", MORE_INVALID.values(), ids=MORE_INVALID)
def test_more_invalid_text_ends_the_connection(door: Door, sample: tuple[bytes, ...]) -> None:
    """The other bytes of each class that are no UTF-8 end the connection as well."""
    must_end(door, *_forms(sample))


@negative("rfc-client-utf8")
@pytest.mark.parametrize("end", ["您".encode()[:2], "👋".encode()[:1]], ids=["two", "one"])
def test_message_cut_inside_a_character_ends_the_connection(door: Door, end: bytes) -> None:
    """A message that ends in the middle of a character ends the connection."""
    frame = encode_frame(Opcode.TEXT, BEFORE + end)
    must_end(door, Wrong("rfc-client-utf8", (frame,), (INVALID_DATA,)))


def _forms(sample: tuple[bytes, ...]) -> Iterator[Wrong]:
    """Each of a sample in one frame, and in fragments of which each holds one byte of it."""
    for data in sample:
        whole = encode_frame(Opcode.TEXT, BEFORE + data + BEHIND)
        yield Wrong("rfc-client-utf8", (whole,), (INVALID_DATA,), Shape.ONE_WRITE)
        pieces = [
            encode_frame(Opcode.TEXT, BEFORE, Framing(fin=False)),
            *(encode_frame(Opcode.CONTINUATION, bytes([b]), Framing(fin=False)) for b in data),
            encode_frame(Opcode.CONTINUATION, BEHIND),
        ]
        yield Wrong("rfc-client-utf8", tuple(pieces), (INVALID_DATA,), Shape.PIECEWISE)
