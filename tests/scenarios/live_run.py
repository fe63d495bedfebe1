"""Load runs against real servers in one process: the master's course and books without Locust.

Many runs share one loop, so that all populations together take no longer than the longest.
"""

import asyncio
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from zlib import crc32

import msgspec
import uvloop

from harness.populations import find_population
from harness.swarm.collection import Collection
from harness.swarm.course import Act, Course, View
from harness.swarm.load_records import Ending, totals
from harness.swarm.orders import Close, Conclude, Finish, Start, Stop, Visit
from harness.swarm.plan import Limits, LoadPlan, run_mark
from harness.swarm.planning import Wishes, plan_of
from harness.swarm.reports import decode_report
from harness.swarm.setup import Setup
from harness.swarm.stage import Kit
from harness.swarm.swarm import Report, Swarm
from harness.swarm.transport import PicowsDialer
from scenarios.words import prepare
from schemas.ledger_totals import ANOMALY_WORDS
from schemas.records import Record

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "scenarios" / "populations"
PROFILE = ROOT / "reference_server" / "profile.toml"
_TICK_S = 0.05


def small_plan(name: str, url: str, **changes: Any) -> LoadPlan:
    """The shipped population ``name``, made small: ``changes`` are wishes and plan fields."""
    wanted = {key: changes.pop(key) for key in tuple(changes) if key in Wishes.__struct_fields__}
    population = find_population(name, SHIPPED)
    habits = changes.pop("habits", {})
    customer = msgspec.structs.replace(population.customer, **habits)
    population = msgspec.structs.replace(population, customer=customer)
    places = {
        "run_id": name,
        "run": run_mark(crc32(name.encode())),
        "out": "",
        "url": url,
        "profile": str(PROFILE),
        "limits": Limits(connects_per_s=500.0, quiet_s=1.0),
    }
    return plan_of(population, Wishes(**wanted), seed=1, **(places | changes))


class LiveRun:
    """One run of ``plan`` by one swarm."""

    def __init__(self, plan: LoadPlan) -> None:
        self.plan, self.setup = plan, Setup(plan)
        now_ns = time.monotonic_ns()
        kit = Kit(prepare(plan, self.setup.profile), PicowsDialer())
        self.swarm = Swarm(self.setup, kit, 0, now_ns)
        self.course = Course(plan, now_ns)
        self.collection = Collection(self.setup, 1)
        self._schedule = sum(1 for _ in plan.schedule(plan.customers).entries())

    async def carry_out(self) -> "LiveRun":
        """Walk the whole course."""
        playing = asyncio.ensure_future(self.swarm.main())
        for number in range(self.plan.participants):
            self.swarm.join(number)
        while self.course.act is not Act.DONE:
            if not playing.done():
                self.swarm.report()
            await asyncio.sleep(_TICK_S)
            self._take_mail()
            for order in self.course.tick(time.monotonic_ns(), self._view()):
                self._carry_out(order)
        await playing
        return self

    @property
    def wrong(self) -> dict[str, int]:
        """What should be 0 and is not."""
        ledger = self.collection.ledger
        words = (*ANOMALY_WORDS, "in_flight", "unknown")
        found = {word: getattr(ledger, word) for word in words}
        found["failed"] = self.collection.connections["failed"]
        found["refused"] = self.collection.counts["refused_unexpectedly"]
        found["dropped"] = self.collection.connections["dropped_by_server"]
        found["faults"] = len(self.collection.faults)
        found["breaches"] = len(self.collection.breaches)
        found["unsent"] = self._schedule - self.collection.counts["scheduled_sent"]
        return {word: count for word, count in found.items() if count}

    @property
    def records(self) -> list[Record]:
        """What the run log would say at the end."""
        return totals(self.setup, self.collection, Ending(self._schedule, 0, 0))

    def _take_mail(self) -> None:
        while self.swarm.mail:
            letter = self.swarm.mail.popleft()
            if isinstance(letter, Report):
                for _ in self.collection.take(decode_report(letter.data)):
                    pass

    def _view(self) -> View:
        collection = self.collection
        return View(
            expected=self.plan.participants,
            workers=1,
            known_ns=collection.census.at_ns,
            census=collection.census,
            opened=collection.connections["opened"],
            failed=collection.connections["failed"],
            granted=self.plan.customers,
            outstanding=collection.books.outstanding,
            owing=tuple(collection.books.owing()),
            finals=collection.finals,
        )

    def _carry_out(self, order: Any) -> None:
        match order:
            case Start(t0_ns, customers):
                self.collection.start(t0_ns)
                self.swarm.start(t0_ns, customers)
            case Stop(at_ns):
                self.swarm.stop(at_ns)
            case Visit(conversations):
                self.swarm.visit(conversations)
            case Conclude(quiet):
                self.swarm.conclude(quiet=quiet)
            case Close(at_ns, complete):
                self.collection.close(at_ns, complete=complete)
            case Finish():
                self.swarm.finish()


def carry_out_all(plans: Iterable[LoadPlan]) -> list[LiveRun]:
    """All of them side by side."""

    async def run() -> list[LiveRun]:
        runs = [LiveRun(plan) for plan in plans]
        return await asyncio.gather(*(each.carry_out() for each in runs))

    return uvloop.run(run())
