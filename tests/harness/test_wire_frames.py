"""The scanner follows any cut of any stream, and frames survive the round trip."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.wire_frames import (
    Done,
    FrameScanner,
    Framing,
    Head,
    Opcode,
    Piece,
    encode_frame,
    masked,
    opcode_name,
)

masks = st.none() | st.binary(min_size=4, max_size=4)
framings = st.builds(Framing, fin=st.booleans(), rsv=st.integers(0, 7), mask=masks)
frames = st.tuples(st.integers(0, 15), st.binary(max_size=300), framings)


def scan(chunks):
    """Each frame as (head, payload), however it was cut."""
    scanner, seen, payload = FrameScanner(), [], b""
    for chunk in chunks:
        for part in scanner.feed(chunk):
            match part:
                case Head():
                    head, payload = part, b""
                case Piece():
                    payload += part.data
                case Done():
                    seen.append((head, payload))
    return seen


@given(st.lists(frames, max_size=5), st.integers(1, 40))
def test_frames_come_back_however_the_stream_is_cut(sent, step):
    wire = b"".join(encode_frame(*frame) for frame in sent)
    seen = scan(wire[at : at + step] for at in range(0, len(wire), step))
    assert [(head.opcode, payload) for head, payload in seen] == [f[:2] for f in sent]
    assert [(h.fin, h.rsv, h.mask) for h, _ in seen] == [(f.fin, f.rsv, f.mask) for _, _, f in sent]


@pytest.mark.parametrize(
    ("size", "width"), [(0, 0), (125, 0), (126, 2), (65535, 2), (65536, 8)], ids=str
)
def test_lengths_take_the_fewest_bytes(size, width):
    ((head, payload),) = scan([encode_frame(Opcode.TEXT, bytes(size))])
    assert (head.length, head.length_bytes, head.has_minimal_length) == (size, width, True)
    assert len(payload) == size


@pytest.mark.parametrize(("size", "width"), [(2, 2), (2, 8), (126, 8)])
def test_wide_lengths_are_seen_as_not_minimal(size, width):
    ((head, _),) = scan([encode_frame(Opcode.TEXT, bytes(size), Framing(length_bytes=width))])
    assert not head.has_minimal_length


def test_an_announced_terabyte_costs_nothing_and_does_not_end_the_scan():
    scanner = FrameScanner()
    wire = encode_frame(Opcode.TEXT, b"x" * 10, Framing(mask=None, announced=1 << 40))
    head, piece = scanner.feed(wire)
    assert (head.length, piece.data, scanner.lost) == (1 << 40, b"x" * 10, False)


def test_a_length_with_its_top_bit_set_loses_the_stream():
    scanner = FrameScanner()
    wire = encode_frame(Opcode.TEXT, b"x", Framing(mask=None, announced=1 << 63))
    assert len(list(scanner.feed(wire))) == 1
    assert scanner.lost
    assert list(scanner.feed(b"anything")) == []


@given(st.binary(max_size=50), st.binary(min_size=4, max_size=4), st.integers(0, 49))
def test_masking_twice_from_any_offset_gives_the_data_back(data, mask, at):
    once = masked(data[:at], mask) + masked(data[at:], mask, min(at, len(data)))
    assert once == masked(data, mask)
    assert masked(once, mask) == data


def test_unassigned_opcodes_have_a_name():
    assert [opcode_name(0x8), opcode_name(0xB)] == ["close", "reserved-0xb"]
