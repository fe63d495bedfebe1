"""The load part as the page shows it: rates, latencies, charts, the ledger and what went wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from reports import figures
from reports.allowance import Allowance
from reports.case_views import FindingView
from reports.chart_marks import with_marks
from reports.charts import connection_chart, latency_chart, rate_chart, trouble_chart
from reports.distribution import heat_map, percentile_chart
from reports.drawing import Chart
from reports.ledger_view import LedgerView, ledger_view
from reports.metric_words import METRIC_MEANING, by_weight
from reports.page_cases import finding_view
from reports.series import Bin, bins
from reports.server_charts import server_charts
from reports.server_view import mark_views, server_pairs, server_sources
from reports.symbols import OUTCOME_TONE, Tone
from schemas.histogram import HistogramData, judging_quantile
from schemas.load_records import (
    Anomaly,
    Generator,
    LoadPlanned,
    LoadTotals,
    Metric,
    SlowMessage,
    Violation,
)
from schemas.run_log import Run
from schemas.summary import Load
from schemas.verdicts import Outcome

_CHARTS, _IN_FULL = 4, 2
_HEAT_BINS = 120
_METRICS = 24
_EXAMPLES = 40
_SLOWEST = 20
_FRAMES = 6
_OF_AN_EXCHANGE = ("sent", "answered with")


@dataclass(frozen=True, slots=True)
class Cell:
    """One quantile as written; ``indicative`` when too few samples lie beyond it."""

    text: str
    indicative: bool


@dataclass(frozen=True, slots=True)
class LatencyRow:
    """One line of the latency table; ``kind`` is what it counts from: ``due`` or ``sent``."""

    kind: str
    count: int
    unanswered: int
    cells: list[Cell]
    max_us: int | None


@dataclass(frozen=True, slots=True)
class MetricView:
    """One metric with its two rows."""

    name: str
    meaning: str
    rows: list[LatencyRow]


@dataclass(frozen=True, slots=True)
class FrameView:
    """One frame as text; ``caption`` says whose, "" where nobody knows."""

    caption: str
    text: str


@dataclass(frozen=True, slots=True)
class AnomalyView:
    """One example of an anomaly with its frames."""

    word: str
    detail: str
    at_s: float
    frames: list[FrameView]


@dataclass(frozen=True, slots=True)
class SlowView:
    """One of the slowest messages, with what came from outside made harmless."""

    figures: SlowMessage
    type: str
    detail: str
    frames: list[FrameView]


@dataclass(frozen=True, slots=True)
class ViolationView:
    """A clause broken under load, how often, and what the profile makes of it."""

    finding: FindingView
    count: int
    outcome: Outcome
    tone: Tone


@dataclass(frozen=True, slots=True)
class GeneratorView:
    """How one worker fared, with the reasons made harmless."""

    figures: Generator
    reasons: list[str]


@dataclass(frozen=True, slots=True)
class LoadView:
    """All of the part. ``totals`` and ``load`` are None when the log ends before the sums."""

    plan: LoadPlanned | None
    model: str
    totals: LoadTotals | None
    load: Load | None
    close_codes: list[tuple[str, int]]
    metrics: list[MetricView]
    charts: list[Chart]
    series: list[Bin]
    series_metrics: list[str]
    ledger: LedgerView | None
    anomalies: list[AnomalyView]
    anomalies_left_out: int
    violations: list[ViolationView]
    violations_left_out: int
    generators: list[GeneratorView]
    server: list[tuple[str, str]]
    server_sources: list[str]
    slowest: list[SlowView]

    @property
    def saturated(self) -> bool:
        """Whether a generator was at its limit."""
        return any(worker.figures.saturated for worker in self.generators)


def load_view(
    run: Run, load: Load | None, allowance: Allowance, frames: Allowance | None = None
) -> LoadView | None:
    """The view of the run's load part, None where there is none.

    ``frames`` is the room for those of single messages (None: they are left out), ``allowance``
    for all other texts.
    """
    if not (run.plan or run.totals or run.seconds or run.metrics):
        return None
    series = bins(run.seconds)
    names = _series(run.metrics, series)
    # What every load has is named before its examples can take the room.
    metrics = [_metric(run.metrics[name], allowance) for name in names if name in run.metrics]
    charts = load_charts(run, series, names, allowance)
    sources = _sources(load, allowance)
    return LoadView(
        plan=run.plan,
        model=allowance.text(run.plan.model, 40) if run.plan else "",
        totals=run.totals,
        load=load,
        close_codes=_close_codes(load, allowance),
        violations=[_violation(found, allowance) for found in run.violations[:_EXAMPLES]],
        violations_left_out=max(0, len(run.violations) - _EXAMPLES),
        anomalies=[_anomaly(found, allowance, frames) for found in run.anomalies[:_EXAMPLES]],
        anomalies_left_out=max(0, len(run.anomalies) - _EXAMPLES),
        metrics=metrics,
        charts=charts,
        series=series,
        series_metrics=[name for name in ("ack", "deliver") if name in names],
        ledger=ledger_view(run.totals.ledger) if run.totals else None,
        generators=[
            GeneratorView(worker, [allowance.text(reason) for reason in worker.reasons[:_FRAMES]])
            for worker in run.generators[:_EXAMPLES]
        ],
        server=server_pairs(load.server) if load and load.server else [],
        server_sources=sources,
        slowest=[_slow(each, allowance, frames) for each in run.slowest[:_SLOWEST]],
    )


def _sources(load: Load | None, allowance: Allowance) -> list[str]:
    found = server_sources(load.server) if load and load.server else []
    return [allowance.text(source, 200) for source in found]


def _close_codes(load: Load | None, allowance: Allowance) -> list[tuple[str, int]]:
    codes = sorted(load.connections.close_codes.items()) if load else []
    return [(allowance.text(code, 20), number) for code, number in codes[:_EXAMPLES]]


def _series(metrics: dict[str, Metric], series: Sequence[Bin]) -> list[str]:
    """Every metric that has a total, or any second with samples."""
    return by_weight([*metrics, *(name for bin_ in series for name in bin_.latencies)])[:_METRICS]


def load_charts(
    run: Run, series: Sequence[Bin], names: Sequence[str], allowance: Allowance
) -> list[Chart]:
    """The charts of ``run``, whose ``series`` and metrics these are; the first metrics in full."""
    known = [name for name in names[:_CHARTS] if name in run.metrics][:_IN_FULL]
    titles = {name: allowance.text(name, 40) for name in names[:_CHARTS]}
    drawn: list[Chart | None] = []
    overall = [percentile_chart(run.metrics[name], titles[name]) for name in known]
    if series:
        latencies = [latency_chart(name, title, series) for name, title in titles.items()]
        coarse = bins(run.seconds, _HEAT_BINS)
        heat = [heat_map(name, titles[name], coarse) for name in list(titles)[:_IN_FULL]]
        drawn += [*latencies[:_IN_FULL], *heat, *overall]
        drawn += [rate_chart(series), trouble_chart(series), connection_chart(series)]
        drawn += [*server_charts(run.observed, series), *latencies[_IN_FULL:]]
    else:
        drawn += overall
    marks = mark_views(run)
    return [with_marks(chart, marks) for chart in drawn if chart is not None]


def _metric(metric: Metric, allowance: Allowance) -> MetricView:
    return MetricView(
        name=allowance.text(metric.name, 60),
        meaning=METRIC_MEANING.get(metric.name, ""),
        rows=[
            _row("due", metric.latency, metric.unanswered),
            _row("sent", metric.service, metric.timeouts + metric.in_flight),
        ],
    )


def _row(kind: str, data: HistogramData, unanswered: int) -> LatencyRow:
    found = [judging_quantile(data, share, unanswered) for _, _, share in figures.QUANTILES]
    return LatencyRow(
        kind=kind,
        count=data.count,
        unanswered=unanswered,
        cells=[Cell(figures.judged(each), each.indicative and each.samples > 0) for each in found],
        max_us=data.max_us if data.count else None,
    )


def _anomaly(anomaly: Anomaly, allowance: Allowance, frames: Allowance | None) -> AnomalyView:
    return AnomalyView(
        word=allowance.text(anomaly.word, 40),
        detail=allowance.text(anomaly.detail, 500),
        at_s=anomaly.at_s,
        frames=_frames(anomaly.frames, anomaly.captions, frames),
    )


def _slow(slow: SlowMessage, allowance: Allowance, frames: Allowance | None) -> SlowView:
    return SlowView(
        figures=slow,
        type=allowance.text(slow.type, 40),
        detail=allowance.text(slow.detail, 200),
        frames=_frames(slow.frames, _OF_AN_EXCHANGE, frames),
    )


def _frames(
    shown: Sequence[str], captions: Sequence[str], room: Allowance | None
) -> list[FrameView]:
    """The first few, and no more of them than there is room for."""
    if room is None:
        return []
    pairs = zip_longest(shown[:_FRAMES], captions[: min(len(shown), _FRAMES)], fillvalue="")
    found: list[FrameView] = []
    for frame, caption in pairs:
        if room.spent:
            break
        found.append(FrameView(room.text(caption, 100), room.text(frame, 1_000)))
    return found


def _violation(violation: Violation, allowance: Allowance) -> ViolationView:
    return ViolationView(
        finding=finding_view(violation.finding, allowance),
        count=violation.count,
        outcome=violation.outcome,
        tone=OUTCOME_TONE[violation.outcome],
    )
