"""The JSON text of one message, judged as text (RFC 8259), before anybody asks what it says.

Knows the grammar and nothing of the chat. Two kinds of flaws: with some there is no JSON at all;
with the others there is, but parsers read it differently. For these the reading carries a text
that every parser reads alike.
"""

import json
import re
from collections.abc import Iterator
from enum import Enum, auto

import msgspec

from schemas.json_flaws import MAX_DEPTH, SAFE_INTEGER, Flaw, FlawKind

MAX_FLAWS = 20

_BOM = "\ufeff"
_LARGEST = "1.7976931348623157e308"
_EXCERPT = 60


class Reading(msgspec.Struct, frozen=True):
    """What a text is. ``text`` is None where there is no JSON.

    Otherwise it is the same value for every parser: without the byte order mark, half surrogates
    replaced by U+FFFD, overflowing numbers by the largest double, what lies too deep by null. Of a
    repeated member the last counts, as nearly everywhere.
    """

    flaws: tuple[Flaw, ...]
    text: str | None


def read(data: bytes | str) -> Reading:
    """The flaws of ``data``, in order, one of each kind except repeated members; and its text."""
    try:
        text = data.decode() if isinstance(data, bytes) else data
        text.encode()
    except UnicodeError as error:
        at = error.start if isinstance(error, UnicodeDecodeError | UnicodeEncodeError) else 0
        return Reading((Flaw(FlawKind.NOT_UTF8, at),), None)
    return _Scan(text).reading()


_TOKEN = re.compile(
    r"[ \t\n\r]*+(?:"
    r"(?P<mark>[{}\[\]:,])"
    r'|"(?P<string>[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*+)"'
    r"|(?P<number>-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+)"
    r"|(?P<word>true|false|null)"
    r"|(?P<nan>NaN|-?Infinity)"
    r")"
)
_BLANK = re.compile(r"[ \t\n\r]*+")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)")


class _Due(Enum):
    """What may come next."""

    VALUE = auto()
    VALUE_OR_END = auto()
    NAME = auto()
    NAME_OR_END = auto()
    COLON = auto()
    COMMA_OR_END = auto()


# Which marks may come when; strings, numbers and words are values, or names where one is due.
_MARKS = {
    _Due.VALUE: "{[",
    _Due.VALUE_OR_END: "{[]",
    _Due.NAME: "",
    _Due.NAME_OR_END: "}",
    _Due.COLON: ":",
    _Due.COMMA_OR_END: ",",
}
_VALUES = (_Due.VALUE, _Due.VALUE_OR_END)
_NAMES = (_Due.NAME, _Due.NAME_OR_END)


class _Level:
    """One open container: the names seen in an object (None in an array) and the current place."""

    __slots__ = ("names", "place", "start")

    def __init__(self, names: set[str] | None, start: int) -> None:
        self.names = names
        self.place: str | int = 0 if names is None else ""
        self.start = start


