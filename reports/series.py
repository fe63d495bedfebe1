"""The seconds of a load, gathered into few enough bins to draw; histograms merge exactly."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from schemas.histogram import HistogramData, merged, quantile
from schemas.load_records import Second

BINS = 240


@dataclass(frozen=True, slots=True)
class Bin:
    """``width_s`` seconds from ``start_s`` on. ``counts`` are sums, ``open`` the last value.

    A bin in which nothing was recorded has neither; it stands for what is not known.
    """

    start_s: int
    width_s: int
    counts: dict[str, int]
    open: int | None
    latencies: dict[str, HistogramData]

    @property
    def middle_s(self) -> float:
        """The moment that stands for all of it."""
        return self.start_s + self.width_s / 2

    @property
    def name(self) -> str:
        """Which seconds it holds, as a reader is told."""
        last = self.start_s + self.width_s - 1
        return f"second {last}" if self.width_s == 1 else f"seconds {self.start_s} to {last}"

    def per_second(self, word: str) -> float | None:
        """How many a second there were of ``word``; None where nothing was recorded."""
        return self.counts.get(word, 0) / self.width_s if self.counts else None

    def latency_us(self, metric: str, share: float) -> int | None:
        """A quantile of the answered messages of ``metric``; None without samples."""
        return quantile(self.latencies.get(metric, HistogramData()), share)


def bins(seconds: Sequence[Second], most: int = BINS) -> list[Bin]:
    """At most ``most`` bins over ``seconds``, in order and without a hole. All are equally wide but
    the last, which ends with the log.
    """
    if not seconds:
        return []
    ordered = sorted(seconds, key=lambda second: second.second)
    first, last = ordered[0].second, ordered[-1].second
    width = math.ceil((last - first + 1) / most)
    gathered: dict[int, list[Second]] = {}
    for second in ordered:
        gathered.setdefault((second.second - first) // width, []).append(second)
    places = range((last - first) // width + 1)
    starts = [first + place * width for place in places]
    return [
        _bin(start, min(width, last + 1 - start), gathered.get(place, []))
        for place, start in zip(places, starts, strict=True)
    ]


def _bin(start_s: int, width_s: int, seconds: list[Second]) -> Bin:
    words = {word for second in seconds for word in second.counts if word != "open"}
    metrics = {name for second in seconds for name in second.latencies}
    return Bin(
        start_s=start_s,
        width_s=width_s,
        counts={word: sum(s.counts.get(word, 0) for s in seconds) for word in sorted(words)},
        open=seconds[-1].counts.get("open") if seconds else None,
        latencies={
            name: merged(s.latencies[name] for s in seconds if name in s.latencies)
            for name in sorted(metrics)
        },
    )
