"""What the server under test used while it was loaded, computed from what was observed of it.

Values between two looks are interpolated. Where processes of this machine were observed they count
and metrics pages do not, for a page may be of the same process.
"""

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import pairwise

import msgspec

from schemas.load_records import Observed, Second

CPU = "process_cpu_seconds_total"
MEMORY = "process_resident_memory_bytes"
FDS = "process_open_fds"

Track = Sequence[tuple[float, float]]
"""One series of one source: times in s since t0, in order, each with its value."""


class ServerSide(msgspec.Struct, frozen=True, kw_only=True):
    """The server in the measured window; null is what nobody told.

    ``cpu_share`` is of one core and may exceed 1. ``messages_per_cpu_second`` divides the messages
    acknowledged in the window by the CPU seconds of all sources together. ``looks`` are the samples
    taken during the whole load.
    """

    sources: list[str]
    looks: int
    cpu_seconds: float | None = None
    cpu_share: float | None = None
    messages_per_cpu_second: float | None = None
    memory_max_bytes: int | None = None
    fds_max: int | None = None


def server_side(
    observed: Sequence[Observed], seconds: Iterable[Second], from_s: float, until_s: float
) -> ServerSide | None:
    """The figures between ``from_s`` and ``until_s`` since t0; None when nobody looked."""
    if not observed:
        return None
    cpu, first, last = _cpu_between(tracks(observed, CPU), from_s, until_s)
    acked = sum(each.counts.get("acked", 0) for each in seconds if first <= each.second < last)
    return ServerSide(
        sources=sorted({look.source for look in observed}),
        looks=len(observed),
        cpu_seconds=None if cpu is None else round(cpu, 3),
        cpu_share=None if cpu is None else round(cpu / (last - first), 4),
        messages_per_cpu_second=round(acked / cpu, 1) if cpu and acked else None,
        memory_max_bytes=_peak(tracks(observed, MEMORY), from_s, until_s),
        fds_max=_peak(tracks(observed, FDS), from_s, until_s),
    )


def tracks(observed: Iterable[Observed], name: str) -> list[Track]:
    """The series ``name`` of each source that counts."""
    found: dict[tuple[bool, str], list[tuple[float, float]]] = {}
    for look in observed:
        if name in look.values:
            found.setdefault((look.local, look.source), []).append((look.at_s, look.values[name]))
    local = any(local for local, _ in found)
    return [sorted(track) for (is_local, _), track in found.items() if is_local == local]


def value_at(track: Track, at_s: float) -> float | None:
    """The value of ``track`` at that moment; None outside of what was observed."""
    after = bisect_left(track, (at_s, -math.inf))
    if after == len(track):
        return None
    (time, value) = track[after]
    if time == at_s:
        return value
    if after == 0:
        return None
    earlier, before = track[after - 1]
    return before + (value - before) * (at_s - earlier) / (time - earlier)


def sum_at(found: Sequence[Track], at_s: float) -> float | None:
    """All tracks together at that moment; None when one of them is not known there."""
    values = [value_at(track, at_s) for track in found]
    known = [value for value in values if value is not None]
    return sum(known) if known and len(known) == len(values) else None


def _cpu_between(
    found: Sequence[Track], from_s: float, until_s: float
) -> tuple[float | None, int, int]:
    """CPU seconds in the whole seconds that all tracks cover, and which these are.

    A counter that went back belongs to a process that was started anew: nothing is known then.
    """
    if not found:
        return None, 0, 0
    first = math.ceil(max(from_s, *(track[0][0] for track in found)))
    last = math.floor(min(until_s, *(track[-1][0] for track in found)))
    if last <= first or any(_went_back(track) for track in found):
        return None, 0, 0
    start, end = sum_at(found, first), sum_at(found, last)
    return (None if start is None or end is None else end - start), first, last


def _went_back(track: Track) -> bool:
    return any(later < earlier for (_, earlier), (_, later) in pairwise(track))


def _peak(found: Sequence[Track], from_s: float, until_s: float) -> int | None:
    """The sum of each track's largest value in the window."""
    peaks = [[value for at, value in track if from_s <= at <= until_s] for track in found]
    seen = [max(values) for values in peaks if values]
    return round(sum(seen)) if seen else None
