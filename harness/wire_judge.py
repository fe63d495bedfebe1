"""Hears every byte a server sends and finds what breaks RFC 6455. Does no I/O and reads no clock.

WebSocket libraries are lenient in places and silent in others; this judge is neither. It knows
framing and the opening handshake, and no chat. Memory is bounded by :data:`EXCERPT_BYTES` a frame,
whatever lengths are announced.
"""

import codecs
from collections.abc import Iterator

import msgspec

from harness.wire_frames import (
    LENGTH_TOP_BIT,
    MAX_CONTROL_BYTES,
    Done,
    FrameScanner,
    Head,
    Opcode,
    Piece,
    opcode_name,
)
from harness.wire_handshake import HeadReader, Offer, ResponseHead, judge_head, parse_head
from schemas.clauses import clause
from schemas.findings import Finding

EXCERPT_BYTES = 8 * 1024

# Codes that a server may send in a Close (RFC 6455 §7.4 and the IANA registry as of 2026-11): 1004
# is reserved, 1005, 1006 and 1015 never travel, 1010 is the client's, 1016-2999 are unassigned.
SERVER_CLOSE_CODES = frozenset({1000, 1001, 1002, 1003, 1007, 1008, 1009, 1011, 1012, 1013, 1014})
APPLICATION_CLOSE_CODES = range(3000, 5000)

_DATA = (Opcode.CONTINUATION, Opcode.TEXT, Opcode.BINARY)
_KNOWN = frozenset(Opcode)


class WireFrame(msgspec.Struct, frozen=True):
    """One complete frame. ``payload`` is unmasked and cut to :data:`EXCERPT_BYTES`."""

    opcode: int
    fin: bool
    rsv: int
    masked: bool
    size: int
    payload: bytes

    @property
    def name(self) -> str:
        """The opcode's name."""
        return opcode_name(self.opcode)

    @property
    def close_code(self) -> int | None:
        """The code of a Close frame, None without one and for other frames."""
        coded = self.opcode == Opcode.CLOSE and len(self.payload) >= 2
        return int.from_bytes(self.payload[:2]) if coded else None


class Heard(msgspec.Struct, frozen=True):
    """What one call of :meth:`WireJudge.feed` brought."""

    frames: tuple[WireFrame, ...] = ()
    findings: tuple[Finding, ...] = ()


class WireJudge:
    """Listens to one connection's server. With an ``offer`` the stream begins with a response head.

    ``response`` is that head once it has come; after anything but a 101 no frames follow and none
    are judged. ``message_bytes`` is the size, announced lengths included, of the data message that
    is being sent, for whoever wants to stop reading in time. ``close`` is the first Close frame.
    """

    def __init__(self, offer: Offer | None = None) -> None:
        self._offer = offer
        self._heads = HeadReader()
        self._scanner = FrameScanner()
        self._frame = _Frame(Head(True, 0, 0, None, 0, 0))
        self._message = _Message()
        self._over = False
        self.response: ResponseHead | None = None
        self.message_bytes = 0
        self.close: WireFrame | None = None

    @property
    def lost(self) -> bool:
        """Whether the stream can no longer be followed: what comes is not judged."""
        return self._over or self._scanner.lost

    @property
    def at_rest(self) -> bool:
        """Whether no frame and no message is half done, and the stream goes on."""
        over = self.lost or self.close is not None
        return not over and self._scanner.at_rest and not self._message.open

    def feed(self, data: bytes) -> Heard:
        """The frames that ``data`` completes and the clauses that it breaks."""
        frames: list[WireFrame] = []
        findings: list[Finding] = []
        while self._offer is not None and data and not self._over:
            data = self._take_head(self._offer, data, findings)
        for part in () if self._over else self._scanner.feed(data):
            match part:
                case Head():
                    findings += self._begin(part)
                case Piece():
                    findings += self._take(part.data)
                case Done():
                    findings += self._finish()
                    frames.append(self._frame.value())
        return Heard(tuple(frames), tuple(findings))

    def _take_head(self, offer: Offer, data: bytes, findings: list[Finding]) -> bytes:
        raw = self._heads.feed(data)
        if raw is None:
            return b""
        findings += judge_head(raw, offer)
        self.response = parse_head(raw)
        if self.response is None or self.response.status != 101:
            self._over = self.response is None or not self.response.is_interim
        else:
            self._offer = None
        return self._heads.rest

    def _begin(self, head: Head) -> Iterator[Finding]:
        self._frame = _Frame(head)
        yield from _judge_header(head)
        if head.opcode in _DATA:
            yield from self._begin_data(head)

    def _begin_data(self, head: Head) -> Iterator[Finding]:
        continues = head.opcode == Opcode.CONTINUATION
        if self.close is not None:
            yield _broken("rfc-no-data-after-close", "nothing after Close", head)
        if continues and not self._message.open:
            yield _broken("rfc-fragment-order", "a message to continue", head)
        elif not continues and self._message.open:
            yield _broken("rfc-fragment-order", "the rest of the fragmented message", head)
        if head.opcode == Opcode.BINARY:
            yield _broken("out-text-message", "a text message", head)
        if not continues:
            self._message = _Message(head.opcode == Opcode.TEXT)
            self.message_bytes = 0
        self.message_bytes += head.length

    def _take(self, data: bytes) -> Iterator[Finding]:
        self._frame.take(data)
        if self._frame.head.opcode in _DATA:
            yield from self._message.take(data, final=False)

    def _finish(self) -> Iterator[Finding]:
        head = self._frame.head
        if head.opcode in _DATA:
            if head.fin:
                yield from self._message.take(b"", final=True)
            self._message.open = not head.fin and (
                self._message.open or head.opcode != Opcode.CONTINUATION
            )
        elif head.opcode == Opcode.CLOSE:
            self.close = self.close or self._frame.value()
            yield from _judge_close(self._frame)


