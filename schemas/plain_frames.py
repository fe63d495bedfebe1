"""The commonest valid server frames, told from all others in one typed decode.

What is accepted here is valid by the schemas in either tier and holds no flaw of the text; most
frames of a load are of this kind. What is not accepted may be valid all the same: the judge looks
at it in full. Knows the shape of two frames, and nothing of what was sent before.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

import msgspec
from msgspec import UNSET, UnsetType

from schemas.json_flaws import SAFE_INTEGER
from schemas.registry import WireDialect
from schemas.words import MessageType

_BACKSLASH = ord("\\")
_MEMBERS = 14  # of a plain Send: four, and the ten of its msg
_OF_PLACE = _OF_INFO = 3
_LONGEST_TIME = 40  # so that what is remembered stays small
_TIMES_KNOWN = 1_024
_NEVER = -(1 << 40)  # no frame holds so many colons as to make up for it
_RFC3339 = re.compile(
    "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
    "T(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\\.[0-9]+)?"
    "(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)


class PlainPlace(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """``location``, all of it there."""

    addr: str
    latitude: float
    longitude: float


class PlainInfo(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """``info``, all of it there."""

    name: str
    status: str
    price: str


_MSG_NAMES = {"send_sn": "SendSn", "send_name": "SendName", "send_type": "SendType"}
_NAMES = {"result": "Result", "error": "Error", "unread": "NoReadQty"}


class PlainMsg(
    msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, rename=_MSG_NAMES
):
    """``msg``, all of its members there."""

    send_sn: str
    send_name: str | None
    send_type: str
    type: str
    content: str
    time: str
    read: bool | None
    titletype: str | None
    location: PlainPlace | None
    info: PlainInfo | None


class PlainSend(
    msgspec.Struct,
    frozen=True,
    gc=False,
    forbid_unknown_fields=True,
    tag_field="MsgStatus",
    tag="Send",
    rename=_NAMES,
):
    """A ``Send`` that accepts."""

    result: bool
    msg: PlainMsg
    error: str | None
    unread: UnsetType | None = UNSET


class PlainReceive(
    msgspec.Struct,
    frozen=True,
    gc=False,
    forbid_unknown_fields=True,
    tag_field="MsgStatus",
    tag="Receive",
    rename=_NAMES,
):
    """A ``Receive``."""

    result: bool
    msg: PlainMsg
    error: str | None
    unread: int


Plain = PlainSend | PlainReceive

_decode = msgspec.json.Decoder(Plain).decode


class PlainReader:
    """Reads the frames of a server that speaks ``dialect``."""

    def __init__(self, dialect: WireDialect) -> None:
        self._titletypes = _titletypes(dialect)
        self._send_types = frozenset(dialect.send_types)

    def read(self, data: bytes) -> Plain | None:
        """The frame, if it is a plain one: no clause of one frame alone is broken by it.

        Each member is there once: a repeated one would leave one more colon in the text than the
        members and their strings have. Where an escape could be a colon or U+0000, or a colon
        stands in any other string than content and time, the frame counts as not plain.
        """
        try:
            frame = _decode(data)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return None
        msg = frame.msg
        if (
            frame.result is not True
            or frame.error
            or msg.read
            or msg.send_type not in self._send_types
            or msg.titletype not in self._titletypes.get(msg.type, ())
            or (_BACKSLASH in data and b"\\u00" in data)
        ):
            return None
        members = _MEMBERS
        if type(frame) is PlainReceive:
            members += 1
            if not 0 <= frame.unread <= SAFE_INTEGER:
                return None
        elif frame.unread is None:
            members += 1
        if msg.location is not None or msg.info is not None:
            members += _members_inside(msg)
        time = msg.time
        members += colons_of_time(time) if len(time) <= _LONGEST_TIME else _NEVER
        return frame if data.count(b":") == members + msg.content.count(":") else None


def _members_inside(msg: PlainMsg) -> int:
    """Members of ``location`` and ``info``; far too few for a place that is not on this planet."""
    members, place = 0, msg.location
    if place is not None:
        on_earth = -90 <= place.latitude <= 90 and -180 <= place.longitude <= 180
        members += _OF_PLACE if on_earth else _NEVER
    return members + (_OF_INFO if msg.info is not None else 0)


@lru_cache(maxsize=_TIMES_KNOWN)
def colons_of_time(text: str) -> int:
    """How many colons a date-time of RFC 3339 has; far too few where ``text`` is none."""
    return text.count(":") if _RFC3339.fullmatch(text) else _NEVER


def is_time(text: bytes) -> bool:
    """Whether this is a date-time as plain frames have it."""
    return len(text) <= _LONGEST_TIME and _is_date_time(text)


@lru_cache(maxsize=_TIMES_KNOWN)
def _is_date_time(text: bytes) -> bool:
    return _RFC3339.fullmatch(text.decode("latin-1")) is not None


def _titletypes(dialect: WireDialect) -> Mapping[str, frozenset[str | None]]:
    """The title types that each message type may come with."""
    loose = (*dialect.topics, *dialect.staff_words, None, "")
    tight = {MessageType.TITLE.value: dialect.topics, MessageType.STAFF.value: dialect.staff_words}
    return {word: frozenset(tight.get(word, loose)) for word in dialect.types}
