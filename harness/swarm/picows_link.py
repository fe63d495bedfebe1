"""One link over picows: joins fragments, judges framing, and lets no exception get lost.

picows hands over fragments one by one, does not look at RSV1 or at orphan continuations, and
tells other violations only as the reason of the Close it sends: all of that becomes findings here.
Whether a message is UTF-8 is judged with its JSON. Knows no chat.
"""

import asyncio
from collections import deque
from contextlib import suppress

from picows import WSCloseCode, WSFrame, WSListener, WSMsgType, WSProtocolError, WSTransport
from picows.picows import WSCloseHandshake

from harness.errors import OwnFault, one_line
from harness.swarm.link import Clock, Closing, Sink
from harness.swarm.pulse import Pulse
from schemas.clauses import clause
from schemas.findings import Finding

CLOSE_PATIENCE_S = 1.0
_TURN_NS = 20_000_000
_LAST_NS = 500_000_000

_TEXT = WSMsgType.TEXT
_RETRIEVALS: set[asyncio.Task[None]] = set()  # asyncio itself keeps tasks only weakly

# What picows writes into the Close it sends, and the clause that it stands for.
_PARSER_WORDS = (
    ("invalid opcode", "rfc-known-opcodes", "a known opcode"),
    ("fragmented control", "rfc-control-frame-whole", "control frames in one piece"),
    ("masked frame", "rfc-server-frames-unmasked", "unmasked frames"),
    ("control frame with payload size", "rfc-control-frame-short", "at most 125 bytes"),
    ("16-bit payload len", "rfc-minimal-length", "the shortest length field"),
    ("64-bit payload length", "rfc-minimal-length", "the shortest length field"),
    ("invalid close code size", "rfc-close-payload", "nothing or a code of two bytes"),
    ("invalid close code", "rfc-close-code", "a code that a server may send"),
    ("invalid UTF-8 reason", "rfc-close-reason-utf8", "a reason in UTF-8"),
    ("CLOSE for the second time", "rfc-no-data-after-close", "one Close"),
)


