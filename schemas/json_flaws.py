"""What can be wrong with a JSON text, as values. Knows the words, reads nothing."""

from enum import StrEnum

import msgspec

MAX_DEPTH = 64
"""Deeper nesting is a flaw (D17): parsers give up at different depths (RFC 8259 §9)."""

SAFE_INTEGER = 2**53 - 1
"""The largest integer on which all parsers agree (RFC 8259 §6)."""


class FlawKind(StrEnum):
    """What can be wrong with a JSON text."""

    NOT_UTF8 = "invalid UTF-8"
    SYNTAX = "a syntax error"
    NOT_A_NUMBER = "NaN or Infinity"
    TRAILING = "bytes after the value"
    BYTE_ORDER_MARK = "a byte order mark"
    DUPLICATE_MEMBER = "a repeated member"
    LONE_SURROGATE = "half a surrogate pair"
    NULL_CHARACTER = "U+0000"
    NESTING = "deep nesting"
    NUMBER_RANGE = "a number beyond common range"

    @property
    def fatal(self) -> bool:
        """Whether the text is no JSON at all."""
        return self in _FATAL


_FATAL = frozenset({FlawKind.NOT_UTF8, FlawKind.SYNTAX, FlawKind.NOT_A_NUMBER, FlawKind.TRAILING})


class Flaw(msgspec.Struct, frozen=True):
    """One flaw. ``at`` is the offset in characters (in bytes when it is no UTF-8), ``pointer`` the
    JSON pointer of the value or object that has it, ``shown`` a short excerpt.
    """

    kind: FlawKind
    at: int
    pointer: str = ""
    shown: str = ""

    def __str__(self) -> str:
        tail = f": {self.shown}" if self.shown else ""
        return f"{self.kind} at offset {self.at}{tail}"
