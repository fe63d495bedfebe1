"""What one connection is still to be sent, in order; bounded, so that a slow reader costs itself.

Knows bytes and close codes; knows nothing of the hall, of storage or of ASGI.
"""

from collections import deque
from collections.abc import Sequence
from typing import Final, Protocol

import msgspec

MAX_BYTES: Final = 32 * 1024 * 1024
EASE_FRAMES: Final = 256
AT_ONCE: Final = 64
"""Frames in one write: enough to save system calls, too few to overfill the socket's buffer."""
POLICY_VIOLATION: Final = 1008


class Close(msgspec.Struct, frozen=True):
    """Close the connection with this code once everything before it is sent."""

    code: int


Item = bytes | Close


class Wire(Protocol):
    """The connection underneath, as an outbox sees it."""

    @property
    def takes_more(self) -> bool:
        """Whether what is written now goes out without piling up."""

    def write(self, texts: Sequence[bytes]) -> None:
        """Send text messages; quietly nothing when the connection has ended."""

    def close(self, code: int) -> None:
        """Close behind what was written."""

    def close_now(self, code: int) -> None:
        """Close, whether the peer takes what was written or not."""

    def hold_reading(self) -> None:
        """Take no more input for now."""

    def go_on_reading(self) -> None:
        """Take input again."""


class Outbox:
    """The way to one connection. ``expect`` counts an item in as soon as it is decided on, ``put``
    hands it over when it may leave. A connection with more than ``max_frames`` (0: any number) or
    32 MiB pending is closed with 1008; what it ``missed`` while it was away is not held against it.
    """

    def __init__(self, wire: Wire, max_frames: int = 0) -> None:
        self._wire = wire
        self._max_frames = max_frames
        self._ease_frames = min(EASE_FRAMES, max_frames or EASE_FRAMES)
        self._items: deque[Item] = deque()
        self._bytes = 0
        self._missed_frames = 0
        self._missed_bytes = 0
        self._holds_reading = False
        self.pending = 0
        self.ended = False

    def expect(self, item: Item, *, missed: bool = False) -> None:
        """``item`` will be put here soon."""
        size = _size(item)
        self.pending += 1
        self._bytes += size
        if missed:
            self._missed_frames += 1
            self._missed_bytes += size
        if self.pending > self._ease_frames or self._bytes > MAX_BYTES:
            self._strain()

    def put(self, item: Item) -> None:
        """``item`` may leave now; dropped quietly when the connection has ended."""
        self.add(item)
        self.flush()

    def add(self, item: Item) -> None:
        """The same, and :meth:`flush` will follow: several items then leave in one write."""
        if not self.ended:
            self._items.append(item)

    def flush(self) -> None:
        """Pass on what may leave, as far as the connection takes it."""
        while self._items and self._wire.takes_more:
            self._write_some()
        if self._holds_reading or self._missed_frames:
            self._relax()

    def _write_some(self) -> None:
        texts: list[bytes] = []
        while self._items and len(texts) < AT_ONCE:
            item = self._items.popleft()
            self.pending -= 1
            if isinstance(item, Close):
                self._wire.write(texts)
                self.end()
                self._wire.close(item.code)
                return
            self._bytes -= len(item)
            texts.append(item)
        self._wire.write(texts)

    def end(self) -> None:
        """Nothing leaves any more."""
        self.ended = True
        self._items.clear()

    def _strain(self) -> None:
        """Much is pending: take no more from this peer for now, and give up on a hopeless one."""
        if self.ended:
            return
        frames = self.pending - self._missed_frames
        if (self._max_frames and frames > self._max_frames) or (
            self._bytes - self._missed_bytes > MAX_BYTES
        ):
            self.end()
            self._wire.close_now(POLICY_VIOLATION)
        elif not self._holds_reading:
            self._holds_reading = True
            self._wire.hold_reading()

    def _relax(self) -> None:
        # Sent in order, so what was missed is counted out no later than what came after it.
        self._missed_frames = min(self._missed_frames, self.pending)
        self._missed_bytes = min(self._missed_bytes, self._bytes)
        if self._holds_reading and self.pending <= self._ease_frames:
            self._holds_reading = False
            self._wire.go_on_reading()


def _size(item: Item) -> int:
    return len(item) if isinstance(item, bytes) else 0
