"""The journal of a faulty server: what it received, what it wrote, what its faults did, and when.

One JSON object a line, told apart by ``kind``; the first is the header. Times ``at_ns`` are
``time.monotonic_ns()`` of the server's host, which all processes there share, so that a load run's
figures can be held against the truth (measurement §8).
"""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import msgspec

JOURNAL_VERSION = "1.0"
EXCERPT_CHARS = 64


class Did(StrEnum):
    """What a fault did to a message or to a connection."""

    LOST = "lost"
    DUPLICATED = "duplicated"
    REORDERED = "reordered"
    MISROUTED = "misrouted"
    CORRUPTED = "corrupted"
    DELAYED = "delayed"
    STALLED = "stalled"
    DROPPED = "dropped"


class Direction(StrEnum):
    """Which way a frame went, seen from the server."""

    RECEIVED = "received"
    WRITTEN = "written"


class Saying(msgspec.Struct, frozen=True, omit_defaults=True):
    """The message a frame is about, as far as the frame itself tells.

    ``sender`` is ``SendSn`` (a client's frame has none); ``content`` is its first
    :data:`EXCERPT_CHARS` characters, enough for the token of a load run.
    """

    type: str
    content: str
    sender: str = ""
    titletype: str = ""
    read: bool = False


class _Record(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", omit_defaults=True):
    """One line of the journal."""


class JournalHeader(_Record, frozen=True, kw_only=True, tag="header"):
    """The first line. ``faults`` as they were asked for; ``seed`` makes the random ones again."""

    journal_version: str
    at_ns: int
    unix_ns: int
    pid: int
    faults: list[str]
    seed: int


class Opened(_Record, frozen=True, kw_only=True, tag="opened"):
    """A WebSocket connection begins; ``peer`` is the client's ``host:port``."""

    at_ns: int
    connection: int
    peer: str


class Identified(_Record, frozen=True, kw_only=True, tag="identified"):
    """The request from ``peer`` proved this account."""

    at_ns: int
    peer: str
    sn: str
    role: str


class FrameNoted(_Record, frozen=True, kw_only=True, tag="frame"):
    """A frame was received whole, or handed to the socket. ``status`` is its ``MsgStatus``."""

    at_ns: int
    connection: int
    direction: Direction
    opcode: int
    size: int
    status: str = ""
    message: Saying | None = None


class Acted(_Record, frozen=True, kw_only=True, tag="acted"):
    """A fault did something, just now.

    ``to_sn`` is the account whose delivery it was, where the fault knows accounts, ``connection``
    the connection, where it knows those; ``amount_us`` is how long a frame was held back.
    """

    at_ns: int
    fault: str
    did: Did
    to_sn: str = ""
    connection: int = 0
    message: Saying | None = None
    amount_us: int = 0


class Ended(_Record, frozen=True, kw_only=True, tag="ended"):
    """A WebSocket connection is gone."""

    at_ns: int
    connection: int


JournalRecord = JournalHeader | Opened | Identified | FrameNoted | Acted | Ended

encode = msgspec.json.Encoder().encode
_decoder: msgspec.json.Decoder[JournalRecord] = msgspec.json.Decoder(JournalRecord)


def read_journal(path: Path) -> Iterator[JournalRecord]:
    """Every record in order. OSError when there is no file, ``msgspec.DecodeError`` for a damaged
    line; a last line cut off by the server's death is left out."""
    with path.open("rb") as file:
        for line in file:
            if line.endswith(b"\n"):
                yield _decoder.decode(line)
