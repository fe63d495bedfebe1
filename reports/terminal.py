"""Prints a run's result on the terminal; colourless and without ornaments where there is none."""

from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from reports import figures
from reports.metric_words import by_weight
from reports.plain_text import one_line
from reports.server_view import server_line
from reports.symbols import (
    DIRECTION_TONE,
    OUTCOME_COLUMNS,
    OUTCOME_ORDER,
    OUTCOME_TONE,
    SYMBOL,
    VERDICT_TONE,
    VERDICT_WORDS,
    Tone,
    threshold_tone,
)
from schemas.ledger_totals import ANOMALY_WORDS
from schemas.summary import CaseSummary, Conformance, Load, Summary
from schemas.verdict_file import BaselineResult, ThresholdResult
from schemas.verdicts import Outcome

_STYLE = {Tone.GOOD: "green", Tone.BAD: "red", Tone.DOUBT: "yellow", Tone.CALM: "dim"}
_REASONS = 12
_CASES = 12
_NOTES = 6
_LINE_CHARS = 400
_TABLE_WIDTH = 140


def print_summary(summary: Summary, folder: Path, console: Console) -> None:
    """Print the verdict with its reasons, what was measured, and where the reports lie."""
    _verdict(summary, console)
    if summary.conformance is not None:
        _conformance(summary.conformance, console)
    if summary.load is not None:
        _load(summary.load, console)
    for note in summary.notes[:_NOTES]:
        _say(console, Text.assemble("  ", ("note", "dim"), f"  {one_line(note, _LINE_CHARS)}"))
    _rest(console, len(summary.notes) - _NOTES, "notes in the report")
    if summary.thresholds:
        _thresholds(summary.thresholds, console)
    if summary.baseline is not None:
        _baseline(summary.baseline, console)
    _say(console)
    page = folder / "report.html"
    _say(console, Text(f"report  {one_line(str(page if page.exists() else folder), _LINE_CHARS)}"))


def _verdict(summary: Summary, console: Console) -> None:
    tone = VERDICT_TONE[summary.verdict]
    words = VERDICT_WORDS[summary.verdict]
    head = Text(f"{SYMBOL[tone]} {words}", style=f"bold {_STYLE[tone]}")
    head.append(f"  {one_line(summary.run.target, _LINE_CHARS)}", style="not bold default")
    if summary.run.partial:
        head.append("  (partial run)", style="not bold yellow")
    _say(console)
    _say(console, head)
    for reason in summary.reasons[:_REASONS]:
        word, colon, rest = one_line(reason, _LINE_CHARS).partition(":")
        _say(console, Text.assemble("  ", (word, "bold"), colon, rest))
    _rest(console, len(summary.reasons) - _REASONS, "reasons")


def _conformance(conformance: Conformance, console: Console) -> None:
    counts = {
        outcome: sum(by_outcome.get(outcome, 0) for by_outcome in conformance.counts.values())
        for outcome in OUTCOME_COLUMNS
    }
    words = [
        Text(f"{SYMBOL[OUTCOME_TONE[outcome]]} {number} {outcome}", _STYLE[OUTCOME_TONE[outcome]])
        for outcome, number in counts.items()
        if number
    ]
    _say(console)
    _say(console, _heading("conformance  ") + Text("   ").join(words))
    if conformance.foreign:
        number = figures.count(conformance.foreign)
        others = "of others, or of earlier cases, came in between; they judge nothing"
        _say(console, Text(f"  {number} messages {others}"))
    wrong = sorted(
        (
            case
            for case in conformance.cases
            if OUTCOME_TONE[case.outcome] in (Tone.BAD, Tone.DOUBT)
        ),
        key=lambda case: OUTCOME_ORDER.index(case.outcome),
    )
    for case in wrong[:_CASES]:
        _say(console, _case(case))
    _rest(console, len(wrong) - _CASES, "cases")
    known = [case for case in conformance.cases if case.outcome is Outcome.EXPECTED_FAILURE]
    for case in known[:_CASES]:
        _say(console, _case(case))
    _rest(console, len(known) - _CASES, "expected failures")


