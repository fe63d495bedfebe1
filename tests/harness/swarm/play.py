"""A swarm in simulated time, driven and read by tests."""

import asyncio
from collections.abc import Callable
from typing import Any

from harness.ledger.ack_rows import decode_rows, sents_of
from harness.ledger.observations import Increment
from harness.populations.habits import CustomerHabits
from harness.swarm.mail import Ended, Report
from harness.swarm.reports import SwarmReport, decode_increment, decode_report
from harness.swarm.swarm import Populations, Swarm
from tests.harness.swarm.simulation import (
    NS,
    Shop,
    SimulatedLoop,
    kit_for,
    plan_for,
    setup_for,
    simulate,
)

C1, C2, S1 = "abc123-C1", "abc123-C2", "abc123-S1"
QUIET = CustomerHabits(read_share=0.0, receipt_share=0.0)


class Play:
    """A swarm in simulated time, and what it reported."""

    def __init__(
        self,
        loop: SimulatedLoop,
        shop: Shop | None = None,
        populations: Populations | None = None,
        **plan: Any,
    ) -> None:
        self.loop = loop
        self.shop = shop or Shop(loop)
        self.plan = plan_for(**({"customer": QUIET} | plan))
        self.epoch_ns = loop.now_ns()
        self.swarm = Swarm(
            setup_for(self.plan), kit_for(loop, self.shop), 0, self.epoch_ns, populations
        )
        self.reports: list[SwarmReport] = []
        self.ended: list[int] = []
        self._main = asyncio.ensure_future(self.swarm.main())

    async def gather(self, *numbers: int) -> None:
        for number in numbers:
            self.swarm.join(number)
        await asyncio.sleep(1.5)
        assert self.census().settled == len(numbers)

    async def run(self, seconds: float | None = None) -> int:
        """Start, run for ``seconds`` (or the plan's duration), stop; returns t0."""
        t0_ns = self.loop.now_ns() + NS // 10
        self.swarm.start(t0_ns, self.plan.customers)
        lasts = seconds if seconds is not None else self.plan.until_s
        await asyncio.sleep(0.1 + lasts)
        self.swarm.stop(t0_ns + int(lasts * NS))
        await asyncio.sleep(1.0)
        return t0_ns

    async def finish(self) -> None:
        self.swarm.finish()
        await self._main
        self.collect()

    def collect(self) -> None:
        while self.swarm.mail:
            match self.swarm.mail.popleft():
                case Report(data=data):
                    self.reports.append(decode_report(data))
                case Ended(number=number):
                    self.ended.append(number)
                case died:
                    raise AssertionError(died)

    def census(self) -> Any:
        self.swarm.report()
        # an order of this very thread is carried out at the loop's next turn: look at once
        self.swarm._obey()
        self.collect()
        return self.reports[-1].census

    @property
    def increments(self) -> list[Increment]:
        return [decode_increment(data) for report in self.reports for data in report.increments]

    def seen(self, kind: type) -> list[Any]:
        rows = (sent for i in self.increments for sent in sents_of(decode_rows(i.acked)))
        told = (*rows, *(o for i in self.increments for o in i.observations))
        return sorted((o for o in told if type(o) is kind), key=_time)

    def total(self, word: str) -> int:
        return sum(report.counts.get(word, 0) for report in self.reports)

    def latencies(self, name: str) -> Any:
        return [
            second.latency[name]
            for report in self.reports
            for second in report.seconds.values()
            if name in second.latency
        ]

    @property
    def faults(self) -> list[str]:
        return [fault.message for report in self.reports for fault in report.faults]


def _time(observation: Any) -> int:
    told: int = getattr(observation, "done_ns", None) or observation.at_ns
    return told


def played(work: Callable[[SimulatedLoop], Any]) -> Any:
    return simulate(work)


def words(sent: list[dict[str, Any]]) -> list[str]:
    return [m["titletype"] if m["type"] == "staff" else m["type"] for m in sent]
