"""RFC 6455 framing: bytes in, frames as values out; and frames, right or wrong, as bytes.

Follows any stream whose lengths make sense, however many rules it breaks, and judges nothing. Holds
only the header it is in the middle of, so that an announced length of terabytes costs nothing.
"""

from collections.abc import Generator, Iterator
from enum import IntEnum

import msgspec

LENGTH_TOP_BIT = 1 << 63
MAX_CONTROL_BYTES = 125


class Opcode(IntEnum):
    """The assigned opcodes (RFC 6455 §11.8)."""

    CONTINUATION = 0x0
    TEXT = 0x1
    BINARY = 0x2
    CLOSE = 0x8
    PING = 0x9
    PONG = 0xA


def opcode_name(opcode: int) -> str:
    """``text``, ``close`` …, or ``reserved-0xb`` for an opcode nobody has assigned."""
    try:
        return Opcode(opcode).name.lower()
    except ValueError:
        return f"reserved-{opcode:#x}"


class Head(msgspec.Struct, frozen=True):
    """The header of one frame. ``length_bytes`` is the width of its extended length: 0, 2 or 8."""

    fin: bool
    rsv: int
    opcode: int
    mask: bytes | None
    length: int
    length_bytes: int

    @property
    def is_control(self) -> bool:
        """Whether the opcode is in the control range, assigned or not (RFC 6455 §5.5)."""
        return self.opcode >= 0x8

    @property
    def has_minimal_length(self) -> bool:
        """Whether the length took the fewest bytes that can hold it (RFC 6455 §5.2)."""
        return self.length_bytes == len(_extended_length(self.length))


class Piece(msgspec.Struct, frozen=True):
    """Some unmasked bytes of the payload of the frame whose head came last."""

    data: bytes


class Done(msgspec.Struct, frozen=True):
    """The frame whose head came last is complete."""


class FrameScanner:
    """Cuts a byte stream into frames. ``lost`` once a length says that no frame can follow."""

    def __init__(self) -> None:
        self._header = bytearray()
        self._head: Head | None = None
        self._taken = 0
        self.lost = False

    @property
    def at_rest(self) -> bool:
        """Whether no frame is half done."""
        return self._head is None and not self._header

    def feed(self, data: bytes) -> Iterator[Head | Piece | Done]:
        """The heads, payload pieces and ends in ``data``, in order."""
        at = 0
        while at < len(data) and not self.lost:
            if self._head is None:
                at = yield from self._take_header(data, at)
            else:
                at = yield from self._take_payload(self._head, data, at)

    def _take_header(self, data: bytes, at: int) -> Generator[Head | Done, None, int]:
        end = at + _header_bytes(self._header) - len(self._header)
        self._header += data[at:end]
        if len(self._header) < _header_bytes(self._header):
            return min(end, len(data))
        head = self._head = _parse_header(bytes(self._header))
        self._header.clear()
        self._taken = 0
        self.lost = head.length >= LENGTH_TOP_BIT
        yield head
        if head.length == 0:
            self._head = None
            yield Done()
        return end

    def _take_payload(self, head: Head, data: bytes, at: int) -> Generator[Piece | Done, None, int]:
        end = min(len(data), at + head.length - self._taken)
        piece = data[at:end]
        yield Piece(piece if head.mask is None else masked(piece, head.mask, self._taken))
        self._taken += len(piece)
        if self._taken == head.length:
            self._head = None
            yield Done()
        return end


def masked(data: bytes, mask: bytes, offset: int = 0) -> bytes:
    """``data`` masked or unmasked, its first byte being byte ``offset`` of the payload (§5.3)."""
    turned = mask[offset % 4 :] + mask[: offset % 4]
    keys = turned * (len(data) // 4 + 1)
    number = int.from_bytes(data) ^ int.from_bytes(keys[: len(data)])
    return number.to_bytes(len(data))


class Framing(msgspec.Struct, frozen=True):
    """How to put a payload into a frame; the defaults are what a client must do.

    ``mask`` None leaves the frame unmasked. ``length_bytes`` (0, 2 or 8) forces the length field's
    width and ``announced`` the number in it; None means what fits.
    """

    fin: bool = True
    rsv: int = 0
    mask: bytes | None = b"\x37\xfa\x21\x3d"
    length_bytes: int | None = None
    announced: int | None = None


def encode_frame(opcode: int, payload: bytes = b"", framing: Framing | None = None) -> bytes:
    """One frame as bytes, rules kept or broken as ``framing`` says."""
    how = framing or Framing()
    length = len(payload) if how.announced is None else how.announced
    width = len(_extended_length(length)) if how.length_bytes is None else how.length_bytes
    short = {0: length, 2: 126, 8: 127}[width]
    first = how.fin << 7 | how.rsv << 4 | opcode
    second = (how.mask is not None) << 7 | short
    extended = length.to_bytes(width) if width else b""
    if how.mask is None:
        return bytes((first, second)) + extended + payload
    return bytes((first, second)) + extended + how.mask + masked(payload, how.mask)


def _header_bytes(header: bytes | bytearray) -> int:
    """How long the header is that begins like this; 2 until its second byte is there."""
    if len(header) < 2:
        return 2
    return 2 + {126: 2, 127: 8}.get(header[1] & 0x7F, 0) + (4 if header[1] & 0x80 else 0)


def _parse_header(header: bytes) -> Head:
    short = header[1] & 0x7F
    width = {126: 2, 127: 8}.get(short, 0)
    return Head(
        fin=bool(header[0] & 0x80),
        rsv=header[0] >> 4 & 0x7,
        opcode=header[0] & 0xF,
        mask=header[-4:] if header[1] & 0x80 else None,
        length=int.from_bytes(header[2 : 2 + width]) if width else short,
        length_bytes=width,
    )


def _extended_length(length: int) -> bytes:
    """The shortest extended length field for ``length`` (RFC 6455 §5.2)."""
    if length <= MAX_CONTROL_BYTES:
        return b""
    return length.to_bytes(2 if length < 1 << 16 else 8)
