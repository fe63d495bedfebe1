"""A connected socket whose every wait ends at a deadline and whose every byte is heard.

Looks enough like a socket for websocket-client to read frames through it. Knows no protocol.
"""

import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress

from harness.blocking.deadline import Deadline
from harness.blocking.overtime import Overtime
from harness.blocking.pulse import Sign

READ_BYTES = 64 * 1024

Ear = Callable[[bytes], None]
Ask = Callable[[Deadline], Sign | None]


def nobody_to_ask(_: Deadline) -> Sign | None:
    """Whether the peer lives cannot be told."""
    return None


class Stream:
    """``heard`` and ``said`` are called with all bytes that come and go, as they do.

    ``deadline`` bounds every wait until it is set anew, but for what :mod:`.overtime` adds;
    ``ask`` asks the peer for a sign of life until a moment.
    """

    def __init__(
        self, sock: socket.socket, heard: Ear, said: Ear, ask: Ask = nobody_to_ask
    ) -> None:
        self._sock = sock
        self._heard = heard
        self._said = said
        self._ask = ask
        self._buffer = memoryview(b"")
        self._overtime: Overtime | None = None
        self.deadline = Deadline.after(0)

    def recv(self, size: int) -> bytes:
        """Up to ``size`` bytes, b"" at the end. TimeoutError when none come in time."""
        if not self._buffer:
            self._buffer = memoryview(self._read())
        taken = bytes(self._buffer[:size])
        self._buffer = self._buffer[size:]
        return taken

    def send(self, data: bytes) -> int:
        """Send some of ``data``; how many bytes went. TimeoutError when none do in time."""
        self._sock.settimeout(max(self.deadline.left_s, 0.001))
        sent = self._sock.send(data)
        self._said(data[:sent])
        return sent

    def send_all(self, data: bytes) -> None:
        """Send ``data`` whole."""
        at = 0
        while at < len(data):
            at += self.send(data[at:])

    def _read(self) -> bytes:
        left_s, overtime = self.deadline.left_s, None
        if left_s <= 0:
            overtime, left_s = self._late(), 0
            if not overtime.reads(time.monotonic_ns()):
                raise TimeoutError
        while (data := self._take(left_s)) is None:
            overtime = overtime or self._late()
            left_s = overtime.waits_ns(time.monotonic_ns()) / 1e9
            if not left_s:
                raise TimeoutError
        if overtime is not None:
            overtime.heard(time.monotonic_ns())
        self._heard(data)
        return data

    def _take(self, wait_s: float) -> bytes | None:
        """What comes within ``wait_s``, None when nothing does."""
        self._sock.settimeout(wait_s)
        try:
            return self._sock.recv(READ_BYTES)
        except (TimeoutError, BlockingIOError, ssl.SSLWantReadError):
            return None

    def _late(self) -> Overtime:
        """The overtime of the deadline that has passed."""
        late = self._overtime
        if late is None or late.deadline != self.deadline:
            deadline = self.deadline
            late = Overtime(
                deadline, time.monotonic_ns(), lambda: self._ask(Deadline(deadline.latest_ns))
            )
            self._overtime = late
        return late

    def half_close(self) -> None:
        """Say that nothing more will be sent (TCP FIN), and go on listening. Not for TLS."""
        with suppress(OSError):
            self._sock.shutdown(socket.SHUT_WR)

    def reset(self) -> None:
        """Drop the connection without a word (TCP RST)."""
        with suppress(OSError):
            self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.close()

    def close(self) -> None:
        """Close the socket. Harmless when repeated."""
        with suppress(OSError):
            self._sock.close()

    @property
    def is_open(self) -> bool:
        """Whether we have not closed it."""
        return self._sock.fileno() >= 0

    # What websocket-client asks of a socket besides.

    def gettimeout(self) -> float:
        """Anything but 0, so that websocket-client leaves the waiting to :meth:`recv`."""
        return 1.0

    def fileno(self) -> int:
        """The socket's descriptor."""
        return self._sock.fileno()
