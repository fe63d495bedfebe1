"""Frames of the server that are wrong at certain sizes and payloads alone."""

import pytest
from websockets.frames import Frame, Opcode

from reference_server.faults import assemble
from reference_server.parts import Parts


def left(fault, frame):
    """The bytes that leave for ``frame``."""
    connection = assemble([fault], Parts()).protocol.__dict__["connection_type"]()
    connection.send_frame(frame)
    return b"".join(connection.data_to_send())


@pytest.mark.parametrize(
    ("size", "form"), [(32_767, 126), (32_768, 127), (65_535, 127), (65_536, 127)]
)
def test_lengths_with_the_sign_bit_of_two_bytes_take_eight(size, form):
    raw = left("length-signed", Frame(Opcode.TEXT, b"x" * size))
    assert raw[1] == form
    assert raw.endswith(b"x" * size)
    assert len(raw) == size + (4 if form == 126 else 10)


@pytest.mark.parametrize(
    ("payload", "shown"),
    [(b"", b""), (b"hello", b"hello"), (b"a\xffb", b"a\xef\xbf\xbdb")],
)
def test_a_pong_is_spoiled_where_its_payload_is_no_text(payload, shown):
    assert left("pong-as-text", Frame(Opcode.PONG, payload))[2:] == shown


def test_a_pong_that_grows_is_still_a_control_frame():
    raw = left("pong-as-text", Frame(Opcode.PONG, b"\xff" * 125))
    assert raw[1] == len(raw) - 2 <= 125
