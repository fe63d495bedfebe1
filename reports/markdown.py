"""Writes ``summary.md`` for a pipeline's job summary: failures first, never 60 lines long."""

from collections.abc import Iterable, Mapping

from reports import figures
from reports.case_words import what_went_wrong
from reports.material import Material
from reports.metric_words import by_weight
from reports.plain_text import markdown, one_line
from reports.server_view import mark_views, server_line
from reports.symbols import (
    OUTCOME_COLUMNS,
    OUTCOME_ORDER,
    OUTCOME_TONE,
    SYMBOL,
    VERDICT_TONE,
    VERDICT_WORDS,
    Tone,
    threshold_tone,
)
from schemas.case_records import CaseRecord
from schemas.ledger_totals import ANOMALY_WORDS
from schemas.summary import Conformance, Load, MetricSummary
from schemas.verdict_file import Severity, ThresholdResult
from schemas.verdicts import Level, Outcome

_REASONS = 6
_FAILURES = 10
_EXPECTED = 3
_METRICS = 6
_THRESHOLDS = 8
_MARKS = 3
_NOTES = 2
_THRESHOLDS_FIRST = (Tone.BAD, Tone.DOUBT, Tone.CALM, Tone.GOOD)
_CELL_CHARS = 160


def render(material: Material) -> str:
    """The whole document."""
    summary = material.summary
    parts = [
        _head(material),
        _failures(material.run.cases),
        _expected(material.run.cases),
        _thresholds(summary.thresholds),
        _conformance(summary.conformance) if summary.conformance else [],
        _load(summary.load) if summary.load else [],
        _marks(material),
        [f"- {_cell(note)}" for note in summary.notes[:_NOTES]],
        _foot(material),
    ]
    return "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"


def _head(material: Material) -> list[str]:
    summary = material.summary
    symbol = SYMBOL[VERDICT_TONE[summary.verdict]]
    lines = [f"## {symbol} {VERDICT_WORDS[summary.verdict]}: {_cell(summary.run.target)}", ""]
    lines += [f"- {_cell(reason)}" for reason in summary.reasons[:_REASONS]]
    lines += _more("- ", "reasons", len(summary.reasons) - _REASONS)
    if summary.run.partial:
        lines.append("- **Partial run**: a part of it is missing, and the figures cover the rest.")
    return lines


def _failures(cases: list[CaseRecord]) -> list[str]:
    wrong = sorted(
        (case for case in cases if OUTCOME_TONE[case.outcome] in (Tone.BAD, Tone.DOUBT)),
        key=lambda case: OUTCOME_ORDER.index(case.outcome),
    )
    if not wrong:
        return []
    rows = [
        (str(case.outcome), case.id, ", ".join(case.clauses), _what(case))
        for case in wrong[:_FAILURES]
    ]
    lines = ["### Cases that did not pass", "", *_table("llll", _CASE_HEAD, rows)]
    return lines + _more("\n", "cases", len(wrong) - _FAILURES)


def _expected(cases: list[CaseRecord]) -> list[str]:
    known = [case for case in cases if case.outcome is Outcome.EXPECTED_FAILURE]
    if not known:
        return []
    rows = [
        (case.id, ", ".join(case.clauses), case.expected.excuse if case.expected else case.message)
        for case in known[:_EXPECTED]
    ]
    lines = ["### Expected failures", "", *_table("lll", ("case", "clauses", "why"), rows)]
    return lines + _more("\n", "cases", len(known) - _EXPECTED)


_CASE_HEAD = ("outcome", "case", "clauses", "what")


def _what(case: CaseRecord) -> str:
    if case.expected is not None:
        return case.expected.excuse
    return what_went_wrong(case)


def _thresholds(results: list[ThresholdResult]) -> list[str]:
    if not results:
        return []
    ordered = sorted(results, key=lambda result: _THRESHOLDS_FIRST.index(threshold_tone(result)))
    rows = [
        (
            f"{SYMBOL[threshold_tone(result)]} {result.outcome}"
            + (", warns only" if result.severity is Severity.WARN else ""),
            result.text,
            figures.threshold(result, result.value),
        )
        for result in ordered[:_THRESHOLDS]
    ]
    lines = ["### Thresholds", "", *_table("llr", ("", "threshold", "measured"), rows)]
    return lines + _more("\n", "thresholds", len(results) - _THRESHOLDS)


def _conformance(conformance: Conformance) -> list[str]:
    seen = [
        outcome
        for outcome in OUTCOME_COLUMNS
        if any(outcome in counts for counts in conformance.counts.values())
    ]
    rows = [
        (level.upper(), *(str(conformance.counts[level].get(outcome, 0)) for outcome in seen))
        for level in Level
        if conformance.counts.get(level)
    ]
    head = ("level", *map(str, seen))
    return ["### Conformance", "", *_table("l" + "r" * len(seen), head, rows)]


def _load(load: Load) -> list[str]:
    rate, ledger = load.rate, load.ledger
    rows = [
        (
            name,
            figures.count(metric.count),
            *(figures.quantile(metric, key) for key, _, _ in figures.QUANTILES),
            figures.count(figures.unanswered(metric)),
        )
        for name, metric in _first(load.metrics)
    ]
    head = ("ms", "count", *(label for _, label, _ in figures.QUANTILES), "unanswered")
    wrong = [f"{word} {getattr(ledger, word)}" for word in ANOMALY_WORDS if getattr(ledger, word)]
    return [
        "### Load",
        "",
        f"{figures.per_second(rate.asked)} messages/s asked, {figures.share(rate.reached_share)} "
        f"sent in time; {figures.count(ledger.delivered)} of "
        f"{figures.count(ledger.expected_deliveries)} deliveries; "
        + (_cell(", ".join(wrong)) if wrong else "no delivery anomaly")
        + f"; {figures.count(load.frames.invalid)} invalid frames",
        "",
        *_table("lrrrrrr", head, rows),
        *_server(load),
    ]


def _first(metrics: Mapping[str, MetricSummary]) -> list[tuple[str, MetricSummary]]:
    return [(name, metrics[name]) for name in by_weight(metrics)[:_METRICS]]


def _server(load: Load) -> list[str]:
    words = server_line(load.server) if load.server is not None else ""
    return ["", f"Server: {_cell(words)}"] if words else []


def _marks(material: Material) -> list[str]:
    marks = mark_views(material.run)
    lines = [f"- {_cell(mark.line)}" for mark in marks[:_MARKS]]
    return lines + _more("- ", "marks", len(marks) - _MARKS)


def _foot(material: Material) -> list[str]:
    run = material.summary.run
    facts = f"Run {_cell(run.id)} · {_cell(run.started)} · {figures.duration(run.duration_s)}"
    return [f"{facts} · seed {run.seed} · exit code {int(material.summary.exit_code)}"]


def _table(align: str, head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    rule = "|".join("---:" if side == "r" else "---" for side in align)
    return [_row(head), f"|{rule}|", *map(_row, rows)]


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(map(_cell, cells)) + " |"


def _cell(text: str) -> str:
    return markdown(one_line(text, _CELL_CHARS))


def _more(prefix: str, what: str, rest: int) -> list[str]:
    return [f"{prefix}… and {rest} more {what}"] if rest > 0 else []
