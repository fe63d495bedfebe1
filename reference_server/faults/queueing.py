"""A server that takes only so many messages a second, one after another: its capacity is known.

What comes faster waits, all connections in one line, and nothing is lost.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from reference_server.faults.client_frames import TEXT, ClientFrame, Frames
from reference_server.faults.doses import a_number
from reference_server.faults.fault import Deed, Fault
from reference_server.faults.journaling import NUMBER
from reference_server.faults.server_bytes import members_of, saying_in
from reference_server.faults.sockets import bend_protocol
from reference_server.parts import Parts
from reference_server.protocol import ChatProtocol
from schemas.fault_journal import Did
from schemas.fault_listing import FoundBy

_NS: Final = 1_000_000_000


class Counter:
    """Serves one after another, each for ``service_ns``; idle time is not saved up."""

    def __init__(self, service_ns: int) -> None:
        self._service_ns = service_ns
        self._free_ns = 0

    def due_ns(self, now_ns: int) -> int:
        """When what comes now has been served."""
        self._free_ns = max(self._free_ns, now_ns) + self._service_ns
        return self._free_ns


class Waiting:
    """What one connection has said and nobody has taken yet, in order. ``take`` gets each frame
    in its turn, and ``note`` how many nanoseconds a text has waited for it.
    """

    def __init__(
        self,
        counter: Counter,
        take: Callable[[ClientFrame], None],
        note: Callable[[ClientFrame, int], None],
    ) -> None:
        self._counter, self._take, self._note = counter, take, note
        self._loop = asyncio.get_running_loop()
        self._line: deque[tuple[int, int, ClientFrame]] = deque()
        self._last_ns = 0
        self._timer: asyncio.TimerHandle | None = None

    def add(self, frame: ClientFrame) -> None:
        """A text waits for its turn; other frames wait behind the texts before them."""
        now_ns = time.monotonic_ns()
        if frame.opcode == TEXT:
            self._last_ns = self._counter.due_ns(now_ns)
        self._line.append((self._last_ns, now_ns, frame))
        if self._timer is None:
            self._serve()

    def end(self) -> None:
        """What waits is never taken."""
        self._line.clear()
        if self._timer is not None:
            self._timer.cancel()

    def _serve(self) -> None:
        """uvloop's timers may be early by a millisecond: who is not due waits on."""
        self._timer = None
        while self._line and self._line[0][0] <= time.monotonic_ns():
            _, since_ns, frame = self._line.popleft()
            if frame.opcode == TEXT:
                self._note(frame, time.monotonic_ns() - since_ns)
            self._take(frame)
        if self._line:
            wait_s = (self._line[0][0] - time.monotonic_ns()) / _NS
            self._timer = self._loop.call_later(max(0.0, wait_s), self._serve)


def queueing(parts: Parts, deed: Deed, serving: Callable[[int], Counter] = Counter) -> Parts:
    """All connections wait in one line. ``serving`` makes what serves it, by the nanoseconds that
    each text takes.
    """
    counter = serving(_NS // int(deed.value))

    class Queueing(ChatProtocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            super().connection_made(transport)
            self._cut, take = Frames(), super().data_received
            self._in_line = Waiting(counter, lambda frame: take(frame.encode()), self._note_wait)

        def data_received(self, data: bytes) -> None:
            if not self.handshake_initiated:
                super().data_received(data)
                return
            for frame in self._cut.feed(data):
                self._in_line.add(frame)
            if rest := self._cut.rest():
                super().data_received(rest)

        def connection_lost(self, exc: Exception | None) -> None:
            self._in_line.end()
            super().connection_lost(exc)

        def _note_wait(self, frame: ClientFrame, waited_ns: int) -> None:
            number = self.transport.get_extra_info(NUMBER, 0)
            about = saying_in(members_of(frame.payload))
            deed.note_delay(Did.DELAYED, about, number, waited_ns // 1_000)

    return bend_protocol(Queueing)(parts, deed)


FAULTS: Final = (
    Fault(
        "queue",
        "Only so many messages a second are taken, one after another; the others wait in line.",
        (),
        queueing,
        takes=a_number("200"),
        found_by=FoundBy.LOAD,
        moves=("ack", "deliver"),
    ),
)
