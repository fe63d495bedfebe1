"""Latencies and counts of one process, by second, in the form in which they are reported.

A latency runs from the due time, its *service* from the time really sent (measurement §4). What was
due within the warm-up is shown in its second but kept out of the series. Before t0 is second -1.
"""

from array import array
from enum import StrEnum

import msgspec
import numpy as np
import numpy.typing as npt

from harness.ledger.ack_rows import DONE, DUE, KIND, KINDS, SENT
from harness.swarm.acks import Acks
from schemas.histogram import SUB_BITS as _SUB_BITS
from schemas.histogram import Histogram, HistogramData

_NS = 1_000_000_000
BEFORE = -1
_MOST_NOTED = 3 * 16_384

Times = npt.NDArray[np.int64]


class Series(StrEnum):
    """The latency series that one connection tells alone; the ledger's books tell the others."""

    CONNECT = "connect"
    LOGIN = "login"
    RECONNECT = "reconnect"
    ACK = "ack"
    ACK_TEXT = "ack.text"
    ACK_IMAGE = "ack.image"
    ACK_TITLE = "ack.title"
    STAFF_ACK = "staff_ack"


ACK_BY_KIND = {"text": Series.ACK_TEXT, "image": Series.ACK_IMAGE, "title": Series.ACK_TITLE}
"""``ack`` once more by message type: totals only."""


