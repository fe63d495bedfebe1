"""Every host of a run with its clock: whose times are whose, and which still wait for estimates.

Workers are numbered from 0. A host is named by an opaque text; the leader's own needs no estimate.
"""

from harness.clocks.round_trip import Estimate
from harness.clocks.slewed import Slewed
from harness.clocks.track import Track


class HostClock:
    """One host beside the leader's own."""

    def __init__(self, first: Estimate) -> None:
        self.track = Track()
        self.track.add(first)
        self.reading = Slewed(self.track, first.there_ns)

    def add(self, found: Estimate) -> None:
        """One more estimate."""
        self.track.add(found)
        self.reading.bend()

    def exact_ns(self, leader_ns: int) -> int:
        """What the reading called ``leader_ns``, by all that is known now."""
        there_ns = self.reading.there_ns(leader_ns)
        return there_ns - self.track.offset_ns(there_ns)

    def is_known(self, leader_ns: int) -> bool:
        """Whether an estimate after ``leader_ns`` has come, so that it is interpolated."""
        until_ns = self.track.until_ns
        return until_ns is not None and self.reading.there_ns(leader_ns) <= until_ns


class Hosts:
    """Which worker is on which host; None stands for the leader's."""

    def __init__(self) -> None:
        self._clocks: dict[str, HostClock] = {}
        self._workers: dict[int, str] = {}

    def place(self, worker: int, host: str) -> None:
        """``worker`` runs on ``host``, which is not the leader's."""
        self._workers[worker] = host

    def learn(self, host: str, found: Estimate) -> None:
        """An estimate of the clock of ``host``."""
        clock = self._clocks.get(host)
        if clock is None:
            self._clocks[host] = HostClock(found)
        else:
            clock.add(found)

    def clock_of(self, worker: int) -> HostClock | None:
        """The clock of that worker's host; None where it is the leader's."""
        host = self._workers.get(worker)
        return self._clocks.get(host) if host is not None else None

    def apart(self, one: int, other: int) -> bool:
        """Whether two workers run on different hosts."""
        return self._workers.get(one) != self._workers.get(other)

    @property
    def names(self) -> list[str]:
        """The hosts beside the leader's."""
        return list(dict.fromkeys(self._workers.values()))

    @property
    def error_us(self) -> int | None:
        """How far times of two hosts may be wrong against each other; None with one host only."""
        errors = sorted(clock.track.error_ns for clock in self._clocks.values())
        return (sum(errors[-2:]) + 999) // 1000 if errors else None
