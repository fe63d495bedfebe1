"""What one connection is still to be sent, in order; bounded, so that a slow reader costs itself.

Knows text and close codes; knows nothing of the hall, of storage or of ASGI.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final

import msgspec

MAX_FRAMES: Final = 16_384
MAX_BYTES: Final = 32 * 1024 * 1024
EASE_FRAMES: Final = 256


class Close(msgspec.Struct, frozen=True):
    """Close the connection with this code once everything before it is sent."""

    code: int


Item = bytes | Close


class Outbox:
    """A queue with one writer. ``expect`` counts an item in as soon as it is decided on, ``put``
    hands it over when it may leave; ``on_overflow`` is called once, when too much is pending.
    """

    def __init__(self, on_overflow: Callable[[], None]) -> None:
        self._on_overflow = on_overflow
        self._items: deque[Item] = deque()
        self._wake = asyncio.Event()
        self._eased = asyncio.Event()
        self._frames = 0
        self._bytes = 0
        self.ended = False

    def expect(self, item: Item) -> None:
        """``item`` will be put here soon."""
        self._frames += 1
        self._bytes += _size(item)
        if self._frames > EASE_FRAMES:
            self._eased.clear()
        if (self._frames > MAX_FRAMES or self._bytes > MAX_BYTES) and not self.ended:
            self.end()
            self._on_overflow()

    def put(self, item: Item) -> None:
        """``item`` may leave now; dropped quietly when the connection has ended."""
        if not self.ended:
            self._items.append(item)
            self._wake.set()

    def end(self) -> None:
        """Nothing leaves any more."""
        self.ended = True
        self._items.clear()
        self._wake.set()
        self._eased.set()

    async def eased(self) -> None:
        """Wait until few enough items are pending to take more input from this connection."""
        if self._frames > EASE_FRAMES and not self.ended:
            await self._eased.wait()

    async def deliver(self, send: Callable[[Item], Awaitable[None]]) -> None:
        """The writer: pass on every item as it comes, until a :class:`Close` or the end."""
        while not self.ended:
            await self._wake.wait()
            self._wake.clear()
            while self._items:
                item = self._items.popleft()
                await send(item)
                self._sent(item)
                if isinstance(item, Close):
                    self.end()

    def _sent(self, item: Item) -> None:
        self._frames -= 1
        self._bytes -= _size(item)
        if self._frames <= EASE_FRAMES:
            self._eased.set()


def _size(item: Item) -> int:
    return len(item) if isinstance(item, bytes) else 0
