"""Latencies and counts of one process, by second, in the form in which they are reported.

A latency runs from the due time, its *service* from the time really sent (measurement §4). What was
due within the warm-up is shown in its second but kept out of the series. Before t0 is second -1.
"""

from collections import Counter
from enum import StrEnum

import msgspec

from schemas.histogram import Histogram, HistogramData

_NS = 1_000_000_000
BEFORE = -1


class Series(StrEnum):
    """The latency series that one connection tells alone; the ledger's books tell the others."""

    CONNECT = "connect"
    LOGIN = "login"
    RECONNECT = "reconnect"
    ACK = "ack"
    STAFF_ACK = "staff_ack"


class SecondData(msgspec.Struct, frozen=True, array_like=True):
    """What a report adds to one second. ``latency`` and ``service`` are measured, ``warm`` is the
    latency of what was due within the warm-up.
    """

    counts: dict[str, int]
    latency: dict[str, HistogramData]
    service: dict[str, HistogramData]
    warm: dict[str, HistogramData]


class _Second:
    __slots__ = ("counts", "latency", "service", "warm")

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.latency: dict[str, Histogram] = {}
        self.service: dict[str, Histogram] = {}
        self.warm: dict[str, Histogram] = {}

    def data(self) -> SecondData:
        def plain(series: dict[str, Histogram]) -> dict[str, HistogramData]:
            return {name: histogram.data() for name, histogram in series.items()}

        return SecondData(
            dict(self.counts), plain(self.latency), plain(self.service), plain(self.warm)
        )


class Meter:
    """Collects until it is emptied by :meth:`take`. Times are ns of the host's clock."""

    def __init__(self) -> None:
        self._seconds: dict[int, _Second] = {}
        self._t0_ns: int | None = None
        self._measured_ns = 0
        self.largest_us = 0

    def start(self, t0_ns: int, warm_up_s: float = 0.0) -> None:
        """Seconds count from ``t0_ns``; what is due ``warm_up_s`` after it or later is measured."""
        self._t0_ns = t0_ns
        self._measured_ns = t0_ns + int(warm_up_s * _NS)

    def latency(self, name: str, due_ns: int, sent_ns: int, at_ns: int) -> None:
        """Something that was due and sent at those times was completed at ``at_ns``."""
        second = self._second(at_ns)
        took_us = (at_ns - due_ns) // 1000
        self.largest_us = max(self.largest_us, took_us)
        if self._t0_ns is not None and self._t0_ns <= due_ns < self._measured_ns:
            _record(second.warm, name, took_us)
            return
        _record(second.latency, name, took_us)
        _record(second.service, name, (at_ns - sent_ns) // 1000)

    def count(self, word: str, at_ns: int, times: int = 1) -> None:
        """``word`` happened at ``at_ns``."""
        self._second(at_ns).counts[word] += times

    def take(self) -> dict[int, SecondData]:
        """Everything since the last call, by second."""
        seconds, self._seconds = self._seconds, {}
        return {number: second.data() for number, second in seconds.items()}

    def _second(self, at_ns: int) -> _Second:
        number = BEFORE if self._t0_ns is None else max((at_ns - self._t0_ns) // _NS, BEFORE)
        second = self._seconds.get(number)
        if second is None:
            second = self._seconds[number] = _Second()
        return second


def _record(series: dict[str, Histogram], name: str, value_us: int) -> None:
    histogram = series.get(name)
    if histogram is None:
        histogram = series[name] = Histogram()
    histogram.record(value_us)
