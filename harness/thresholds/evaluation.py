"""Holds a run to a threshold: met, missed, or not to be decided."""

import operator
from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase

from harness.clocks.far import MOST_NEGATIVE_SHARE
from harness.thresholds.figures import CONFORMANCE, figures
from harness.thresholds.values import CasesDemand, FigureDemand, LatencyDemand, Threshold
from harness.thresholds.windows import OPEN, open_levels, seconds_of, windowed
from schemas.histogram import HistogramData, judging_quantile, merged
from schemas.load_records import Metric
from schemas.run_log import Run
from schemas.verdict_file import ThresholdOutcome, ThresholdResult
from schemas.verdicts import Outcome

_OPERATORS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
}
_GOOD = (Outcome.PASSED, Outcome.NON_STRICT, Outcome.INFORMATIONAL, Outcome.EXPECTED_FAILURE)
_BAD = (Outcome.FAILED, Outcome.UNEXPECTED_PASS)


def evaluate(threshold: Threshold, run: Run, *, saturated: bool = False) -> ThresholdResult:
    """Whether ``run`` meets ``threshold``.

    A saturated generator only lengthens latencies: it turns a missed latency bound into no verdict
    and leaves a met one met.
    """
    demand = threshold.demand
    if isinstance(demand, CasesDemand):
        return _cases(threshold, demand, run)
    if isinstance(demand, FigureDemand):
        return _figure(threshold, demand, run)
    return _latency(threshold, demand, run, saturated)


def measured(result: ThresholdResult) -> str:
    """What was measured, in words; why there is nothing, where there is not."""
    if result.value is None:
        return result.note
    if result.text.startswith("cases"):
        return f"{result.value:g} that did not pass: {result.note}"
    if "(" in result.text:
        return f"{result.value / 1e3:.4g} ms"
    return f"{result.value:.4%}" if "%" in result.text else f"{result.value:g}"


def _figure(threshold: Threshold, demand: FigureDemand, run: Run) -> ThresholdResult:
    value, limit = _value(demand.name, demand, run), demand.limit
    if demand.times:
        base = _value(demand.times, demand, run)
        limit *= base if base is not None else 0.0
    if value is None:
        return _undecided(threshold, None, limit, _absent(demand, run))
    met = _OPERATORS[demand.operator](value, limit)
    return _result(threshold, value, limit, met=met)


def _value(name: str, demand: FigureDemand, run: Run) -> float | None:
    if name == OPEN and run.totals is not None:
        return _worst(open_levels(run, demand.after_s or 0.0), demand)
    if demand.after_s is None or run.totals is None:
        return figures()[name](run)
    return windowed()[name](run, demand.after_s)


def _worst(levels: Sequence[int], demand: FigureDemand) -> int | None:
    """A level must meet its limit at every moment: the one that is the furthest from it counts."""
    if demand.operator in (">", ">="):
        return min(levels, default=None)
    if demand.operator in ("<", "<="):
        return max(levels, default=None)
    return max(levels, key=lambda level: abs(level - demand.limit), default=None)


def _absent(demand: FigureDemand, run: Run) -> str:
    if demand.name.startswith(f"{CONFORMANCE}."):
        return "no case was run"
    if run.totals is None:
        return "there was no load"
    if demand.after_s is None:
        return "nothing was due"
    found = seconds_of(run, demand.after_s)
    if not found:
        return f"the load was over before {demand.after_s:g} s"
    if not sum(each.counts.get("due", 0) for each in found):
        return f"nothing was due after {demand.after_s:g} s"
    return "its log does not tell this by second: an earlier version wrote it"


def _cases(threshold: Threshold, demand: CasesDemand, run: Run) -> ThresholdResult:
    """The value is how many of the cases did not pass; none that fits is no verdict."""
    wanted = [case for case in run.cases if fnmatchcase(case.id, _glob(demand.pattern))]
    ran = [case for case in wanted if case.outcome is not Outcome.NOT_APPLICABLE]
    if not ran:
        why = f"no case that applies fits {demand.pattern!r}"
        return _undecided(threshold, None, 0, why)
    bad = [case.id for case in ran if case.outcome in _BAD]
    if bad:
        return _result(threshold, len(bad), 0, met=False, note=", ".join(bad[:3]))
    unclear = [case.id for case in ran if case.outcome not in _GOOD]
    if unclear:
        return _undecided(threshold, None, 0, f"undecided: {', '.join(unclear[:3])}")
    return _result(threshold, 0, 0, met=True)


def _glob(pattern: str) -> str:
    """Ids join group and name by a hyphen; ``delivery.*`` means the group all the same."""
    return pattern.replace(".", "-", 1) if "." in pattern else pattern


def _latency(
    threshold: Threshold, demand: LatencyDemand, run: Run, saturated: bool
) -> ThresholdResult:
    if run.totals is None:
        return _undecided(threshold, None, demand.limit, "there was no load")
    series = f"{demand.metric}.{demand.kind}" if demand.kind else demand.metric
    metric = run.metrics.get(series)
    if metric is None:
        why = f"the run has no samples of {series}"
        return _undecided(threshold, None, demand.limit, why)
    if _clocks_disagree(metric):
        why = f"{metric.negative} of its samples are negative: the hosts' clocks are not known well"
        return _undecided(threshold, None, demand.limit, why)
    found = judging_quantile(_window(run, metric, demand), demand.share, metric.unanswered)
    if found.indicative:
        why = f"{found.samples} samples, {found.needed} are needed"
        return _undecided(threshold, found.value_us, demand.limit, why)
    if found.value_us is not None:
        met = _OPERATORS[demand.operator](found.value_us, demand.limit)
        result = _result(threshold, found.value_us, demand.limit, met=met)
    else:  # what was never answered cannot meet an upper bound
        floor = (found.at_least_us or 0) / 1e3
        met = demand.operator not in Threshold.upper
        note = f"not reached within {floor:g} ms"
        result = _result(threshold, None, demand.limit, met=met, note=note)
    if saturated and result.outcome is ThresholdOutcome.MISSED:
        why = f"missed, but the generator was saturated and lengthened it{_advice(run)}"
        return _undecided(threshold, result.value, demand.limit, why)
    return result


def _advice(run: Run) -> str:
    advice = dict.fromkeys(step for worker in run.generators for step in worker.advice)
    return f"; {', '.join(advice)}" if advice else ""


def _clocks_disagree(metric: Metric) -> bool:
    """More than 0.1 % arrived before they were sent (measurement §4)."""
    return metric.negative > MOST_NEGATIVE_SHARE * (metric.latency.count + metric.negative)


def _window(run: Run, metric: Metric, demand: LatencyDemand) -> HistogramData:
    """The samples of the window. What was never answered counts for any window."""
    if not demand.after_s:
        return metric.latency
    return merged(
        each.latencies[metric.name]
        for each in seconds_of(run, demand.after_s)
        if metric.name in each.latencies
    )


def _result(
    threshold: Threshold, value: float | None, limit: float, *, met: bool, note: str = ""
) -> ThresholdResult:
    outcome = ThresholdOutcome.MET if met else ThresholdOutcome.MISSED
    return ThresholdResult(
        text=threshold.text,
        value=value,
        limit=limit,
        outcome=outcome,
        note=note,
        severity=threshold.severity,
    )


def _undecided(
    threshold: Threshold, value: float | None, limit: float, why: str
) -> ThresholdResult:
    return ThresholdResult(
        text=threshold.text,
        value=value,
        limit=limit,
        outcome=ThresholdOutcome.NO_VERDICT,
        note=why,
        severity=threshold.severity,
    )
