"""A connected socket whose every wait ends at a deadline and whose every byte is heard.

Looks enough like a socket for websocket-client to read frames through it. Knows no protocol.
"""

import socket
import ssl
from collections.abc import Callable
from contextlib import suppress

from harness.blocking.deadline import Deadline

READ_BYTES = 64 * 1024
STUBBORN_S = 1.0

Ear = Callable[[bytes], None]


class Stream:
    """``heard`` and ``said`` are called with all bytes that come and go, as they do.

    ``deadline`` bounds every wait until it is set anew. A peer that never stops sending could
    outlast it, so reading stops :data:`STUBBORN_S` later whatever still comes.
    """

    def __init__(self, sock: socket.socket, heard: Ear, said: Ear) -> None:
        self._sock = sock
        self._heard = heard
        self._said = said
        self._buffer = memoryview(b"")
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
        left = self.deadline.left_s
        if left < -STUBBORN_S:
            raise TimeoutError
        self._sock.settimeout(max(left, 0))
        try:
            data = self._sock.recv(READ_BYTES)
        except (BlockingIOError, ssl.SSLWantReadError):
            raise TimeoutError from None
        self._heard(data)
        return data

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
