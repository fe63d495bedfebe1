"""The open model's schedule: when each customer message is due, and whose it is.

One schedule for the whole run, made from its seed with integers and SHAKE-128 alone, so that every
machine computes the same one. Each worker walks all of it and keeps the entries of its own
participants: the union does not depend on how many workers there are. Source: measurement §1.

Reads no clock and keeps no entry longer than it must: an hour at 10,000 a second is 36 million.
"""

from collections.abc import Collection, Iterator
from enum import StrEnum
from hashlib import shake_128
from itertools import chain
from math import ceil
from struct import unpack
from typing import NamedTuple

import msgspec

from harness.attendance import Attendance
from harness.populations.habits import Bend
from harness.rate_shape import RateShape, exact

_NS = 1_000_000_000
_BLOCK = 4_096  # entries whose participants are drawn at once
_LEAF = 1_024  # arrivals that are sorted at once


class Arrivals(StrEnum):
    """How entries lie in time."""

    CONSTANT = "constant"
    POISSON = "poisson"


class Entry(NamedTuple):
    """The run's message ``number``: due ``offset_ns`` after t0, from customer ``participant``."""

    number: int
    offset_ns: int
    participant: int


class Schedule(msgspec.Struct, frozen=True):
    """``rate`` messages a second for ``duration_s``, spread evenly by chance over ``customers``.

    Participants are indices in ``[0, customers)``. ``shape`` is how the rate goes over the
    duration (empty: constant). With an ``attendance`` only those speak who are there, and nothing
    is due while nobody is. ValueError where a figure is not positive.
    """

    seed: int
    rate: float
    duration_s: float
    customers: int
    arrivals: Arrivals = Arrivals.CONSTANT
    shape: tuple[Bend, ...] = ()
    attendance: Attendance | None = None

    def __post_init__(self) -> None:
        if not (self.rate > 0 and self.duration_s > 0 and self.customers > 0):
            raise ValueError("rate, duration and customers of a schedule are positive")

    @property
    def count(self) -> int:
        """How many entries there are: constant, all that lie before the end; Poisson, rounded.

        Those that fall due while nobody is there are counted, too.
        """
        shaped = self._shaped
        whole = shaped.area if shaped else exact(self.rate) * exact(self.duration_s)
        return ceil(whole) if self.arrivals is Arrivals.CONSTANT else round(whole)

    def entries(self, own: Collection[int] | None = None) -> Iterator[Entry]:
        """The entries whose participant is in ``own`` (all of them for None), in order of time."""
        if own is not None and not own:
            return
        for number, (offset, participant) in enumerate(self._spoken()):
            if participant is not None and (own is None or participant in own):
                yield Entry(number, offset, participant)

    def _spoken(self) -> Iterator[tuple[int, int | None]]:
        """When something is due, and whose it is."""
        offsets = iter(self._offsets())
        words = (word for block in range(ceil(self.count / _BLOCK)) for word in self._words(block))
        if self.attendance is None:
            customers = self.customers
            return (
                (at, (word * customers) >> 32) for word, at in zip(words, offsets, strict=False)
            )
        present = self.attendance.present()
        return ((at, present.pick(at, word)) for word, at in zip(words, offsets, strict=False))

    @property
    def _shaped(self) -> RateShape | None:
        if not self.shape:
            return None
        return RateShape(exact(self.rate), self._span_ns, self.shape)

    def _offsets(self) -> Iterator[int]:
        shaped, count = self._shaped, self.count
        if self.arrivals is Arrivals.POISSON:
            times = self._uniform_sorted(count, 0, 0)
            return shaped.times(times, self._span_ns) if shaped else times
        if shaped:
            return shaped.times(range(count), shaped.area)
        rate = exact(self.rate)
        step, per = _NS * rate.denominator, rate.numerator
        return (number * step // per for number in range(count))

    @property
    def _span_ns(self) -> int:
        return int(exact(self.duration_s) * _NS)

    def _uniform_sorted(self, count: int, depth: int, place: int) -> Iterator[int]:
        """``count`` uniform times within the ``place``-th of ``2**depth`` equal parts, sorted.

        How many of n fall into the left half is binomial with p = 1/2: the ones among n fair bits.
        """
        if count > _LEAF:
            left = self._ones(count, f"split/{depth}/{place}")
            return chain.from_iterable(
                self._uniform_sorted(part, depth + 1, 2 * place + side)
                for side, part in enumerate((left, count - left))
            )
        words = unpack(f"<{count}Q", self._random(f"leaf/{depth}/{place}", 8 * count))
        base, span = place << (64 - depth), self._span_ns
        return iter(sorted(((base + (word >> depth)) * span) >> 64 for word in words))

    def _words(self, block: int) -> tuple[int, ...]:
        """32 random bits for each entry of a block."""
        return unpack(f"<{_BLOCK}I", self._random(f"participants/{block}", 4 * _BLOCK))

    def _ones(self, bits: int, label: str) -> int:
        size = (bits + 7) // 8
        return (
            int.from_bytes(self._random(label, size), "little") >> (8 * size - bits)
        ).bit_count()

    def _random(self, label: str, size: int) -> bytes:
        return shake_128(f"{self.seed}/{label}".encode()).digest(size)


class Pacer:
    """Hands out entries as they fall due: all that are, and not one that is not.

    Made (and its first entries computed) before t0; :meth:`start` sets t0. Times are nanoseconds of
    whatever clock the caller keeps.
    """

    __slots__ = ("_entries", "_next", "_t0_ns")

    def __init__(self, entries: Iterator[Entry]) -> None:
        self._entries = entries
        self._next = next(entries, None)
        self._t0_ns: int | None = None

    def start(self, t0_ns: int) -> None:
        """Entries are due from ``t0_ns`` on; before this call nothing is."""
        self._t0_ns = t0_ns

    @property
    def next_due_ns(self) -> int | None:
        """When the next entry is due; None before the start and after the last entry."""
        if self._next is None or self._t0_ns is None:
            return None
        return self._t0_ns + self._next.offset_ns

    @property
    def finished(self) -> bool:
        """Whether every entry has been handed out."""
        return self._next is None

    def due(self, now_ns: int) -> list[Entry]:
        """Every entry due at ``now_ns`` or before that was not handed out yet, in order of time."""
        if self._t0_ns is None:
            return []
        elapsed_ns = now_ns - self._t0_ns
        entry, found = self._next, []
        while entry is not None and entry.offset_ns <= elapsed_ns:
            found.append(entry)
            entry = next(self._entries, None)
        self._next = entry
        return found
