"""``summary.json``: the public, stable form of a run's results, derived from its log and verdict.

Additions are minor versions and nothing is renamed. A part that did not run is null; a quantile
without samples is null, never 0.
"""

from collections import Counter
from typing import Any, TypeVar

import msgspec

from schemas.expectations import Expectation, ExpectationResult
from schemas.histogram import HistogramData, Quantile, judging_quantile
from schemas.ledger_totals import LedgerTotals
from schemas.load_records import Connections, Frames, Generator, LoadTotals, Metric
from schemas.run_log import Run
from schemas.server_side import ServerSide, server_side
from schemas.verdict_file import BaselineResult, ThresholdResult, VerdictFile
from schemas.verdicts import ExitCode, Level, Outcome, Verdict

SUMMARY_VERSION = "1.4"
SUMMARY_FILE = "summary.json"
_NOTES = 20
_NOTE_CHARS = 500


class RunPart(msgspec.Struct, frozen=True, kw_only=True):
    """Which run it was."""

    id: str
    started: str
    duration_s: float | None
    seed: int
    partial: bool
    scenario: str | None
    model: str | None
    workers: int | None
    workers_lost: int | None
    target: str


class CaseSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One conformance case without its evidence.

    ``expected`` is the entry of the expected results that made its outcome, null for none.
    """

    id: str
    outcome: Outcome
    level: Level
    clauses: list[str]
    message: str
    duration_ms: float
    expected: Expectation | None = None


class Conformance(msgspec.Struct, frozen=True, kw_only=True):
    """The conformance part. ``counts`` maps level to outcome to number of cases.

    ``foreign`` counts what arrived that no case at hand had caused: live users, bots, welcomes, and
    what earlier cases left.
    """

    counts: dict[Level, dict[Outcome, int]]
    cases: list[CaseSummary]
    foreign: int = 0


class RateSummary(msgspec.Struct, frozen=True, kw_only=True):
    """The schedule and how far it was kept; ``reached_share`` is null when nothing was due."""

    asked: float
    due: int
    sent_in_time: int
    unsent: int
    reached_share: float | None


class Latency(msgspec.Struct, frozen=True, kw_only=True):
    """Quantiles in µs; where one is null because too many were unanswered, ``…_at_least_us``
    holds the largest latency that was seen.
    """

    count: int
    p50_us: int | None
    p90_us: int | None
    p99_us: int | None
    p999_us: int | None
    max_us: int | None
    p50_at_least_us: int | None = None
    p90_at_least_us: int | None = None
    p99_at_least_us: int | None = None
    p999_at_least_us: int | None = None


class MetricSummary(Latency, frozen=True, kw_only=True):
    """One latency series from the due time; ``service`` is the same from the time really sent."""

    timeouts: int
    in_flight: int
    unsent: int
    service: Latency


class GeneratorSummary(msgspec.Struct, frozen=True, kw_only=True):
    """The worst worker's figures."""

    loop_lag_p99_us: int | None
    schedule_lag_p99_us: int | None
    cpu_share: float | None
    core_wait_share: float | None
    saturated: bool


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """The load part."""

    rate: RateSummary
    connections: Connections
    metrics: dict[str, MetricSummary]
    ledger: LedgerTotals
    frames: Frames
    generator: GeneratorSummary | None
    error_rate: float | None
    server: ServerSide | None = None


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """All of ``summary.json``. ``notes`` are the first things worth knowing that judge nothing."""

    schema_version: str = SUMMARY_VERSION
    verdict: Verdict
    exit_code: ExitCode
    reasons: list[str]
    run: RunPart
    conformance: Conformance | None
    load: Load | None
    thresholds: list[ThresholdResult]
    expectations: list[ExpectationResult] = []
    baseline: BaselineResult | None = None
    notes: list[str] = []


