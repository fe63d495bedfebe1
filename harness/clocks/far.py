"""Deliveries from one host to another: kept until both clocks are known, then measured.

A negative latency proves that the offsets are wrong by more than it: it is counted and kept out of
the series, never clamped. Source: measurement §4.
"""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from harness.clocks.hosts import Hosts

REMOTE = "_remote"
MOST_NEGATIVE_SHARE = 0.001
_MOST_WAITING = 1_000_000


class FarDelivery(NamedTuple):
    """A message due and sent by worker ``sender``, received by ``receiver``; read times, ns."""

    series: str
    sender: int
    receiver: int
    due_ns: int
    sent_ns: int
    at_ns: int


class FarDeliveries:
    """See the module. ``negatives`` and ``measured`` count by series."""

    def __init__(self, hosts: Hosts) -> None:
        self._hosts = hosts
        self._waiting: list[FarDelivery] = []
        self.negatives: Counter[str] = Counter()
        self.measured: Counter[str] = Counter()

    def add(self, delivery: FarDelivery) -> None:
        """One delivery, its times as they were read at once."""
        self._waiting.append(delivery)

    def measure(self, *, everything: bool = False) -> Iterator[FarDelivery]:
        """Those whose clocks are known by now (or all), their times exact, series ``…_remote``."""
        everything = everything or len(self._waiting) > _MOST_WAITING
        waiting, self._waiting = self._waiting, []
        for delivery in waiting:
            if everything or self._is_known(delivery):
                yield from self._exact(delivery)
            else:
                self._waiting.append(delivery)

    def _is_known(self, delivery: FarDelivery) -> bool:
        clocks = map(self._hosts.clock_of, (delivery.sender, delivery.receiver))
        return all(clock is None or clock.is_known(delivery.at_ns) for clock in clocks)

    def _exact(self, delivery: FarDelivery) -> Iterator[FarDelivery]:
        series = delivery.series + REMOTE
        due_ns = self._time(delivery.sender, delivery.due_ns)
        sent_ns = self._time(delivery.sender, delivery.sent_ns)
        at_ns = self._time(delivery.receiver, delivery.at_ns)
        self.measured[series] += 1
        if at_ns < sent_ns:
            self.negatives[series] += 1
        else:
            yield FarDelivery(series, *delivery[1:3], due_ns, sent_ns, at_ns)

    def _time(self, worker: int, leader_ns: int) -> int:
        clock = self._hosts.clock_of(worker)
        return leader_ns if clock is None else clock.exact_ns(leader_ns)
