"""One open WebSocket: websocket-client reads the frames, the wire judge hears every byte of them.

Answers pings, joins fragments, answers a Close. Strict on UTF-8. The one edge where exceptions of
websocket-client become values. Knows no chat.
"""

import socket
from contextlib import suppress
from typing import cast

import msgspec
import websocket

from harness.blocking.deadline import Deadline
from harness.blocking.dial import Route
from harness.blocking.opening import new_key, upgrade_request
from harness.blocking.stream import READ_BYTES
from harness.blocking.wire import Cause, Diary, Ended, Shape, Wire
from harness.errors import TargetUnavailable, Unavailability
from harness.target import Credentials
from harness.wire_frames import Opcode, encode_frame
from harness.wire_handshake import SWITCHING_PROTOCOLS, ResponseHead

MAX_MESSAGE_BYTES = 8 * 1024 * 1024
LISTEN_AFTER_CLOSE_S = 0.5

_CREDENTIAL_STATUSES = (401, 403)
_OUR_DOING = (Cause.OURS, Cause.FLOOD, Cause.OVERSIZE)


class Message(msgspec.Struct, frozen=True):
    """One whole data message."""

    data: bytes


class Control(msgspec.Struct, frozen=True):
    """A ping (already answered) or a pong."""

    opcode: int
    payload: bytes


Incoming = Message | Control | Ended


class _TooLarge(Exception):
    """The message that is coming in is over :data:`MAX_MESSAGE_BYTES`."""


class Channel:
    """Frames over ``wire``, whose handshake has succeeded. ``ended`` once nothing more can come."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.ended: Ended | None = None
        # The library checks UTF-8 byte by byte in Python, and takes a text that is cut off.
        self._library = websocket.WebSocket(enable_multithread=False, skip_utf8_validation=True)
        self._library.sock = cast(socket.socket, _Guarded(wire))
        self._library.connected = True

    @classmethod
    def open(
        cls, credentials: Credentials, route: Route, diary: Diary, deadline: Deadline
    ) -> "Channel":
        """A channel for ``credentials``. TargetUnavailable when the target opens none."""
        wire = Wire.to(credentials, route, diary, deadline)
        try:
            answer = wire.shake_hands(upgrade_request(credentials, new_key()), deadline)
        except BaseException:
            wire.stream.close()
            raise
        if isinstance(answer, ResponseHead) and answer.status == SWITCHING_PROTOCOLS:
            return cls(wire)
        wire.stream.close()
        raise unopened(answer, route.shown)

    # Sending. Each answers whether the connection took it.

    def send_text(self, data: bytes, deadline: Deadline) -> bool:
        """Send one text message."""
        return self.send_frames([encode_frame(Opcode.TEXT, data)], deadline)

    def send_frames(
        self, frames: list[bytes], deadline: Deadline, shape: Shape = Shape.ONE_WRITE
    ) -> bool:
        """Send bytes that are frames, or are not."""
        if self.ended is None:
            self.ended = self._closed_before(self.wire.write(frames, deadline, shape), deadline)
        return self.ended is None

    def ping(self, payload: bytes, deadline: Deadline) -> bool:
        """Send a ping."""
        return self.send_frames([encode_frame(Opcode.PING, payload)], deadline)

    # Receiving

    def receive(self, deadline: Deadline) -> Incoming | None:
        """What comes next, None when nothing does in time. After the end, the end again."""
        if self.ended is not None:
            return self.ended
        self.wire.stream.deadline = deadline
        try:
            opcode, frame = self._library.recv_data_frame(control_frame=True)
        except websocket.WebSocketTimeoutException:
            return None
        except (websocket.WebSocketException, _TooLarge, OSError) as error:
            return self._end(_cause_of(error))
        return self._incoming(opcode, bytes(frame.data))

    def _incoming(self, opcode: int, payload: bytes) -> Incoming:
        if opcode == Opcode.CLOSE:
            return self._end(Cause.CLOSE)
        if opcode in (Opcode.PING, Opcode.PONG):
            return Control(opcode, payload)
        if opcode == Opcode.TEXT and not _is_utf8(payload):
            return self._end(Cause.VIOLATION)
        return Message(payload)

    # Ending

    def close(self, deadline: Deadline, code: int = 1000, reason: str = "") -> Ended | None:
        """Close and wait for the answer; None when it did not come in time."""
        payload = code.to_bytes(2) + reason.encode()
        end = None
        if self.send_frames([encode_frame(Opcode.CLOSE, payload)], deadline):
            end = self.drain(deadline)
        self.wire.stream.close()
        return end or self.ended

    def drain(self, deadline: Deadline) -> Ended | None:
        """Read to the end of the connection; None when it did not come in time."""
        while (incoming := self.receive(deadline)) is not None:
            if isinstance(incoming, Ended):
                return incoming
        return None

    def give_up(self, cause: Cause = Cause.OURS) -> None:
        """Leave without a word."""
        self._end(cause)

    def reset(self) -> None:
        """Leave with a TCP reset."""
        self.wire.stream.reset()
        self._end(Cause.OURS)

    def _end(self, cause: Cause) -> Ended:
        """The end, with the code and reason of the server's Close if there was one."""
        if self.ended is None:
            close = self.wire.judge.close
            if close is None or cause in _OUR_DOING:
                self.ended = self.wire.ended(cause)
            else:
                self._listen_to_the_end()
                reason = close.payload[2:].decode("utf-8", "replace")
                self.ended = self.wire.ended(Cause.CLOSE, close.close_code, reason)
            self.wire.stream.close()
        return self.ended

    def _listen_to_the_end(self) -> None:
        """Hear what still follows the server's Close, for the wire judge alone."""
        stream = self.wire.stream
        stream.deadline = Deadline.after(LISTEN_AFTER_CLOSE_S)
        with suppress(OSError):
            while stream.recv(READ_BYTES):
                pass

    def _closed_before(self, end: Ended | None, deadline: Deadline) -> Ended | None:
        """A write that failed may have met a peer that said why: read what it left."""
        if end is None or end.cause is Cause.STUCK:
            return end
        return self.drain(deadline.sooner(1.0)) or end


