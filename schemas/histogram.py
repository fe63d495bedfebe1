"""A log-linear histogram of microseconds: merged exactly, at most 1 % off, small when written.

Values below 128 µs have a bucket each; above, every power of two is cut into 128 equal buckets, so
a bucket is at most 1/128 of its value wide and its middle at most 0.4 % off.
"""

import math
from collections.abc import Iterable, Mapping

import msgspec

SUB_BITS = 7
_SUB = 1 << SUB_BITS

INDICATIVE_BELOW = 10
"""A quantile with fewer samples beyond it is indicative alone."""


def bucket(value_us: int) -> int:
    """The index of the bucket that holds ``value_us`` (>= 0)."""
    shift = value_us.bit_length() - SUB_BITS - 1
    return value_us if shift <= 0 else shift * _SUB + (value_us >> shift)


def middle(index: int) -> int:
    """The value in µs that stands for all of a bucket."""
    if index < 2 * _SUB:
        return index
    shift = index // _SUB - 1
    low = (index - shift * _SUB) << shift
    return low + (1 << shift) // 2


class HistogramData(msgspec.Struct, frozen=True):
    """A histogram as it is written down: ``buckets`` maps index to count, both as integers."""

    buckets: dict[int, int] = {}
    max_us: int = 0
    sum_us: int = 0
    negative: int = 0

    @property
    def count(self) -> int:
        """How many samples it holds, the negative ones left out."""
        return sum(self.buckets.values())


class Histogram:
    """Collects latencies. Not thread-safe; each thread has its own, and they are merged."""

    __slots__ = ("buckets", "max_us", "negative", "sum_us")

    def __init__(self, data: HistogramData | None = None) -> None:
        data = data or HistogramData()
        self.buckets: dict[int, int] = dict(data.buckets)
        self.max_us = data.max_us
        self.sum_us = data.sum_us
        self.negative = data.negative

    def record(self, value_us: int, times: int = 1) -> None:
        """Add one value. A negative one (clocks across hosts) is counted, never clamped."""
        if value_us < 0:
            self.negative += times
            return
        shift = value_us.bit_length() - SUB_BITS - 1  # bucket(), without a call a value
        index = value_us if shift <= 0 else shift * _SUB + (value_us >> shift)
        buckets = self.buckets
        buckets[index] = buckets.get(index, 0) + times
        self.sum_us += value_us * times
        self.max_us = max(self.max_us, value_us)

    def merge(self, other: "Histogram | HistogramData") -> None:
        """Add all of ``other``; the result equals having recorded everything here."""
        for index, count in other.buckets.items():
            self.buckets[index] = self.buckets.get(index, 0) + count
        self.max_us = max(self.max_us, other.max_us)
        self.sum_us += other.sum_us
        self.negative += other.negative

    @property
    def count(self) -> int:
        """How many samples it holds, the negative ones left out."""
        return sum(self.buckets.values())

    def data(self) -> HistogramData:
        """A frozen copy to be written down."""
        return HistogramData(
            dict(sorted(self.buckets.items())), self.max_us, self.sum_us, self.negative
        )


class Quantile(msgspec.Struct, frozen=True):
    """A quantile for judging: over everything due, so what was never answered ranks highest.

    ``value_us`` is None when the rank falls among the unanswered (or nothing was due); then
    ``at_least_us`` is the largest latency that was seen. ``needed`` is the number of samples from
    which on it is more than indicative.
    """

    value_us: int | None
    at_least_us: int | None
    samples: int
    needed: int

    @property
    def indicative(self) -> bool:
        """Whether there are too few samples to judge by."""
        return self.samples < self.needed


def quantile(data: HistogramData, share: float) -> int | None:
    """The nearest-rank quantile of the recorded values in µs; None without samples."""
    return judging_quantile(data, share, unanswered=0).value_us


def judging_quantile(data: HistogramData, share: float, unanswered: int) -> Quantile:
    """The nearest-rank ``share`` quantile of the samples and ``unanswered`` ones above them all."""
    answered = data.count
    total = answered + unanswered
    needed = samples_needed(share)
    rank = max(1, math.ceil(round(share * total, 9)))
    if total == 0 or rank > answered:
        return Quantile(None, data.max_us if total else None, total, needed)
    return Quantile(min(_at_rank(data.buckets, rank), data.max_us), None, total, needed)


def samples_needed(share: float) -> int:
    """From how many samples on a ``share`` quantile has ten of them beyond it."""
    return math.ceil(round(INDICATIVE_BELOW / (1 - share), 6)) if share < 1 else INDICATIVE_BELOW


def _at_rank(buckets: Mapping[int, int], rank: int) -> int:
    seen = 0
    for index, count in sorted(buckets.items()):
        seen += count
        if seen >= rank:
            return middle(index)
    raise AssertionError("a rank beyond the samples")


def merged(parts: Iterable[HistogramData]) -> HistogramData:
    """All ``parts`` as one."""
    total = Histogram()
    for part in parts:
        total.merge(part)
    return total.data()
