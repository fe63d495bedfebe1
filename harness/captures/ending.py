"""What is left of a captured connection when it is over, and which of them had company."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import msgspec

from schemas.case_records import TranscriptLine
from schemas.findings import Finding


class Doubt(msgspec.Struct, frozen=True):
    """A finding that another device of the same account could explain."""

    finding: Finding
    lines: list[TranscriptLine]

    def context(self) -> list[TranscriptLine]:
        """What was said before it."""
        return self.lines


class Ending(msgspec.Struct, frozen=True):
    """One connection. Times are None where the capture has none, ``sn`` "" where it tells none.

    ``counted`` unread counts could be judged, ``doubtful`` of them were wrong; ``waiting`` messages
    had no answer.
    """

    name: str
    sn: str
    began_ns: int | None
    ended_ns: int | None
    has_other_device: bool
    counted: int
    doubt: Doubt | None
    doubtful: int
    waiting: int


def accompanied_among(endings: Iterable[Ending]) -> set[str]:
    """The names of the connections whose account had another open at the same time."""
    by_sn: dict[str, list[Ending]] = defaultdict(list)
    found = set()
    for ending in endings:
        if ending.has_other_device:
            found.add(ending.name)
        if ending.sn:
            by_sn[ending.sn].append(ending)
    return found.union(*map(_overlapping, by_sn.values()))


def _overlapping(endings: list[Ending]) -> Iterator[str]:
    """Of several connections those that overlap another, or whose times are unknown."""
    timed = [e for e in endings if e.began_ns is not None and e.ended_ns is not None]
    if len(endings) > 1 and len(timed) < len(endings):
        yield from (ending.name for ending in endings)
        return
    timed.sort(key=lambda ending: ending.began_ns or 0)
    latest: Ending | None = None
    for ending in timed:
        if latest is not None and (ending.began_ns or 0) <= (latest.ended_ns or 0):
            yield from (latest.name, ending.name)
        if latest is None or (ending.ended_ns or 0) > (latest.ended_ns or 0):
            latest = ending