class _Guarded:
    """The stream as the socket of websocket-client, which has no notion of too large a message.

    What the library sends by itself (pongs, the answer to a Close) is not sent after our own Close
    (RFC 6455 §5.5.1), and must not hide what the server said last by failing.
    """

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self.gettimeout = wire.stream.gettimeout
        self.fileno = wire.stream.fileno
        self.close = wire.stream.close

    def recv(self, size: int) -> bytes:
        data = self._wire.stream.recv(size)
        if self._wire.judge.message_bytes > MAX_MESSAGE_BYTES:
            raise _TooLarge
        return data

    def send(self, data: bytes) -> int:
        if not self._wire.said_close:
            with suppress(OSError):
                self._wire.stream.send_all(data)
        return len(data)


def _is_utf8(payload: bytes) -> bool:
    try:
        payload.decode()
    except UnicodeDecodeError:
        return False
    return True


def _cause_of(error: Exception) -> Cause:
    match error:
        case _TooLarge():
            return Cause.OVERSIZE
        case websocket.WebSocketConnectionClosedException():
            return Cause.EOF
        case OSError():
            return Cause.RESET
        case _:
            return Cause.VIOLATION


def unopened(answer: ResponseHead | Ended | None, shown: str) -> TargetUnavailable:
    """Why an opening handshake that got ``answer`` gives nothing to judge."""
    if answer is None:
        return TargetUnavailable(shown, Unavailability.SILENT, "no answer to the upgrade")
    if isinstance(answer, Ended):
        violated = answer.cause is Cause.VIOLATION
        cause = Unavailability.NOT_WEBSOCKET if violated else Unavailability.CLOSED
        return TargetUnavailable(shown, cause, str(answer))
    if answer.status in _CREDENTIAL_STATUSES:
        return TargetUnavailable(shown, Unavailability.CREDENTIALS, f"HTTP {answer.status}")
    return TargetUnavailable(shown, Unavailability.HTTP_STATUS, _refusal(answer))


def _refusal(answer: ResponseHead) -> str:
    """The status, and to which host a redirect leads: its path may hold a token, and so may ours,
    which is why it is not followed."""
    status = f"HTTP {answer.status}"
    location = next(iter(answer.all("location")), "")
    if not location:
        return status
    host = location.partition("://")[2].partition("/")[0].partition("?")[0].rpartition("@")[2]
    return f"{status}, a redirect to {host or 'another path'}"
