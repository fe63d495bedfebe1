"""Cuts a client's bytes into frames without judging them, and writes them again (RFC 6455 §5.2).

Knows bytes. What a lenient server makes of wrong frames is for others to say.
"""

from collections.abc import Iterator

import msgspec

MAX_BYTES = 1 << 20
_ZERO_MASK = bytes(4)
CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA


class ClientFrame(msgspec.Struct, frozen=True):
    """One frame as it came, its payload unmasked. ``wide``: its length took more bytes than need
    be, which is forgotten when it is written again.
    """

    opcode: int
    payload: bytes
    fin: bool = True
    rsv: int = 0
    masked: bool = True
    wide: bool = False

    @property
    def is_control(self) -> bool:
        """Whether the opcode is one of the control frames'."""
        return self.opcode >= CLOSE

    def encode(self) -> bytes:
        """The frame's bytes, under a mask of zeros if it is masked."""
        head = bytes([self.fin << 7 | self.rsv << 4 | self.opcode])
        body = _ZERO_MASK + self.payload if self.masked else self.payload
        return head + length_bytes(len(self.payload), masked=self.masked) + body


def length_bytes(length: int, *, masked: bool = False) -> bytes:
    """The shortest form of a payload length, with the mask bit."""
    bit = masked << 7
    if length < 126:
        return bytes([bit | length])
    if length < 1 << 16:
        return bytes([bit | 126]) + length.to_bytes(2)
    return bytes([bit | 127]) + length.to_bytes(8)


class Frames:
    """Takes bytes as they come. A frame over :data:`MAX_BYTES` ends the cutting: from its first
    byte on all is handed over in ``rest``.
    """

    def __init__(self) -> None:
        self._buffer = b""
        self._lost = False

    def feed(self, data: bytes) -> Iterator[ClientFrame]:
        """The frames that ``data`` completes."""
        self._buffer += data
        while not self._lost and (found := self._next()) is not None:
            frame, size = found
            self._buffer = self._buffer[size:]
            yield frame

    def rest(self) -> bytes:
        """What can no longer be cut into frames; forgotten here."""
        if not self._lost:
            return b""
        rest, self._buffer = self._buffer, b""
        return rest

    def _next(self) -> tuple[ClientFrame, int] | None:
        raw = self._buffer
        if len(raw) < 2:
            return None
        masked = bool(raw[1] & 0x80)
        wide = {126: 2, 127: 8}.get(raw[1] & 0x7F, 0)
        begin = 2 + wide + (4 if masked else 0)
        if len(raw) < begin:
            return None
        length = int.from_bytes(raw[2 : 2 + wide]) if wide else raw[1] & 0x7F
        self._lost = length > MAX_BYTES
        if self._lost or len(raw) < begin + length:
            return None
        payload = raw[begin : begin + length]
        if masked:
            payload = _unmask(payload, raw[begin - 4 : begin])
        first = raw[0]
        frame = ClientFrame(
            first & 0x0F,
            payload,
            bool(first & 0x80),
            first >> 4 & 0x07,
            masked,
            wide=1 + wide > len(length_bytes(length)),
        )
        return frame, begin + length


def _unmask(payload: bytes, mask: bytes) -> bytes:
    """``payload`` XOR ``mask``, repeated (RFC 6455 §5.3)."""
    stream = mask * (len(payload) // 4 + 1)
    size = len(payload)
    number = int.from_bytes(payload) ^ int.from_bytes(stream[:size])
    return number.to_bytes(size)
