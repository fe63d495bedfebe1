"""Watches a load for thresholds that end it early, from what is certain while it runs.

Counts come with the live line; latencies, and counts of a part of the load, from the seconds that
the master has written. What is under way counts for nothing, so a load is never ended for what may
yet turn out well.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

from harness.cli.live_line import Live
from harness.errors import UsageError
from harness.swarm.plan import LoadPlan
from harness.thresholds import Threshold, evaluate, measured, read_thresholds
from harness.thresholds.values import CasesDemand, FigureDemand, LatencyDemand
from harness.thresholds.windows import OPEN, RECEIVED
from schemas.histogram import Histogram
from schemas.ledger_totals import ANOMALY_WORDS
from schemas.load_records import Aborted, LoadTotals, Metric, Second
from schemas.records import LOG_VERSION, Header, Target, decode
from schemas.run_log import Run
from schemas.verdict_file import ThresholdOutcome, ThresholdResult

RUNNING = "running"
WATCHABLE = (
    *ANOMALY_WORDS,
    "acked",
    "dropped_by_server",
    "error_rate",
    "failed_connects",
    "foreign",
    "invalid",
    OPEN,
    "rate",
    "reached_share",
    RECEIVED,
    "reconnects",
    "redelivered",
    "refused",
    "sent",
    "unknown",
    "workers_lost",
)
"""The figures that are certain while a load runs; of a part of it, all are."""


def watchable(thresholds: Iterable[Threshold]) -> tuple[Threshold, ...]:
    """Those of ``thresholds`` that end a load early; UsageError for one that nobody can watch."""
    found = tuple(each for each in thresholds if each.grace_s is not None)
    for each in found:
        demand = each.demand
        live = isinstance(demand, LatencyDemand) or (
            isinstance(demand, FigureDemand)
            and (demand.name in WATCHABLE or demand.after_s is not None)
        )
        if not live:
            raise UsageError(
                f"the threshold {each.text!r} cannot end a load: it is known at the end alone",
                f"leave abort away; of the figures these can: {', '.join(WATCHABLE)}",
            )
    return found


def watched_of(file: Path | None) -> tuple[Threshold, ...]:
    """Those of the thresholds file ``file`` that end a load early; UsageError for wrong ones."""
    return () if file is None else watchable(read_thresholds(file))


class Watch:
    """One load of ``plan``, whose records so far lie in ``log`` (which need not exist yet)."""

    def __init__(self, thresholds: Sequence[Threshold], plan: LoadPlan, log: Path) -> None:
        self._thresholds, self._plan, self._path = thresholds, plan, log
        self._file: IO[bytes] | None = None
        self._rest = b""
        self._seconds: list[Second] = []
        self._by_second = any(map(_of_seconds, thresholds))
        self._sums: dict[str, Histogram] = {}

    def missed(self, live: Live) -> Aborted | None:
        """The first threshold that is missed after its grace time, if one is."""
        if not self._thresholds or live.act != RUNNING or live.totals is None:
            return None
        for second in self._new_seconds():
            self._take(second)
        run = self._so_far(live.totals)
        for threshold in self._thresholds:
            if live.elapsed_s > (threshold.grace_s or 0.0):
                result = evaluate(threshold, run)
                if result.outcome is ThresholdOutcome.MISSED:
                    return _aborted(result, live.elapsed_s)
        return None

    def close(self) -> None:
        """Let the file go."""
        if self._file is not None:
            self._file.close()

    def _new_seconds(self) -> Iterator[Second]:
        if self._file is None:
            if not self._path.exists():
                return
            self._file = self._path.open("rb")
        *lines, self._rest = (self._rest + self._file.read()).split(b"\n")
        for line in lines:
            record = decode(line)
            if isinstance(record, Second):
                yield record

    def _take(self, second: Second) -> None:
        """A second of the warm-up stays out of the figures; the one it ends in does too."""
        if second.second < self._plan.warm_up_s:
            return
        if self._by_second:
            self._seconds.append(second)
        for name, data in second.latencies.items():
            self._sums.setdefault(name, Histogram()).merge(data)

    def _so_far(self, totals: LoadTotals) -> Run:
        metrics = {
            name: Metric(name=name, latency=sum_.data(), service=sum_.data())
            for name, sum_ in self._sums.items()
        }
        return Run(
            header=_header(self._plan),
            cases=[],
            plan=None,
            seconds=[*self._seconds],
            metrics=metrics,
            totals=totals,
            generators=[],
            anomalies=[],
            violations=[],
            errors=[],
            notes=[],
            parts=[],
            footer=None,
            damaged=[],
        )


def _of_seconds(threshold: Threshold) -> bool:
    """Whether it is held against single seconds, not sums alone."""
    demand = threshold.demand
    if isinstance(demand, FigureDemand) and demand.name in (OPEN, RECEIVED):
        return True
    return not isinstance(demand, CasesDemand) and bool(demand.after_s)


def _header(plan: LoadPlan) -> Header:
    """Of a run that nobody is shown."""
    return Header(
        log_version=LOG_VERSION,
        run_id=plan.run_id,
        started="",
        command=[],
        seed=plan.seed,
        parts=["load"],
        target=Target(url="", profile_name="", profile={}),
        versions={},
        machine={},
    )


def _aborted(result: ThresholdResult, at_s: float) -> Aborted:
    return Aborted(text=result.text, at_s=at_s, value=result.value, note=measured(result))
