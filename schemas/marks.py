"""Marks that people set on a run: lines of ``marks.ndjson`` beside its log, which never changes."""

from pathlib import Path

import msgspec

MARKS = "marks.ndjson"
TEXT_CHARS = 300
MOST = 200

_LINE_BYTES = 4_000


class Mark(msgspec.Struct, frozen=True):
    """``text`` says what happened at the time of day ``at`` (RFC 3339)."""

    at: str
    text: str


def add_mark(folder: Path, mark: Mark) -> None:
    """Write one more mark into ``folder``; OSError when that cannot be done."""
    with (folder / MARKS).open("ab", buffering=0) as file:
        file.write(msgspec.json.encode(mark) + b"\n")


def read_marks(folder: Path) -> list[Mark]:
    """The first ``MOST`` marks in ``folder`` in order of time; lines that are none are left out."""
    found: list[Mark] = []
    try:
        with (folder / MARKS).open("rb") as file:
            while len(found) < MOST and (line := file.readline(_LINE_BYTES)):
                try:
                    found.append(msgspec.json.decode(line, type=Mark))
                except msgspec.DecodeError:
                    continue
    except OSError:
        return []
    return sorted(found, key=lambda mark: mark.at)