class _Frame:
    """The frame that is coming in, with the beginning of its payload."""

    def __init__(self, head: Head) -> None:
        self.head = head
        self.payload = b""

    def take(self, data: bytes) -> None:
        self.payload += data[: EXCERPT_BYTES - len(self.payload)]

    def value(self) -> WireFrame:
        head = self.head
        masked = head.mask is not None
        return WireFrame(head.opcode, head.fin, head.rsv, masked, head.length, self.payload)


class _Message:
    """The data message that is coming in; text is decoded as it comes and not kept."""

    def __init__(self, is_text: bool = False) -> None:
        self.open = False
        self._decoder = codecs.getincrementaldecoder("utf-8")() if is_text else None
        self._excerpt = b""

    def take(self, data: bytes, *, final: bool) -> Iterator[Finding]:
        if self._decoder is None:
            return
        self._excerpt += data[: EXCERPT_BYTES - len(self._excerpt)]
        try:
            self._decoder.decode(data, final)
        except UnicodeDecodeError as error:
            self._decoder = None
            yield clause("rfc-text-utf8").broken(
                expected="UTF-8", actual=error.reason, frame=self._excerpt
            )


def _judge_header(head: Head) -> Iterator[Finding]:
    """What a frame's header alone breaks (RFC 6455 §5.1, §5.2, §5.5)."""
    if head.mask is not None:
        yield _broken("rfc-server-frames-unmasked", "no mask", head)
    if head.rsv:
        yield _broken("rfc-reserved-bits-clear", "RSV 000", head, f"RSV {head.rsv:03b}")
    if head.opcode not in _KNOWN:
        yield _broken("rfc-known-opcodes", "an assigned opcode", head)
    if head.length >= LENGTH_TOP_BIT:
        yield _broken("rfc-length-top-bit", "a length below 2^63", head, f"{head.length:#x}")
    elif not head.has_minimal_length:
        actual = f"{head.length_bytes} length bytes for {head.length}"
        yield _broken("rfc-minimal-length", "the fewest length bytes", head, actual)
    if head.is_control and head.length > MAX_CONTROL_BYTES:
        expected = f"at most {MAX_CONTROL_BYTES} bytes"
        yield _broken("rfc-control-frame-short", expected, head, f"{head.length} bytes")
    if head.is_control and not head.fin:
        yield _broken("rfc-control-frame-whole", "FIN 1", head, "FIN 0")


def _judge_close(frame: _Frame) -> Iterator[Finding]:
    """What a Close frame's payload breaks (RFC 6455 §5.5.1, §7.4)."""
    if frame.head.length == 1:
        yield _broken("rfc-close-payload", "no payload, or two bytes of code", frame.head, "1 byte")
    if frame.head.length < 2:
        return
    code, reason = int.from_bytes(frame.payload[:2]), frame.payload[2:]
    if code not in SERVER_CLOSE_CODES and code not in APPLICATION_CLOSE_CODES:
        yield _broken("rfc-close-code", "a code that a server may send", frame.head, str(code))
    try:
        reason.decode()
    except UnicodeDecodeError as error:
        if frame.head.length <= MAX_CONTROL_BYTES:
            yield clause("rfc-close-reason-utf8").broken(
                expected="UTF-8", actual=error.reason, frame=reason
            )


def _broken(slug: str, expected: str, head: Head, actual: str = "") -> Finding:
    shown = f"a {opcode_name(head.opcode)} frame of {head.length} bytes"
    return clause(slug).broken(
        expected=expected, actual=f"{actual} in {shown}" if actual else shown
    )
