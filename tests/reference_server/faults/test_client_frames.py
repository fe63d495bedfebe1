"""Cutting a client's bytes into frames."""

from hypothesis import given
from hypothesis import strategies as st

from reference_server.faults.client_frames import MAX_BYTES, ClientFrame, Frames, length_bytes

FRAMES = st.builds(
    ClientFrame,
    opcode=st.integers(0, 15),
    payload=st.one_of(st.binary(max_size=300), st.just(bytes(70_000))),
    fin=st.booleans(),
    rsv=st.integers(0, 7),
    masked=st.booleans(),
)


@given(st.lists(FRAMES, max_size=4), st.integers(1, 50_000))
def test_frames_are_cut_the_same_however_they_arrive(frames, step):
    raw = b"".join(frame.encode() for frame in frames)
    cutter, found = Frames(), []
    for at in range(0, len(raw), step):
        found += cutter.feed(raw[at : at + step])
    assert found == frames
    assert cutter.rest() == b""


@given(st.binary(max_size=64), st.binary(min_size=4, max_size=4))
def test_a_mask_is_taken_off(payload, mask):
    masked = bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload))
    raw = b"\x81" + length_bytes(len(payload), masked=True) + mask + masked
    assert [frame.payload for frame in Frames().feed(raw)] == [payload]


def test_from_a_frame_that_is_too_large_on_bytes_are_handed_over():
    cutter = Frames()
    raw = b"\x81" + length_bytes(MAX_BYTES + 1) + b"abc"
    assert list(cutter.feed(raw)) == []
    assert cutter.rest() == raw
    assert list(cutter.feed(b"def")) == []
    assert cutter.rest() == b"def"
