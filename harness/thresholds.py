"""The language of thresholds: ``p99(ack) < 500ms``, ``lost == 0``, ``error_rate < 0.1%``.

Parsing and evaluation are pure: text in, value out; a run in, a result out.

    threshold = quantity operator limit
    quantity  = ("p50" | "p90" | "p99" | "p99.9" | "max") "(" metric ")" | count | share
    operator  = "<" | "<=" | ">" | ">=" | "=="
    limit     = number [ "us" | "ms" | "s" | "%" ]
"""

import operator
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import msgspec

from harness.errors import UsageError, nearest
from schemas.histogram import judging_quantile
from schemas.ledger_totals import LedgerTotals
from schemas.records import LoadTotals, Metric
from schemas.run_log import Run
from schemas.summary import error_rate
from schemas.verdict_file import ThresholdOutcome, ThresholdResult

DEFAULTS = ("error_rate < 0.1%", "p99(ack) < 500ms")
"""What a gate demands of every load run beside the absence of violations."""

METRICS = (
    "ack",
    "connect",
    "deliver",
    "first_answer",
    "login",
    "offer",
    "reconnect",
    "replay",
    "staff_ack",
    "staff_deliver",
    "staff_replay",
)
_QUANTILES = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "p99.9": 0.999, "max": 1.0}
_OPERATORS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
}
_UNITS = {"us": 1.0, "ms": 1e3, "s": 1e6}
_FORM = re.compile(
    r"\s*(?P<name>[a-z0-9_.]+)\s*(?:\(\s*(?P<metric>[a-z0-9_]+)\s*\))?"
    r"\s*(?P<operator><=|>=|==|<|>)\s*(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>us|ms|s|%)?\s*"
)


class Threshold(msgspec.Struct, frozen=True):
    """One demand. ``metric`` is None for counts and shares; ``limit`` is in µs, or plain."""

    text: str
    name: str
    metric: str | None
    operator: str
    limit: float

    @property
    def bounds_above(self) -> bool:
        """Whether it is an upper bound, which what was never answered cannot meet."""
        return self.operator in ("<", "<=", "==")


def parse(text: str) -> Threshold:
    """The threshold that ``text`` says; UsageError with the place where it cannot be read."""
    match = _FORM.match(text)
    if match is None:
        raise _unreadable(text, _column(text), "expected: quantity operator limit")
    if match.end() != len(text):
        raise _unreadable(text, match.end() + 1, "expected the end")
    name, metric, unit = match["name"], match["metric"], match["unit"]
    _known(text, match, "name", _QUANTILES if metric else _counts())
    if metric:
        _known(text, match, "metric", METRICS)
    if unit not in ((*_UNITS,) if metric else (None, "%")):
        wanted = "a unit (us, ms or s)" if metric else "no unit, or %"
        raise _unreadable(text, match.end("number") + 1, f"expected {wanted}")
    scale = 0.01 if unit == "%" else _UNITS.get(unit or "", 1.0)
    limit = float(match["number"]) * scale
    return Threshold(text.strip(), name, metric, match["operator"], limit)


