"""Latencies and counts of the whole run: second by second, and each series in sum.

Merges what every process measured. A second stays open for one more, for what was due in it may
leave in time so much later. What is known only after its second was given out goes into the first
second that is still open, and in any case into the series.
"""

from collections import Counter
from collections.abc import Iterator, Mapping

from harness.swarm.meter import SecondData
from schemas.histogram import Histogram, HistogramData
from schemas.load_records import Second

_NS = 1_000_000_000
_KEPT_OPEN = 1  # seconds: what leaves later than that after it was due did not leave in time
_TOLD = (
    *("sent_in_time", "refused_unexpectedly", "unknown"),
    *("connects", "failed_connects", "dropped_by_server", "reconnects"),
)


class _Sum:
    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.latencies: dict[str, Histogram] = {}

    def add(self, name: str, data: HistogramData) -> None:
        self.latencies.setdefault(name, Histogram()).merge(data)

    def data(self, name: str) -> HistogramData:
        found = self.latencies.get(name)
        return found.data() if found is not None else HistogramData()


class Timeline:
    """See the module. Seconds before t0 are not shown."""

    def __init__(self) -> None:
        self._t0_ns: int | None = None
        self._seconds: dict[int, _Sum] = {}
        self._first_open = 0
        self._levels: list[int] = []  # how many connections were open when each second had ended
        self._latency = _Sum()
        self._service = _Sum()

    def start(self, t0_ns: int) -> None:
        """The run's t0 is known."""
        self._t0_ns = t0_ns

    def add(self, seconds: Mapping[int, SecondData]) -> None:
        """Take in what one report adds."""
        for number, data in seconds.items():
            second = self._second(number)
            second.counts.update(data.counts)
            for name, histogram in data.warm.items():
                second.add(name, histogram)
            for name, histogram in data.latency.items():
                second.add(name, histogram)
                self._latency.add(name, histogram)
            for name, histogram in data.service.items():
                self._service.add(name, histogram)

    def latency(self, name: str) -> HistogramData:
        """The measured latencies of one series so far, from the due time."""
        return self._latency.data(name)

    def service(self, name: str) -> HistogramData:
        """The same from the time really sent."""
        return self._service.data(name)

    def finished(self, known_ns: int, connections: int) -> Iterator[Second]:
        """The seconds that ended a second before ``known_ns``, in order; each is given once.

        ``connections`` are open now.
        """
        if self._t0_ns is None:
            return
        ended = (known_ns - self._t0_ns) // _NS
        self._levels += [connections] * (ended - len(self._levels))
        while self._first_open < ended - _KEPT_OPEN:
            yield self._close(connections)

    def unfinished(self, connections: int) -> Iterator[Second]:
        """Once nothing more comes: the seconds that had ended, and those up to the last in which
        something happened.
        """
        last = max(*self._seconds, len(self._levels) - 1, -1)
        while self._t0_ns is not None and self._first_open <= last:
            yield self._close(connections)

    def _close(self, connections: int) -> Second:
        number = self._first_open
        self._first_open += 1
        second = self._seconds.pop(number, None) or _Sum()
        level = self._levels[number] if number < len(self._levels) else connections
        return Second(
            second=number,
            counts=dict.fromkeys(_TOLD, 0) | dict(second.counts) | {"open": level},
            latencies={name: second.data(name) for name in sorted(second.latencies)},
        )

    def _second(self, number: int) -> _Sum:
        place = max(number, self._first_open) if number >= 0 else number
        return self._seconds.setdefault(place, _Sum())
