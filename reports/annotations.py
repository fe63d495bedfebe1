"""Writes ``annotations.txt``: workflow commands by which GitHub shows results beside a change.

A workflow prints the file. GitHub shows ten errors and ten warnings of a step, so there are never
more; every command is one line, and no text in it can end it or begin another.
"""

from collections.abc import Iterator

from reports import figures
from reports.case_words import what_went_wrong
from reports.material import Material
from reports.plain_text import one_line
from reports.symbols import OUTCOME_ORDER, OUTCOME_TONE, VERDICT_WORDS, Tone
from schemas.case_records import CaseRecord
from schemas.verdict_file import Severity, ThresholdOutcome, ThresholdResult
from schemas.verdicts import Verdict

SHOWN = 10
"""How many of a kind GitHub shows of one step."""

_TITLE_CHARS, _TEXT_CHARS = 120, 600
_VERDICT_KIND = {Verdict.PASSED: "notice", Verdict.FAILED: "error", Verdict.NO_VERDICT: "error"}
_Note = tuple[str, str, str]


def render(material: Material) -> str:
    """All commands, the verdict's first."""
    shown: dict[str, list[_Note]] = {"error": [], "warning": [], "notice": []}
    for note in (_verdict(material), *_thresholds(material), *_cases(material)):
        shown[note[0]].append(note)
    lines = [_command(*note) for kind in shown.values() for note in _fitting(kind)]
    return "\n".join(lines) + "\n"


def _fitting(notes: list[_Note]) -> list[_Note]:
    if len(notes) <= SHOWN:
        return notes
    rest = len(notes) - SHOWN + 1
    last = (notes[0][0], f"{rest} more", "the report of the run has them")
    return [*notes[: SHOWN - 1], last]


def _verdict(material: Material) -> _Note:
    summary = material.summary
    reasons = "\n".join(summary.reasons) or "every case and threshold held"
    return _VERDICT_KIND[summary.verdict], f"chatsocket: {VERDICT_WORDS[summary.verdict]}", reasons


def _thresholds(material: Material) -> Iterator[_Note]:
    for result in material.summary.thresholds:
        if result.outcome is not ThresholdOutcome.MET:
            missed = result.outcome is ThresholdOutcome.MISSED
            counts = result.severity is Severity.FAIL
            yield (
                "error" if missed and counts else "warning",
                f"threshold {result.text}",
                _why(result),
            )


def _why(result: ThresholdResult) -> str:
    measured = f"{result.outcome}: measured {figures.threshold(result, result.value)}"
    return f"{measured}; {result.note}" if result.note else measured


def _cases(material: Material) -> Iterator[_Note]:
    wrong = [
        case for case in material.run.cases if OUTCOME_TONE[case.outcome] in (Tone.BAD, Tone.DOUBT)
    ]
    for case in sorted(wrong, key=lambda case: OUTCOME_ORDER.index(case.outcome)):
        bad = OUTCOME_TONE[case.outcome] is Tone.BAD
        counts = case.level.binds_at(material.verdict.level)
        yield "error" if bad and counts else "warning", f"{case.outcome}: {case.id}", _said(case)


def _said(case: CaseRecord) -> str:
    return f"{what_went_wrong(case)}\nclauses: {', '.join(case.clauses)}"


def _command(kind: str, title: str, text: str) -> str:
    lines = [one_line(line, _TEXT_CHARS) for line in text.split("\n", 12)[:12] if line.strip()]
    return (
        f"::{kind} title={_property(one_line(title, _TITLE_CHARS))}::{_data(chr(10).join(lines))}"
    )


def _data(text: str) -> str:
    """``text`` as a command's message (github.com/actions/toolkit, command.ts: escapeData)."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """``text`` as a command's property (the same, escapeProperty)."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
