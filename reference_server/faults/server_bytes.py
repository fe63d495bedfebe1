"""What the bytes that a server writes are about, as far as they say so. Lenient: broken is None."""

from collections.abc import Iterator
from typing import Any

import msgspec
import orjson

from schemas.fault_journal import EXCERPT_CHARS, Saying

TEXT = 0x1
HEAD = b"HTTP/"


class Written(msgspec.Struct, frozen=True):
    """One frame as it leaves: its text is parsed where it is one JSON object."""

    opcode: int
    size: int
    members: dict[str, Any]

    @property
    def status(self) -> str:
        """``MsgStatus``, or nothing."""
        return str(self.members.get("MsgStatus") or "")

    @property
    def saying(self) -> Saying | None:
        """The message it is about."""
        return saying_in(self.members.get("msg"))


def pieces_of(data: bytes) -> Iterator[bytes]:
    """The frames in one write, each with its header; a response head, or what cannot be told
    apart, is one piece. Joined they are ``data``."""
    while data:
        size = len(data) if data.startswith(HEAD) else sum(_sizes(data))
        yield data[:size]
        data = data[size:]


def frames_in(data: bytes) -> Iterator[Written]:
    """The frames in one write; none in a response head."""
    for piece in pieces_of(data):
        if not piece.startswith(HEAD) and len(piece) > 1:
            begin, length = _sizes(piece)
            opcode = piece[0] & 0x0F
            members = members_of(piece[begin:]) if opcode == TEXT else {}
            yield Written(opcode, length, members)


def _sizes(data: bytes) -> tuple[int, int]:
    """How many bytes the first frame's header and its payload take."""
    second = data[1] if len(data) > 1 else 0
    wide = {126: 2, 127: 8}.get(second & 0x7F, 0)
    length = int.from_bytes(data[2 : 2 + wide]) if wide else second & 0x7F
    return 2 + wide + (4 if second & 0x80 else 0), length


def members_of(payload: bytes) -> dict[str, Any]:
    """The JSON object in ``payload``, or nothing."""
    try:
        value = orjson.loads(payload)
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}


def saying_in(msg: object) -> Saying | None:
    """The message that the members of ``msg`` make, if they do."""
    if not isinstance(msg, dict) or not isinstance(msg.get("type"), str):
        return None
    return Saying(
        type=msg["type"],
        content=str(msg.get("content") or "")[:EXCERPT_CHARS],
        sender=str(msg.get("SendSn") or ""),
        titletype=str(msg.get("titletype") or ""),
        read=msg.get("read") is True,
    )
