"""A line of writes that may leave late and never out of order: each fault of time gives a due time.

Pipelined: what waits does not keep the server from deciding and writing more.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from functools import partial

from reference_server.faults.fault import Bend, Deed
from reference_server.faults.journaling import NUMBER
from reference_server.faults.relay import Relay
from reference_server.faults.server_bytes import frames_in, pieces_of
from reference_server.faults.sockets import bend_transport
from reference_server.parts import Parts
from schemas.fault_journal import Did

Due = Callable[[bytes, int], int]
"""When these bytes, given now, are to leave, both in monotonic ns; now or earlier: at once."""


class Line(Relay):
    """A transport whose writes leave when ``due`` says, in order."""

    def __init__(self, behind: asyncio.Transport, due: Due, deed: Deed, did: Did) -> None:
        super().__init__(behind)
        self._due = due
        self._deed = deed
        self._did = did
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[tuple[int, int, Callable[[], None], bytes]] = deque()
        self._last_ns = 0
        self._timer: asyncio.TimerHandle | None = None
        self._closing = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Each frame now, or when it is due and all before it has left."""
        for piece in pieces_of(bytes(data)):
            now_ns = time.monotonic_ns()
            self._then(now_ns, self._due(piece, now_ns), partial(self.behind.write, piece), piece)

    def write_eof(self) -> None:
        """After the last write."""
        self._then(time.monotonic_ns(), 0, self.behind.write_eof, b"")

    def close(self) -> None:
        """After the last write."""
        self._closing = True
        self._then(time.monotonic_ns(), 0, self.behind.close, b"")

    def abort(self) -> None:
        """What waits is lost."""
        self._waiting.clear()
        self.behind.abort()

    def is_closing(self) -> bool:
        """Whether the end has been asked for."""
        return self._closing or self.behind.is_closing()

    def _then(self, now_ns: int, due_ns: int, act: Callable[[], None], data: bytes) -> None:
        self._last_ns = max(self._last_ns, due_ns)
        if not self._waiting and self._last_ns <= now_ns:
            act()
            return
        self._waiting.append((self._last_ns, now_ns, act, data))
        if self._timer is None:
            self._arm()

    def _arm(self) -> None:
        wait_s = (self._waiting[0][0] - time.monotonic_ns()) / 1e9
        self._timer = self._loop.call_later(max(0.0, wait_s), self._release)

    def _release(self) -> None:
        """uvloop's timers may be early by a millisecond: what is not due waits on."""
        self._timer = None
        while self._waiting and self._waiting[0][0] <= time.monotonic_ns():
            _, since_ns, act, data = self._waiting.popleft()
            act()
            self._note(data, (time.monotonic_ns() - since_ns) // 1_000)
        if self._waiting:
            self._arm()

    def _note(self, data: bytes, amount_us: int) -> None:
        number = self.get_extra_info(NUMBER, 0)
        about = next((frame.saying for frame in frames_in(data)), None)
        if data:
            self._deed.note_delay(self._did, about, number, amount_us)


def bend_lines(make: Callable[[Deed], Due], did: Did) -> Bend:
    """Every connection writes through a :class:`Line`; ``make`` is called once for a server."""

    def bend(parts: Parts, deed: Deed) -> Parts:
        due = make(deed)
        return bend_transport(lambda behind: Line(behind, due, deed, did))(parts, deed)

    return bend