class _Scan:
    """One pass over one text, token by token, without recursion."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._flaws: list[Flaw] = []
        self._kinds: set[FlawKind] = set()
        self._repairs: list[tuple[int, int, str]] = []
        self._levels: list[_Level] = []
        self._due = _Due.VALUE

    def reading(self) -> Reading:
        start = 0
        if self._text.startswith(_BOM):
            self._note(FlawKind.BYTE_ORDER_MARK, 0)
            self._repairs.append((0, 1, ""))
            start = 1
        fatal = self._walk(start)
        if fatal is not None:
            return Reading((*self._flaws, fatal), None)
        return Reading(tuple(self._flaws), self._repaired())

    def _walk(self, at: int) -> Flaw | None:
        """Read one value and the end of the text; the flaw that makes it no JSON, if any."""
        while True:
            token = _TOKEN.match(self._text, at)
            if token is None:
                return self._syntax(at)
            if token["nan"] and self._due in _VALUES:
                return self._flaw(FlawKind.NOT_A_NUMBER, token.start("nan"), token["nan"])
            if not self._take(token):
                return self._syntax(at)
            at = token.end()
            if not self._levels and self._due is _Due.COMMA_OR_END:
                return self._rest(at)

    def _take(self, token: re.Match[str]) -> bool:
        """Move on by one token; False where it may not stand."""
        kind = token.lastgroup or ""
        if kind == "mark":
            return self._mark(token["mark"], token.start("mark"))
        if self._due in _NAMES:
            return kind == "string" and self._name(token)
        if self._due not in _VALUES or kind == "nan":
            return False
        if kind == "string":
            self._characters(token)
        elif kind == "number":
            self._number(token)
        self._due = _Due.COMMA_OR_END
        return True

    def _mark(self, mark: str, at: int) -> bool:
        if mark in "}]":
            return self._close(mark, at)
        if mark not in _MARKS[self._due]:
            return False
        match mark:
            case "{" | "[":
                self._open(mark, at)
            case ":":
                self._due = _Due.VALUE
            case _:
                self._next()
        return True

    def _open(self, mark: str, at: int) -> None:
        self._levels.append(_Level(set() if mark == "{" else None, at))
        if len(self._levels) == MAX_DEPTH + 1:
            self._note(FlawKind.NESTING, at)
        self._due = _Due.NAME_OR_END if mark == "{" else _Due.VALUE_OR_END

    def _close(self, mark: str, at: int) -> bool:
        level = self._levels[-1] if self._levels else None
        if level is None or (level.names is None) != (mark == "]"):
            return False
        if self._due is not _Due.COMMA_OR_END and mark not in _MARKS[self._due]:
            return False
        if len(self._levels) == MAX_DEPTH + 1:
            while self._repairs and self._repairs[-1][0] > level.start:
                self._repairs.pop()  # what lies inside is cut out as a whole
            self._repairs.append((level.start, at + 1, "null"))
        self._levels.pop()
        self._due = _Due.COMMA_OR_END
        return True

    def _next(self) -> None:
        level = self._levels[-1]
        if level.names is None:
            level.place = int(level.place) + 1
        self._due = _Due.VALUE if level.names is None else _Due.NAME

    def _name(self, token: re.Match[str]) -> bool:
        self._characters(token)
        level = self._levels[-1]
        raw = token["string"]
        name = str(json.loads(f'"{raw}"')) if "\\" in raw else raw
        names = level.names
        if names is not None:
            if name in names:
                self._note(FlawKind.DUPLICATE_MEMBER, token.start("string"), name)
            names.add(name)
        level.place = name
        self._due = _Due.COLON
        return True

    def _characters(self, token: re.Match[str]) -> None:
        """Look for escapes that stand for no character, or for the one that ends C strings."""
        raw = token["string"]
        if "\\u" not in raw:
            return
        begin = token.start("string")
        for start, end in _halves(raw):
            self._note(FlawKind.LONE_SURROGATE, begin + start, raw[start:end])
            self._repairs.append((begin + start, begin + end, "\ufffd"))
        place = next((m.start() for m in _ESCAPE.finditer(raw) if m[1] == "0000"), None)
        if place is not None:
            self._note(FlawKind.NULL_CHARACTER, begin + place)

    def _number(self, token: re.Match[str]) -> None:
        text = token["number"]
        whole = text.lstrip("-").isdigit()
        overflow = float(text) in (float("inf"), float("-inf"))
        if overflow:
            sign = "-" if text.startswith("-") else ""
            self._repairs.append((*token.span("number"), sign + _LARGEST))
        if overflow or (whole and abs(float(text)) > SAFE_INTEGER):
            self._note(FlawKind.NUMBER_RANGE, token.start("number"), text)

    def _rest(self, at: int) -> Flaw | None:
        blank = _BLANK.match(self._text, at)
        at = blank.end() if blank else at
        return None if at == len(self._text) else self._flaw(FlawKind.TRAILING, at)

    def _syntax(self, at: int) -> Flaw:
        blank = _BLANK.match(self._text, at)
        return self._flaw(FlawKind.SYNTAX, blank.end() if blank else at)

    def _note(self, kind: FlawKind, at: int, shown: str | None = None) -> None:
        repeats = kind is FlawKind.DUPLICATE_MEMBER
        if (kind in self._kinds and not repeats) or len(self._flaws) >= MAX_FLAWS:
            return
        self._kinds.add(kind)
        self._flaws.append(self._flaw(kind, at, shown))

    def _flaw(self, kind: FlawKind, at: int, shown: str | None = None) -> Flaw:
        excerpt = self._text[at : at + _EXCERPT] if shown is None else shown[:_EXCERPT]
        return Flaw(kind, at, self._pointer(), excerpt)

    def _pointer(self) -> str:
        """Where the scan is (RFC 6901, bounded): the object itself where a name is due."""
        levels = self._levels[:-1] if self._due in _NAMES else self._levels
        places = (str(level.place)[:100] for level in levels[:MAX_DEPTH])
        return "".join("/" + place.replace("~", "~0").replace("/", "~1") for place in places)

    def _repaired(self) -> str:
        pieces: list[str] = []
        at = 0
        for start, end, instead in self._repairs:
            pieces += (self._text[at:start], instead)
            at = end
        return "".join((*pieces, self._text[at:]))


def _halves(raw: str) -> Iterator[tuple[int, int]]:
    """The spans of escapes that are half a surrogate pair (RFC 8259 §8.2)."""
    high: tuple[int, int] | None = None
    for escape in _ESCAPE.finditer(raw):
        point = int(escape[1], 16) if escape[1] else 0
        low = 0xDC00 <= point <= 0xDFFF
        paired = low and high is not None and high[1] == escape.start()
        if high is not None and not paired:
            yield high
        if low and not paired:
            yield escape.span()
        high = escape.span() if 0xD800 <= point <= 0xDBFF else None
    if high is not None:
        yield high