def is_part(name: str) -> bool:
    """Whether a series is a part of another, by message type."""
    return "." in name


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
        self.counts: dict[str, int] = {}
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
    """Collects until it is emptied by :meth:`take`. Times are ns of the host's clock.

    Times are only noted when they are told, and become histograms many at a time. ``acks`` are
    customers' scheduled messages that were acknowledged, as :meth:`acked` tells of one.
    """

    def __init__(self, acks: Acks | None = None) -> None:
        self._acks = acks or Acks()
        self._seconds: dict[int, _Second] = {}
        self._t0_ns: int | None = None
        self._measured_ns = 0
        self._largest_us = 0
        self._noted: dict[str, array[int]] = {}
        self._noted_totals: dict[str, array[int]] = {}
        self._acked = {kind: array("q") for kind in ACK_BY_KIND}
        self._counts: dict[str, int] = {}
        self._counts_from_ns = self._counts_to_ns = 0

    def start(self, t0_ns: int, warm_up_s: float = 0.0) -> None:
        """Seconds count from ``t0_ns``; what is due ``warm_up_s`` after it or later is measured."""
        self._fold()
        self._counts_to_ns = 0
        self._t0_ns = t0_ns
        self._measured_ns = t0_ns + int(warm_up_s * _NS)

    def latency(self, name: str, due_ns: int, sent_ns: int, at_ns: int) -> None:
        """Something that was due and sent at those times was completed at ``at_ns``."""
        noted = self._noted.get(name)
        if noted is None:
            noted = self._noted[name] = array("q")
        noted.extend((due_ns, sent_ns, at_ns))
        if len(noted) > _MOST_NOTED:
            self._fold()

    def total(self, name: str, due_ns: int, sent_ns: int, at_ns: int) -> None:
        """As :meth:`latency`, for a series of which no second is shown."""
        noted = self._noted_totals.get(name)
        if noted is None:
            noted = self._noted_totals[name] = array("q")
        noted.extend((due_ns, sent_ns, at_ns))
        if len(noted) > _MOST_NOTED:
            self._fold()

    def acked(self, kind: str, due_ns: int, sent_ns: int, at_ns: int) -> None:
        """A customer's scheduled message of this type was acknowledged at ``at_ns``.

        As :meth:`latency` of ``ack``, :meth:`total` of its type, :meth:`count` of ``acked``.
        """
        self._acked[kind].extend((due_ns, sent_ns, at_ns))

    def count(self, word: str, at_ns: int, times: int = 1) -> None:
        """``word`` happened at ``at_ns``."""
        if not self._counts_from_ns <= at_ns < self._counts_to_ns:
            self._turn_to(at_ns)
        counts = self._counts
        counts[word] = counts.get(word, 0) + times

    def counted(self, word: str, at: Times) -> None:
        """As :meth:`count`, once for each time."""
        numbers, times = np.unique(self._seconds_of(at), return_counts=True)
        for number, found in zip(numbers.tolist(), times.tolist(), strict=True):
            counts = self._at(number).counts
            counts[word] = counts.get(word, 0) + found

    def take(self) -> dict[int, SecondData]:
        """Everything since the last call, by second."""
        self._fold()
        self._counts_to_ns = 0
        seconds, self._seconds = self._seconds, {}
        return {number: second.data() for number, second in seconds.items()}

    @property
    def largest_us(self) -> int:
        """The largest latency of all, those of totals alone left out."""
        self._fold()
        return self._largest_us

    def _turn_to(self, at_ns: int) -> None:
        """Count into the second of ``at_ns`` from now on."""
        number = BEFORE if self._t0_ns is None else max((at_ns - self._t0_ns) // _NS, BEFORE)
        self._counts = self._at(number).counts
        if self._t0_ns is not None and number > BEFORE:
            self._counts_from_ns = self._t0_ns + number * _NS
            self._counts_to_ns = self._counts_from_ns + _NS
        else:
            self._counts_to_ns = 0

    def _at(self, number: int) -> _Second:
        second = self._seconds.get(number)
        if second is None:
            second = self._seconds[number] = _Second()
        return second

    def _fold(self) -> None:
        """Make histograms of what was noted."""
        noted, self._noted = self._noted, {}
        for name, times in noted.items():
            self._fold_latencies(name, _columns(times))
        totals, self._noted_totals = self._noted_totals, {}
        for name, times in totals.items():
            self._fold_totals(name, _columns(times))
        self._fold_acks()

    def _fold_acks(self) -> None:
        for kind, noted in self._acked.items():
            columns = _columns(noted[:])
            del noted[:]
            self._fold_acks_of(kind, columns)
        rows = self._acks.to_measure()
        for place, kind in enumerate(KINDS):
            own = rows[rows[:, KIND] == place]
            self._fold_acks_of(kind, own[:, (DUE, SENT, DONE)].T)

    def _fold_acks_of(self, kind: str, columns: Times) -> None:
        if columns.size:
            self._fold_totals(ACK_BY_KIND[kind], columns)
            self._fold_latencies(Series.ACK, columns)
            self.counted("acked", columns[2])

    def _fold_totals(self, name: str, columns: Times) -> None:
        due, sent, at = columns
        cold = ~self._in_warm_up(due)
        whole = self._at(BEFORE)
        _record(whole.latency, name, (at - due)[cold])
        _record(whole.service, name, (at - sent)[cold])

    def _fold_latencies(self, name: str, columns: Times) -> None:
        due, sent, at = columns
        self._largest_us = max(self._largest_us, int((at - due).max()) // 1000)
        warm = self._in_warm_up(due)
        seconds = self._seconds_of(at)
        for number in np.unique(seconds).tolist():
            here, second = seconds == number, self._at(number)
            _record(second.warm, name, (at - due)[here & warm])
            _record(second.latency, name, (at - due)[here & ~warm])
            _record(second.service, name, (at - sent)[here & ~warm])

    def _seconds_of(self, at: Times) -> Times:
        if self._t0_ns is None:
            return np.full(len(at), BEFORE)
        return np.maximum((at - self._t0_ns) // _NS, BEFORE)

    def _in_warm_up(self, due: Times) -> npt.NDArray[np.bool_]:
        if self._t0_ns is None:
            return np.zeros(len(due), np.bool_)
        return (self._t0_ns <= due) & (due < self._measured_ns)


def _columns(times: "array[int]") -> Times:
    """Due, sent and done times, each in a row."""
    return np.frombuffer(times, np.int64).reshape(-1, 3).T


def _record(series: dict[str, Histogram], name: str, values_ns: Times) -> None:
    if not len(values_ns):
        return
    histogram = series.get(name)
    if histogram is None:
        histogram = series[name] = Histogram()
    histogram.merge(histogram_of(values_ns // 1000))


def histogram_of(values_us: Times) -> HistogramData:
    """What :meth:`Histogram.record` makes of each of these values."""
    found = values_us[values_us >= 0]
    negative = len(values_us) - len(found)
    if not len(found):
        return HistogramData(negative=negative)
    indices, counts = np.unique(buckets(found), return_counts=True)
    by_bucket = dict(zip(indices.tolist(), counts.tolist(), strict=True))
    return HistogramData(by_bucket, int(found.max()), int(found.sum()), negative)


def buckets(values_us: Times) -> Times:
    """:func:`schemas.histogram.bucket` of each value (>= 0, below 2**53)."""
    bits = np.frexp(values_us.astype(np.float64))[1].astype(np.int64)
    shifts = np.maximum(bits - _SUB_BITS - 1, 0)
    return (shifts << _SUB_BITS) + (values_us >> shifts)
