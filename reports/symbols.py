"""One symbol and one tone for each result, so that nothing is told by colour alone."""

from enum import StrEnum

from schemas.comparison import CaseShift, Direction
from schemas.verdict_file import Severity, ThresholdOutcome, ThresholdResult
from schemas.verdicts import Outcome, Verdict


class Tone(StrEnum):
    """What a result feels like; each report has its own colours for these four."""

    GOOD = "good"
    BAD = "bad"
    DOUBT = "doubt"
    CALM = "calm"


SYMBOL = {Tone.GOOD: "✓", Tone.BAD: "✕", Tone.DOUBT: "?", Tone.CALM: "–"}

OUTCOME_TONE = {
    Outcome.FAILED: Tone.BAD,
    Outcome.UNEXPECTED_PASS: Tone.BAD,
    Outcome.ERROR: Tone.DOUBT,
    Outcome.BLOCKED: Tone.DOUBT,
    Outcome.INCONCLUSIVE: Tone.DOUBT,
    Outcome.NON_STRICT: Tone.CALM,
    Outcome.INFORMATIONAL: Tone.CALM,
    Outcome.EXPECTED_FAILURE: Tone.CALM,
    Outcome.NOT_APPLICABLE: Tone.CALM,
    Outcome.PASSED: Tone.GOOD,
}
"""Every outcome, worst first: the order in which reports list them."""

OUTCOME_ORDER = tuple(OUTCOME_TONE)

OUTCOME_COLUMNS = (Outcome.PASSED, *OUTCOME_ORDER[:-1])
"""The order in which counts stand side by side: what went well, then the worst first."""

VERDICT_TONE = {
    Verdict.PASSED: Tone.GOOD,
    Verdict.FAILED: Tone.BAD,
    Verdict.NO_VERDICT: Tone.DOUBT,
}

THRESHOLD_TONE = {
    ThresholdOutcome.MET: Tone.GOOD,
    ThresholdOutcome.MISSED: Tone.BAD,
    ThresholdOutcome.NO_VERDICT: Tone.DOUBT,
}


def threshold_tone(result: ThresholdResult) -> Tone:
    """The tone of one threshold: what only warns alarms nobody."""
    warns = result.severity is Severity.WARN and result.outcome is not ThresholdOutcome.MET
    return Tone.CALM if warns else THRESHOLD_TONE[result.outcome]


DIRECTION_TONE = {
    Direction.WORSE: Tone.BAD,
    Direction.INCONCLUSIVE: Tone.DOUBT,
    Direction.SAME: Tone.CALM,
    Direction.BETTER: Tone.GOOD,
}

SHIFT_TONE = {
    CaseShift.NEWLY_FAILING: Tone.BAD,
    CaseShift.NO_LONGER_DECIDED: Tone.DOUBT,
    CaseShift.NEWLY_PASSING: Tone.GOOD,
    CaseShift.GONE: Tone.CALM,
    CaseShift.NEW: Tone.CALM,
}

VERDICT_WORDS = {
    Verdict.PASSED: "Passed",
    Verdict.FAILED: "Failed",
    Verdict.NO_VERDICT: "No verdict",
}
