"""Writes ``summary.md`` for a pipeline's job summary: failures first, never 60 lines long."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

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
from schemas.load_records import Anomaly
from schemas.summary import Conformance, Load, MetricSummary
from schemas.verdict_file import Severity, ThresholdResult
from schemas.verdicts import Level, Outcome

_LINES = 60
_REASONS = 6


class _Rows(NamedTuple):
    """How many of each are shown."""

    failures: int
    expected: int
    thresholds: int
    metrics: int
    anomalies: int
    marks: int
    notes: int


_SIZES = (
    _Rows(failures=10, expected=3, thresholds=8, metrics=6, anomalies=3, marks=3, notes=2),
    _Rows(failures=10, expected=2, thresholds=6, metrics=4, anomalies=2, marks=2, notes=1),
    _Rows(failures=8, expected=1, thresholds=4, metrics=3, anomalies=1, marks=1, notes=1),
    _Rows(failures=5, expected=1, thresholds=2, metrics=2, anomalies=1, marks=1, notes=0),
)
"""The first with which the document is short enough is taken; the last always is."""

_THRESHOLDS_FIRST = (Tone.BAD, Tone.DOUBT, Tone.CALM, Tone.GOOD)
_CELL_CHARS = 160


def render(material: Material) -> str:
    """The whole document."""
    text = ""
    for rows in _SIZES:
        text = _document(material, rows)
        if text.count("\n") < _LINES:
            break
    return text


def _document(material: Material, rows: _Rows) -> str:
    summary = material.summary
    parts = [
        _head(material),
        _failures(material.run.cases, rows.failures),
        _expected(material.run.cases, rows.expected),
        _thresholds(summary.thresholds, rows.thresholds),
        _conformance(summary.conformance) if summary.conformance else [],
        _load(summary.load, rows.metrics) if summary.load else [],
        _anomalies(material.run.anomalies, rows.anomalies),
        _marks(material, rows.marks),
        [f"- {_cell(note)}" for note in summary.notes[: rows.notes]],
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


def _failures(cases: list[CaseRecord], most: int) -> list[str]:
    wrong = sorted(
        (case for case in cases if OUTCOME_TONE[case.outcome] in (Tone.BAD, Tone.DOUBT)),
        key=lambda case: OUTCOME_ORDER.index(case.outcome),
    )
    if not wrong:
        return []
    rows = [
        (str(case.outcome), case.id, ", ".join(case.clauses), _what(case)) for case in wrong[:most]
    ]
    head = f"### Cases that did not pass{_of(rows, wrong)}"
    return [head, "", *_table("llll", _CASE_HEAD, rows)]


def _expected(cases: list[CaseRecord], most: int) -> list[str]:
    known = [case for case in cases if case.outcome is Outcome.EXPECTED_FAILURE]
    if not known:
        return []
    rows = [
        (case.id, ", ".join(case.clauses), case.expected.excuse if case.expected else case.message)
        for case in known[:most]
    ]
    head = f"### Expected failures{_of(rows, known)}"
    return [head, "", *_table("lll", ("case", "clauses", "why"), rows)]


_CASE_HEAD = ("outcome", "case", "clauses", "what")


def _what(case: CaseRecord) -> str:
    if case.expected is not None:
        return case.expected.excuse
    return what_went_wrong(case)


def _thresholds(results: list[ThresholdResult], most: int) -> list[str]:
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
        for result in ordered[:most]
    ]
    head = f"### Thresholds{_of(rows, results)}"
    return [head, "", *_table("llr", ("", "threshold", "measured"), rows)]


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


def _load(load: Load, most: int) -> list[str]:
    rate, ledger = load.rate, load.ledger
    rows = [
        (
            name,
            figures.count(metric.count),
            *(figures.quantile(metric, key) for key, _, _ in figures.QUANTILES),
            figures.count(figures.unanswered(metric)),
        )
        for name, metric in _first(load.metrics, most)
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


def _anomalies(anomalies: list[Anomaly], most: int) -> list[str]:
    """The first example of each word, with its first frame."""
    firsts = list({anomaly.word: anomaly for anomaly in reversed(anomalies)}.values())
    lines = []
    for first in firsts[::-1][:most]:
        line = f"- **{_cell(first.word)}**: {_cell(first.detail)}"
        if first.frames:
            caption = first.captions[0] if first.captions else "frame"
            line += f"; {_cell(caption)}: {_cell(first.frames[0])}"
        lines.append(line)
    return lines + _more("- ", "kinds of anomaly", len(firsts) - most)


def _first(metrics: Mapping[str, MetricSummary], most: int) -> list[tuple[str, MetricSummary]]:
    return [(name, metrics[name]) for name in by_weight(metrics)[:most]]


def _server(load: Load) -> list[str]:
    words = server_line(load.server) if load.server is not None else ""
    return ["", f"Server: {_cell(words)}"] if words else []


def _marks(material: Material, most: int) -> list[str]:
    marks = mark_views(material.run)
    lines = [f"- {_cell(mark.line)}" for mark in marks[:most]]
    return lines + _more("- ", "marks", len(marks) - most)


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


def _of(rows: Sequence[object], whole: Sequence[object]) -> str:
    """What a heading adds where not everything is shown."""
    return f" (the first {len(rows)} of {len(whole)})" if len(rows) < len(whole) else ""


def _more(prefix: str, what: str, rest: int) -> list[str]:
    return [f"{prefix}… and {rest} more {what}"] if rest > 0 else []
