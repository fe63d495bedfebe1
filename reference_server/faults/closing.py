"""Faults of the end of a connection, as the server takes it (RFC 6455 §5.5.1, §7)."""

from collections.abc import Iterable
from typing import Any, Final

from websockets.exceptions import ProtocolError
from websockets.frames import Close, Frame, Opcode
from websockets.server import ServerProtocol

from reference_server.faults.client_frames import CLOSE, ClientFrame, Frames
from reference_server.faults.fault import Fault
from reference_server.faults.sockets import bend_heard, bend_protocol, bend_sent
from reference_server.protocol import ChatProtocol

_NORMAL: Final = (1000).to_bytes(2)


def _right_closes(frame: ClientFrame) -> Iterable[ClientFrame]:
    """A Close whose payload is wrong is passed over."""
    try:
        if frame.opcode == CLOSE:
            Close.parse(frame.payload).check()
    except (ProtocolError, UnicodeDecodeError):
        return
    yield frame


def _normal(connection: ServerProtocol, frame: Frame) -> Iterable[Frame | bytes]:
    """The answer to a Close says 1000, whatever the Close said."""
    answers = frame.opcode is Opcode.CLOSE and connection.close_rcvd is not None
    yield Frame(Opcode.CLOSE, _NORMAL) if answers and frame.data else frame


class Lingering(ChatProtocol):
    """Answers a Close and then waits for the peer to go."""

    def handle_close(self, event: Frame) -> None:  # noqa: ARG002 - the shape of the hook
        """Answer, and leave the socket open."""
        self.transport.write(b"".join(self.conn.data_to_send()))


class ClosingLast(ChatProtocol):
    """Takes everything that came with a Close before the Close itself."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._frames = Frames()

    def data_received(self, data: bytes) -> None:
        """Put Close frames behind the others."""
        if not self.handshake_initiated:
            super().data_received(data)
            return
        frames = sorted(self._frames.feed(data), key=lambda frame: frame.opcode == CLOSE)
        rest = self._frames.rest()
        super().data_received(b"".join(frame.encode() for frame in frames) + rest)


class Unaware(ChatProtocol):
    """Does not notice that a connection has been reset."""

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell the application of orderly ends alone."""
        super().connection_lost(exc)
        if isinstance(exc, ConnectionError) and not self.queue.empty():
            self.queue.get_nowait()


class Completing(ChatProtocol):
    """Takes what has come of a message for all of it when the connection ends."""

    def connection_lost(self, exc: Exception | None) -> None:
        """Hear what was left."""
        if self.frames and self._listener is not None:
            self._listener.on_text(str(b"".join(self.frames), "utf-8", "replace"))
        super().connection_lost(exc)


FAULTS: Final = (
    Fault(
        "wrong-close-ignored",
        "A Close whose payload is wrong is passed over.",
        ("rfc-client-close-payload",),
        bend_heard(lambda: _right_closes),
    ),
    Fault(
        "close-answered-1000",
        "Every Close is answered with 1000.",
        ("rfc-close-echo",),
        bend_sent(_normal),
    ),
    Fault(
        "socket-left-open",
        "After both sides have said Close the socket stays open.",
        ("rfc-close-ends-tcp",),
        bend_protocol(Lingering),
    ),
    Fault(
        "data-after-close-taken",
        "What came with a Close, but after it, is taken.",
        ("rfc-after-close-discarded",),
        bend_protocol(ClosingLast),
    ),
    Fault(
        "reset-unnoticed",
        "Whose connection was reset is taken for present, and keeps what it was bound to.",
        ("confirm-binds",),
        bend_protocol(Unaware),
    ),
    Fault(
        "unfinished-message-taken",
        "What has come of a fragmented message when its connection ends is taken for all of it.",
        ("rfc-fragments-joined",),
        bend_protocol(Completing),
    ),
)