def read_thresholds(path: Path) -> tuple[Threshold, ...]:
    """The thresholds of a TOML file with one list, ``thresholds``; UsageError when it is wrong."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the thresholds file {path} cannot be read ({error})") from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"the thresholds file {path} is not TOML: {error}") from None
    rows = table.get("thresholds")
    strangers = sorted(table.keys() - {"thresholds"})
    if strangers or not isinstance(rows, list) or not all(isinstance(row, str) for row in rows):
        what = f"unknown key {strangers[0]!r}" if strangers else "no list of texts 'thresholds'"
        example = f"thresholds = {list(DEFAULTS)}".replace("'", '"')
        raise UsageError(f"the thresholds file {path} has {what}", f"write {example}")
    return tuple(parse(row) for row in rows)


def evaluate(threshold: Threshold, run: Run, *, saturated: bool = False) -> ThresholdResult:
    """Whether ``run`` meets ``threshold``.

    A saturated generator only lengthens latencies: it turns a missed latency bound into no verdict
    and leaves a met one met.
    """
    if run.totals is None:
        return _result(threshold, None, ThresholdOutcome.NO_VERDICT, "there was no load")
    if threshold.metric is not None:
        metric = run.metrics.get(threshold.metric)
        return _evaluate_latency(threshold, metric, saturated)
    value = _counts()[threshold.name](run.totals)
    if value is None:
        return _result(threshold, None, ThresholdOutcome.NO_VERDICT, "nothing was due")
    return _compared(threshold, value)


def _evaluate_latency(
    threshold: Threshold, metric: Metric | None, saturated: bool
) -> ThresholdResult:
    if metric is None:
        why = f"the run has no samples of {threshold.metric}"
        return _result(threshold, None, ThresholdOutcome.NO_VERDICT, why)
    share = _QUANTILES[threshold.name]
    found = judging_quantile(metric.latency, share, metric.unanswered)
    if found.indicative:
        why = f"{found.samples} samples, {found.needed} are needed"
        return _result(threshold, found.value_us, ThresholdOutcome.NO_VERDICT, why)
    if found.value_us is not None:
        result = _compared(threshold, found.value_us)
    else:
        outcome = ThresholdOutcome.MISSED if threshold.bounds_above else ThresholdOutcome.MET
        floor = (found.at_least_us or 0) / 1e3
        result = _result(threshold, None, outcome, f"not reached within {floor:g} ms")
    if saturated and result.outcome is ThresholdOutcome.MISSED:
        why = "missed, but the generator was saturated and lengthened it"
        return _result(threshold, result.value, ThresholdOutcome.NO_VERDICT, why)
    return result


def _compared(threshold: Threshold, value: float) -> ThresholdResult:
    met = _OPERATORS[threshold.operator](value, threshold.limit)
    return _result(threshold, value, ThresholdOutcome.MET if met else ThresholdOutcome.MISSED, "")


def _result(
    threshold: Threshold, value: float | None, outcome: ThresholdOutcome, note: str
) -> ThresholdResult:
    return ThresholdResult(
        text=threshold.text, value=value, limit=threshold.limit, outcome=outcome, note=note
    )


def _counts() -> Mapping[str, Callable[[LoadTotals], float | None]]:
    """Every count and share that a threshold may name, and where a run keeps it."""
    ledger: dict[str, Callable[[LoadTotals], float | None]] = {
        word: operator.attrgetter(f"ledger.{word}") for word in LedgerTotals.__struct_fields__
    }
    return ledger | {
        "error_rate": error_rate,
        "invalid": operator.attrgetter("frames.invalid"),
        "unsent": operator.attrgetter("rate.unsent"),
        "reached_share": lambda t: t.rate.sent_in_time / t.rate.due if t.rate.due else None,
        "dropped_by_server": operator.attrgetter("connections.dropped_by_server"),
        "failed_connects": operator.attrgetter("connections.failed"),
        "reconnects": operator.attrgetter("connections.reconnects"),
    }


def _column(text: str) -> int:
    """Where reading stops: after the longest beginning that could still become a threshold."""
    partial = re.match(r"\s*[a-z0-9_.]*\s*(\(\s*[a-z0-9_]*\s*\)?)?\s*(<=|>=|==|<|>|=)?\s*", text)
    return (partial.end() if partial else 0) + 1


def _unreadable(text: str, column: int, wanted: str) -> UsageError:
    return UsageError(
        f"the threshold {text!r} cannot be read at column {column}: {wanted}",
        f"write for example {DEFAULTS[1]!r} or 'lost == 0'",
    )


def _known(text: str, match: re.Match[str], part: str, names: Iterable[str]) -> None:
    """UsageError with the nearest name when what stands at ``part`` is none of ``names``."""
    name, column = match[part], match.start(part) + 1
    if name in names:
        return
    close = nearest(name, names)
    advice = f"did you mean {close!r}?" if close else f"there are: {', '.join(names)}"
    raise UsageError(f"the threshold {text!r}, column {column}: there is no {name!r}", advice)
