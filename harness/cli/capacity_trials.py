"""The trials of a capacity search as load runs: from a level to a plan, and from a run to what it
says."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from harness.capacity import Sizes, judged
from harness.cli.load_options import demand_borne
from harness.cli.load_runs import LoadRuns
from harness.errors import OutputUnusable, UsageError
from harness.swarm.plan import LoadPlan, Model
from harness.thresholds import Threshold
from reports.progress import Progress
from schemas.capacity import Of, TrialOutcome, TrialReport

_OVERHEAD_S = 5.0


@dataclass(frozen=True, slots=True)
class Ladder:
    """Plans by level. ``first`` is that of the level at which the search begins."""

    of: Of
    first: LoadPlan

    def __post_init__(self) -> None:
        if self.of is Of.RATE and self.first.model is Model.CLOSED:
            raise UsageError(
                "the closed model has no rate that could be raised",
                "search with --of participants, or choose an open --model",
            )

    @property
    def start(self) -> float:
        """The level of the first plan."""
        return self.first.rate if self.of is Of.RATE else float(self.first.participants)

    def rate(self, level: float) -> float:
        """Customers' messages a second at ``level``."""
        if self.of is Of.RATE:
            return level
        return self.first.rate * self._customers(level) / self.first.customers

    def at(self, level: float, measured_s: float, seed: int) -> LoadPlan:
        """The plan of ``level``; UsageError when it cannot be."""
        size: dict[str, int] = {}
        if self.of is Of.PARTICIPANTS:
            customers = self._customers(level)
            size = {"customers": customers, "staff": round(level) - customers}
        return msgspec.structs.replace(
            self.first,
            rate=self.rate(level),
            duration_s=self.first.warm_up_s + measured_s,
            seed=seed,
            **size,
        )

    def _customers(self, level: float) -> int:
        first = self.first
        return max(1, round(level * first.customers / first.participants))


class Interrupted(Exception):
    """The user wants no more trials."""


class Unreachable(Exception):
    """Nobody was ever let in; ``str()`` says why."""


class Trials:
    """Makes trials into ``folder``, numbered from 1; ``reports`` has one of each."""

    def __init__(
        self,
        ladder: Ladder,
        slos: Sequence[Threshold],
        sizes: Sizes,
        runs: LoadRuns,
        folder: Path,
    ) -> None:
        self.reports: list[TrialReport] = []
        self._ladder, self._slos, self._sizes, self._runs = ladder, slos, sizes, runs
        self._folder = folder
        self._reached = False
        self._overhead_s = _OVERHEAD_S

    @property
    def progress(self) -> Progress:
        """Where the user is told how it goes."""
        return self._runs.progress

    @property
    def of(self) -> Of:
        """What is raised."""
        return self._ladder.of

    def expected_s(self, level: float) -> float:
        """How long the next trial of ``level`` takes, with connecting, drain and report."""
        measured_s = self._sizes.measured_s(self._ladder.rate(level))
        return self._ladder.first.warm_up_s + measured_s + self._overhead_s

    def run(self, level: float) -> TrialOutcome:
        """Try ``level`` once. Interrupted; Unreachable; UsageError when the first cannot be."""
        number = len(self.reports) + 1
        seed = self._ladder.first.seed + number - 1
        measured_s = self._sizes.measured_s(self._ladder.rate(level))
        name = f"{number:03d}-{level:g}"
        report = TrialReport(
            number=number,
            level=level,
            outcome=TrialOutcome.BARRED,
            duration_s=measured_s,
            seed=seed,
            folder=name,
            results=[],
        )
        try:
            report = self._tried(report, self._ladder.at(level, measured_s, seed))
        except OutputUnusable:
            raise
        except UsageError as error:
            if number == 1:
                raise
            report = msgspec.structs.replace(report, folder="", note=str(error))
        self.reports.append(report)
        return report.outcome

    def _tried(self, report: TrialReport, plan: LoadPlan) -> TrialReport:
        demand_borne(plan, self._runs.profile)
        began = time.monotonic()

        def planning(mark: str, folder: Path) -> LoadPlan:
            return msgspec.structs.replace(plan, run=mark, run_id=folder.name, out=str(folder))

        made = self._runs.make(planning, self._folder / report.folder)
        if made.interrupted:
            raise Interrupted
        self._overhead_s = time.monotonic() - began - plan.until_s
        found = judged(self._slos, made.run, reached_before=self._reached)
        totals = made.run.totals
        self._reached = self._reached or (totals is not None and totals.connections.opened > 0)
        if not self._reached:
            raise Unreachable(made.reason or found.note)
        self._sizes.learn(made.run)
        return msgspec.structs.replace(
            report, outcome=found.outcome, results=found.results, note=found.note
        )
