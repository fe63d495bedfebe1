"""The way to one connection: order, its end, its bounds."""

from collections.abc import Sequence

from reference_server.outbox import AT_ONCE, EASE_FRAMES, MAX_BYTES, Close, Outbox


class Wire:
    """Takes what it is told to take, and remembers."""

    def __init__(self) -> None:
        self.takes_more = True
        self.reads = True
        self.said: list[bytes | int] = []
        self.writes = 0

    def write(self, texts: Sequence[bytes]) -> None:
        self.writes += 1
        self.said += texts

    def close(self, code: int) -> None:
        self.said.append(code)

    def close_now(self, code: int) -> None:
        self.said.append(-code)

    def hold_reading(self) -> None:
        assert self.reads
        self.reads = False

    def go_on_reading(self) -> None:
        assert not self.reads
        self.reads = True


def pair(max_frames: int = 0) -> tuple[Wire, Outbox]:
    wire = Wire()
    return wire, Outbox(wire, max_frames)


def test_items_leave_in_order_until_the_close():
    wire, outbox = pair()
    for item in (b"a", b"b", Close(1008), b"never"):
        outbox.expect(item)
        outbox.put(item)
    assert wire.said == [b"a", b"b", 1008]
    assert outbox.ended


def test_what_the_wire_does_not_take_waits_its_turn():
    wire, outbox = pair()
    wire.takes_more = False
    for item in (b"a", Close(1001)):
        outbox.expect(item)
        outbox.put(item)
    assert (wire.said, outbox.pending) == ([], 2)
    wire.takes_more = True
    outbox.flush()
    assert (wire.said, outbox.pending) == ([b"a", 1001], 0)


def test_what_is_released_together_is_written_together_within_reason():
    wire, outbox = pair()
    for number in range(AT_ONCE + 1):
        outbox.add(str(number).encode())
    assert wire.said == []
    outbox.flush()
    assert wire.said == [str(number).encode() for number in range(AT_ONCE + 1)]
    assert wire.writes == 2


def test_a_wire_that_takes_no_more_is_asked_again_after_every_write():
    wire, outbox = pair()
    wire.write = lambda texts: setattr(wire, "takes_more", False) or wire.said.extend(texts)
    for _ in range(3 * AT_ONCE):
        outbox.add(b"x")
    outbox.flush()
    assert len(wire.said) == AT_ONCE


def test_after_the_end_nothing_is_kept():
    wire, outbox = pair()
    wire.takes_more = False
    outbox.put(b"a")
    outbox.end()
    outbox.put(b"b")
    wire.takes_more = True
    outbox.flush()
    assert wire.said == []


def test_too_many_frames_close_once():
    wire, outbox = pair(max_frames=10)
    for _ in range(10):
        outbox.expect(b"x")
    assert wire.said == []
    for _ in range(3):
        outbox.expect(b"x")
    assert wire.said == [-1008]


def test_no_number_of_frames_is_too_many_when_there_is_no_limit():
    wire, outbox = pair()
    for _ in range(50_000):
        outbox.expect(b"x")
    assert wire.said == []


def test_too_many_bytes_always_close():
    wire, outbox = pair()
    outbox.expect(bytes(MAX_BYTES + 1))
    assert wire.said == [-1008]


def test_what_was_missed_is_not_held_against_a_connection_but_all_else_is():
    wire, outbox = pair(max_frames=10)
    for _ in range(1000):
        outbox.expect(b"x", missed=True)
    for _ in range(10):
        outbox.expect(b"x")
    assert wire.said == []
    outbox.expect(b"x")
    assert wire.said == [-1008]


def test_what_was_missed_is_counted_out_as_it_leaves():
    wire, outbox = pair(max_frames=10)
    for _ in range(20):
        outbox.expect(b"x", missed=True)
        outbox.put(b"x")
    wire.takes_more = False
    for _ in range(11):
        outbox.expect(b"x")
        outbox.put(b"x")
    assert wire.said[-1] == -1008


def test_input_waits_while_much_is_pending():
    wire, outbox = pair()
    for _ in range(EASE_FRAMES):
        outbox.expect(b"x")
    assert wire.reads
    outbox.expect(b"x")
    outbox.expect(b"x")
    assert not wire.reads
    outbox.put(b"x")
    assert not wire.reads
    outbox.put(b"x")
    assert wire.reads
