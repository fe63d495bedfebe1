"""What is told of an answer: reasons that begin with a stable word, and the exit code."""

import pytest

from harness.capacity import Answer, Question, concluded
from schemas.capacity import Ending, Of, TrialOutcome, TrialReport
from schemas.verdict_file import ThresholdOutcome, ThresholdResult

QUESTION = Question(target="ws://x/", of=Of.RATE, slos=["p99(ack) < 200ms"], seed=7)


def trial(level: float, outcome: TrialOutcome, note: str = "") -> TrialReport:
    missed = outcome is TrialOutcome.FAILED
    result = ThresholdResult(
        text="p99(ack) < 200ms",
        value=300_000.0 if missed else 20_000.0,
        limit=200_000.0,
        outcome=ThresholdOutcome.MISSED if missed else ThresholdOutcome.MET,
    )
    return TrialReport(
        number=1,
        level=level,
        outcome=outcome,
        duration_s=5,
        seed=7,
        folder="001",
        results=[result],
        note=note,
    )


TRIALS = [
    trial(100, TrialOutcome.HELD),
    trial(200, TrialOutcome.FAILED),
    trial(190, TrialOutcome.SATURATED, "worker 0: busy"),
    trial(190, TrialOutcome.UNDECIDED, "few samples"),
    trial(400, TrialOutcome.BARRED, "limits.max_rate_per_s is 300"),
]


@pytest.mark.parametrize(
    ("ending", "held", "failed", "recovers", "code", "reason"),
    [
        (Ending.FOUND, 100, 200, True, 0, "found: 100/s held and 200/s did not"),
        (Ending.BUDGET, 100, 200, None, 0, "budget: the time was up with 100/s held and 200/s"),
        (Ending.BUDGET, 100, None, None, 3, "budget: the time was up with 100/s held and nothing"),
        (Ending.START_FAILED, None, 200, None, 1, "start-failed: not even 200/s held"),
        (Ending.SATURATED, 100, None, None, 3, "saturated: at least 100/s: the generator was at"),
        (Ending.SATURATED, 100, 200, True, 0, "saturated: at least 100/s"),
        (Ending.BARRED, 100, None, None, 3, "barred: at least 100/s: limits.max_rate_per_s is 300"),
        (Ending.UNDECIDED, 100, 200, None, 3, "undecided: trials came to no result: few samples"),
        (Ending.INTERRUPTED, 100, 200, True, 3, "interrupted: interrupted with 100/s held"),
        (Ending.FOUND, 100, 200, False, 1, "found: 100/s held"),
    ],
)
def test_every_ending_has_its_reason_and_exit_code(
    ending, held, failed, recovers, code, reason
) -> None:
    found = concluded(QUESTION, Answer(ending, held, failed, 150.0, recovers), TRIALS)
    assert found.exit_code == code
    assert found.reasons[0].startswith(reason)


@pytest.mark.parametrize(
    ("before", "sentence"),
    [(None, "not even 200/s held; begin lower"), (200.0, "not even 200/s held again")],
)
def test_a_start_that_held_until_overload_is_told_so(before, sentence) -> None:
    answer = Answer(Ending.START_FAILED, None, 200, before, None if before is None else False)
    assert concluded(QUESTION, answer, TRIALS).reasons[0] == f"start-failed: {sentence}"


def test_what_was_missed_and_what_did_not_recover_is_named() -> None:
    found = concluded(QUESTION, Answer(Ending.FOUND, 100, 200, 150.0, False), TRIALS)
    assert found.reasons[1:] == [
        "does-not-recover: 150/s held before it was overloaded, and 100/s after it",
        "missed: at 200/s: p99(ack) < 200ms",
    ]