def summarize(run: Run, verdict: VerdictFile) -> Summary:
    """The summary of ``run`` as judged by ``verdict``."""
    return Summary(
        verdict=verdict.verdict,
        exit_code=verdict.exit_code,
        reasons=verdict.reasons,
        run=_run_part(run),
        conformance=_conformance(run) if run.cases else None,
        load=_load(run, run.totals) if run.totals is not None else None,
        thresholds=verdict.thresholds,
        expectations=verdict.expectations,
        baseline=verdict.baseline,
        notes=[note.text[:_NOTE_CHARS] for note in run.notes[:_NOTES]],
    )


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of ``summary.json``."""
    schema = msgspec.json.schema(Summary)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:chatsocket-harness:summary:{SUMMARY_VERSION}",
        **schema,
    }


def error_rate(totals: LoadTotals) -> float | None:
    """(unexpectedly refused + unknown + unsent + failed connects) / (due + connects asked)."""
    asked = totals.rate.due + totals.connections.asked
    wrong = totals.refused_unexpectedly + totals.ledger.unknown
    wrong += totals.rate.unsent + totals.connections.failed
    return wrong / asked if asked else None


def _run_part(run: Run) -> RunPart:
    plan, totals = run.plan, run.totals
    return RunPart(
        id=run.header.run_id,
        started=run.header.started,
        duration_s=run.footer.duration_s if run.footer else None,
        seed=run.header.seed,
        partial=run.partial,
        scenario=plan.scenario if plan else None,
        model=plan.model if plan else None,
        workers=plan.workers if plan else None,
        workers_lost=totals.workers_lost if totals else None,
        target=run.header.target.url,
    )


def _conformance(run: Run) -> Conformance:
    counted = {level: Counter[Outcome]() for level in Level}
    for case in run.cases:
        counted[case.level][case.outcome] += 1
    return Conformance(
        counts={level: dict(outcomes) for level, outcomes in counted.items()},
        foreign=sum(case.foreign for case in run.cases),
        cases=[
            CaseSummary(
                id=case.id,
                outcome=case.outcome,
                level=case.level,
                clauses=case.clauses,
                message=case.message,
                duration_ms=case.duration_ms,
                expected=case.expected,
            )
            for case in run.cases
        ],
    )


def _load(run: Run, totals: LoadTotals) -> Load:
    rate = totals.rate
    return Load(
        rate=RateSummary(
            asked=rate.asked,
            due=rate.due,
            sent_in_time=rate.sent_in_time,
            unsent=rate.unsent,
            reached_share=rate.sent_in_time / rate.due if rate.due else None,
        ),
        connections=totals.connections,
        metrics={name: _metric(metric) for name, metric in run.metrics.items()},
        ledger=totals.ledger,
        frames=totals.frames,
        generator=_generator(run.generators),
        error_rate=error_rate(totals),
        server=_server(run),
    )


def _server(run: Run) -> ServerSide | None:
    plan = run.plan
    from_s, until_s = (plan.warm_up_s, plan.duration_s) if plan else (0.0, float("inf"))
    return server_side(run.observed, run.seconds, from_s, until_s)


def _metric(metric: Metric) -> MetricSummary:
    latency = _latency(metric.latency, metric.unanswered)
    return MetricSummary(
        **msgspec.structs.asdict(latency),
        timeouts=metric.timeouts,
        in_flight=metric.in_flight,
        unsent=metric.unsent,
        service=_latency(metric.service, metric.timeouts + metric.in_flight),
    )


def _latency(data: HistogramData, unanswered: int) -> Latency:
    found: dict[str, Quantile] = {
        name: judging_quantile(data, share, unanswered)
        for name, share in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p999", 0.999))
    }
    values = {f"{name}_us": quantile.value_us for name, quantile in found.items()}
    floors = {f"{name}_at_least_us": quantile.at_least_us for name, quantile in found.items()}
    return Latency(count=data.count, max_us=data.max_us if data.count else None, **values, **floors)


def _generator(workers: list[Generator]) -> GeneratorSummary | None:
    if not workers:
        return None
    return GeneratorSummary(
        loop_lag_p99_us=_worst([w.loop_lag_p99_us for w in workers]),
        schedule_lag_p99_us=_worst([w.schedule_lag_p99_us for w in workers]),
        cpu_share=_worst([w.cpu_share for w in workers]),
        core_wait_share=_worst([w.core_wait_share for w in workers]),
        saturated=any(worker.saturated for worker in workers),
    )


Number = TypeVar("Number", int, float)


def _worst(values: list[Number | None]) -> Number | None:
    return max((value for value in values if value is not None), default=None)