def _case(case: CaseSummary) -> Text:
    tone = OUTCOME_TONE[case.outcome]
    line = Text(f"  {SYMBOL[tone]} {case.outcome} ", style=_STYLE[tone])
    line.append(one_line(case.id, _LINE_CHARS), style="bold default")
    clauses = one_line(", ".join(case.clauses), _LINE_CHARS)
    line.append(f"  [{case.level}: {clauses}]", style="dim")
    if case.message:
        line.append(f"  {one_line(case.message, _LINE_CHARS)}", style="default")
    if case.expected:
        line.append(f"  {one_line(case.expected.excuse, _LINE_CHARS)}", style="dim")
    return line


def _load(load: Load, console: Console) -> None:
    rate, ledger = load.rate, load.ledger
    _say(console)
    _say(
        console,
        _heading("load  ")
        + Text(
            f"{figures.per_second(rate.asked)} messages/s asked, "
            f"{figures.share(rate.reached_share)} of {figures.count(rate.due)} sent in time, "
            f"{figures.count(load.connections.opened)} connections"
        ),
    )
    console.print(_latencies(load), width=max(console.width, _TABLE_WIDTH), crop=False)
    wrong = [word for word in (*ANOMALY_WORDS, "in_flight", "unknown") if getattr(ledger, word)]
    anomalies = ", ".join(f"{word} {figures.count(getattr(ledger, word))}" for word in wrong)
    line = Text(
        f"  ledger  {figures.count(ledger.delivered)} of "
        f"{figures.count(ledger.expected_deliveries)} deliveries; "
    )
    line.append(anomalies or "no anomaly", style=_STYLE[Tone.BAD if wrong else Tone.GOOD])
    line.append(f"; {figures.count(load.frames.invalid)} invalid frames")
    _say(console, line)
    if load.server is not None and (words := server_line(load.server)):
        _say(console, Text(f"  server  {words}"))


def _latencies(load: Load) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("  latency, ms", no_wrap=True)
    for head in ("count", *(label for _, label, _ in figures.QUANTILES), "max", "unanswered"):
        table.add_column(head, justify="right", no_wrap=True)
    for name in by_weight(load.metrics):
        metric = load.metrics[name]
        cells = [figures.quantile(metric, key) for key, _, _ in figures.QUANTILES]
        table.add_row(
            Text(f"  {one_line(name, 40)}"),
            figures.count(metric.count),
            *cells,
            figures.milliseconds(metric.max_us),
            figures.count(figures.unanswered(metric)),
        )
    return table


def _thresholds(results: list[ThresholdResult], console: Console) -> None:
    _say(console)
    _say(console, _heading("thresholds"))
    for result in results:
        tone = threshold_tone(result)
        line = Text(f"  {SYMBOL[tone]} {result.outcome} ", style=_STYLE[tone])
        line.append(one_line(result.text, _LINE_CHARS), style="default")
        measured = figures.threshold(result, result.value)
        line.append(f"  measured {measured}", style="dim")
        if result.note:
            line.append(f"  {one_line(result.note, _LINE_CHARS)}", style="default")
        _say(console, line)


def _baseline(found: BaselineResult, console: Console) -> None:
    tone = DIRECTION_TONE[found.direction]
    _say(console)
    _say(console, _heading("baseline  ") + Text(f"{SYMBOL[tone]} {found.direction}", _STYLE[tone]))
    for reason in found.reasons[:_REASONS]:
        _say(console, Text(f"  {one_line(reason, _LINE_CHARS)}"))
    _rest(console, len(found.reasons) - _REASONS, "differences")


def _heading(word: str) -> Text:
    return Text(word, style="bold")


def _rest(console: Console, number: int, what: str) -> None:
    if number > 0:
        _say(console, Text(f"  … and {number} more {what}", style="dim"))


def _say(console: Console, line: Text | None = None) -> None:
    """One line, never folded: where it ends is the reader's terminal's business."""
    console.print(line or Text(""), soft_wrap=True, highlight=False)