class PicowsLink(WSListener):
    """One connection. Every callback is caught: an exception reaches the sink, never picows."""

    __slots__ = (
        "_abandoned",
        "_broken",
        "_clock",
        "_closing",
        "_heard",
        "_held",
        "_max_message_bytes",
        "_parts",
        "_parts_bytes",
        "_pulse",
        "_put_off",
        "_said_close",
        "_sink",
        "_transport",
    )

    def __init__(self, sink: Sink, clock: Clock, pulse: Pulse, max_message_bytes: int) -> None:
        self._sink = sink
        self._clock, self._pulse = clock, pulse
        self._max_message_bytes = max_message_bytes
        self._transport: WSTransport | None = None
        self._parts: list[bytes] | None = None
        self._parts_bytes = 0
        self._put_off: deque[tuple[bytes, int]] | None = None
        self._abandoned = False
        self._closing = False
        self._said_close = False
        self._broken = False
        self._held = False
        self._heard: tuple[int | None, str] | None = None

    # What the swarm calls.

    def send(self, data: bytes) -> None:
        """Send one text message."""
        if self._transport is not None and not self._closing:
            self._transport.send(_TEXT, data)

    def hold(self, *, on: bool) -> None:
        """Leave what comes in the socket, so that the server feels it; or read on."""
        if self._transport is None or self._closing or on is self._held:
            return
        self._held, socket = on, self._transport.underlying_transport
        if on:
            socket.pause_reading()
        else:
            socket.resume_reading()

    def close(self) -> None:
        """Close with 1000; after :data:`CLOSE_PATIENCE_S` without an answer the socket goes."""
        if self._transport is None or self._closing:
            return
        self.hold(on=False)  # else its answer would not be read
        self._closing = True
        self._say_close(self._transport)
        asyncio.get_running_loop().call_later(CLOSE_PATIENCE_S, self._transport.disconnect, False)

    def abort(self) -> None:
        """Drop the connection."""
        self._closing = True
        if self._transport is not None:
            self._transport.disconnect(False)

    # What the dialer calls.

    def admit(self) -> "PicowsLink":
        """The listener factory: picows calls it when the upgrade has succeeded."""
        if self._abandoned:
            raise ConnectionAbortedError("nobody waits for this connection any more")
        return self

    def abandon(self) -> None:
        """The dialer gave up: should the upgrade still succeed, end it at once."""
        self._abandoned = True
        self.abort()

    # What picows calls.

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport = transport
        if self._abandoned:
            transport.disconnect(False)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        at_ns = self._clock()
        try:
            if frame.msg_type is _TEXT and frame.fin and self._parts is None:
                if frame.rsv1 or frame.rsv2 or frame.rsv3:
                    self._report_reserved_bits(frame)
                if self._put_off is None and at_ns <= self._pulse.stuck_ns:
                    self._sink.on_message(frame.get_payload_as_bytes(), at_ns)
                else:
                    self._hear(frame.get_payload_as_bytes(), at_ns)
            else:
                self._take_other(transport, frame, at_ns)
        except Exception as error:
            self._fail(error)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        try:
            self._hear_put_off(self._clock() + _LAST_NS)
            self._explain_parser_stop(transport)
            code, reason = self._heard or (None, "")
            by_server = not self._closing
            self._sink.on_closed(Closing(by_server, code, reason, self._broken), self._clock())
        except Exception as error:
            self._fail(error)

    def pause_writing(self) -> None:
        self._tell_writable(False)

    def resume_writing(self) -> None:
        self._tell_writable(True)

    # Inside.

    def _hear(self, data: bytes, at_ns: int) -> None:
        """Tell a message, or put it off where the loop must turn first."""
        if self._put_off is not None:
            self._put_off.append((data, at_ns))
        elif at_ns <= self._pulse.stuck_ns or self._transport is None:
            self._sink.on_message(data, at_ns)
        else:
            self._put_off = deque([(data, at_ns)])
            self._transport.underlying_transport.pause_reading()
            asyncio.get_running_loop().call_soon(self._catch_up)

    def _catch_up(self) -> None:
        """A turn's worth of what was put off; when it is done, read on."""
        try:
            self._hear_put_off(self._clock() + _TURN_NS)
        except Exception as error:
            self._fail(error)
            return
        if self._put_off:
            asyncio.get_running_loop().call_soon(self._catch_up)
            return
        self._put_off = None
        if self._transport is not None and not self._held:
            socket = self._transport.underlying_transport
            if not socket.is_closing():
                socket.resume_reading()

    def _hear_put_off(self, until_ns: int) -> None:
        while self._put_off and self._clock() < until_ns:
            self._sink.on_message(*self._put_off.popleft())

    def _take_other(self, transport: WSTransport, frame: WSFrame, at_ns: int) -> None:
        if frame.rsv1 or frame.rsv2 or frame.rsv3:
            self._report_reserved_bits(frame)
        match frame.msg_type:
            case WSMsgType.CLOSE:
                self._take_close(transport, frame)
            case WSMsgType.TEXT | WSMsgType.CONTINUATION:
                self._take_fragment(frame, at_ns)
            case WSMsgType.BINARY:
                payload = frame.get_payload_as_bytes()
                self._report("out-text-message", "a text message", "a binary message", payload)
            case _:
                pass  # an unasked pong is allowed (RFC 6455 §5.5.3)

    def _take_fragment(self, frame: WSFrame, at_ns: int) -> None:
        begins = frame.msg_type is _TEXT
        if begins == (self._parts is not None):
            actual = "a new message inside another" if begins else "a continuation of nothing"
            self._report("rfc-fragment-order", "fragments in order", actual)
            self._parts = None
            if not begins:
                return
        if self._parts is None:
            self._parts, self._parts_bytes = [], 0
        self._parts.append(frame.get_payload_as_bytes())
        self._parts_bytes += frame.payload_size
        if self._parts_bytes > self._max_message_bytes:
            self._give_up_on_size()
            self.abort()
        elif frame.fin:
            data, self._parts = b"".join(self._parts), None
            self._hear(data, at_ns)

    def _give_up_on_size(self) -> None:
        self._parts = None
        self._broken = True
        self._heard = None, f"a message of over {self._max_message_bytes} bytes"

    def _take_close(self, transport: WSTransport, frame: WSFrame) -> None:
        payload = frame.get_payload_as_bytes()
        code = int.from_bytes(payload[:2]) if payload else None
        self._heard = code, one_line(payload[2:].decode("utf-8", "replace"))
        if not self._said_close:
            self._say_close(transport)
        transport.disconnect()

    def _say_close(self, transport: WSTransport) -> None:
        self._said_close = True
        transport.send_close(WSCloseCode.OK)

    def _explain_parser_stop(self, transport: WSTransport) -> None:
        """picows closed by itself: its Close carries the parser's complaint."""
        handshake: WSCloseHandshake | None = transport.close_handshake
        sent = handshake.sent if handshake is not None else None
        if self._said_close or sent is None:
            return
        self._broken = True
        _RETRIEVALS.add(task := asyncio.get_running_loop().create_task(_retrieve(transport)))
        task.add_done_callback(_RETRIEVALS.discard)
        if "exceeding max allowed size" in sent.reason:
            self._give_up_on_size()
            return
        for words, slug, expected in _PARSER_WORDS:
            if words in sent.reason:
                self._report(slug, expected, one_line(sent.reason))
                return
        self._sink.on_fault(OwnFault(f"the transport gave up: {one_line(sent.reason)}"))

    def _report_reserved_bits(self, frame: WSFrame) -> None:
        bits = f"RSV {frame.rsv1}{frame.rsv2}{frame.rsv3}"
        self._report("rfc-reserved-bits-clear", "RSV 000", bits, frame.get_payload_as_bytes())

    def _report(self, slug: str, expected: str, actual: str, frame: bytes = b"") -> None:
        finding: Finding = clause(slug).broken(expected=expected, actual=actual, frame=frame)
        self._sink.on_broken(finding)

    def _tell_writable(self, writable: bool) -> None:
        try:
            self._sink.on_writable(writable)
        except Exception as error:
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        self.abort()
        self._sink.on_fault(error)


async def _retrieve(transport: WSTransport) -> None:
    """Take the exception that picows leaves in a future, which asyncio would complain about."""
    with suppress(WSProtocolError, Exception):
        await transport.wait_disconnected()
