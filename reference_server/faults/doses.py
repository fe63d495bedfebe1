"""What a fault may be given behind its name: durations, shares, counts. Text in, values out.

Every reader raises ValueError for what it does not take; the sentence about it is made elsewhere.
"""

import re
from collections.abc import Callable
from typing import Any, Final

import msgspec

_UNITS: Final = {"us": 1_000, "ms": 1_000_000, "s": 1_000_000_000}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(us|ms|s)")
_MAX_NS = 3_600 * _UNITS["s"]


class Takes(msgspec.Struct, frozen=True):
    """The value a fault takes: ``default`` where none is given, ``words`` to ask for one."""

    default: str
    words: str
    read: Callable[[str], Any]


class Part(msgspec.Struct, frozen=True):
    """How long a share of something is held back."""

    length_ns: int
    share: float


class Span(msgspec.Struct, frozen=True):
    """How long something lasts, and after how long it begins."""

    length_ns: int
    after_ns: int


def duration_ns(text: str) -> int:
    """``20ms``, ``1.5s``, ``250us`` in nanoseconds; over 0, at most an hour."""
    found = _DURATION.fullmatch(text)
    length = round(float(found[1]) * _UNITS[found[2]]) if found else 0
    if not 0 < length <= _MAX_NS:
        raise ValueError(text)
    return length


def share(text: str) -> float:
    """``0.01`` to ``1``; over 0."""
    value = float(text)
    if not 0 < value <= 1:
        raise ValueError(text)
    return value


def number(text: str) -> int:
    """A whole number of at least 1."""
    if not (text.isascii() and text.isdigit()) or int(text) < 1:
        raise ValueError(text)
    return int(text)


def part(text: str) -> Part:
    """``20ms@0.05``: a duration and the share it befalls."""
    length, _, befalls = text.partition("@")
    return Part(duration_ns(length), share(befalls))


def span(text: str) -> Span:
    """``1s@5s``: a duration and the time before it."""
    length, _, after = text.partition("@")
    return Span(duration_ns(length), duration_ns(after))


def a_duration(default: str) -> Takes:
    """Takes a duration."""
    return Takes(default, f"a duration such as {default}", duration_ns)


def a_share(default: str) -> Takes:
    """Takes a share."""
    return Takes(default, f"a share over 0 and up to 1, such as {default}", share)


def a_number(default: str) -> Takes:
    """Takes a count."""
    return Takes(default, f"a whole number such as {default}", number)


def a_part(default: str) -> Takes:
    """Takes a duration and a share."""
    return Takes(default, f"DURATION@SHARE, such as {default}", part)


def a_span(default: str) -> Takes:
    """Takes a duration and a time to wait before it."""
    return Takes(default, f"DURATION@AFTER, such as {default}", span)
