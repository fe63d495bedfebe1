"""From a search's answer and its trials to what is written down: reasons and exit code. Pure."""

from collections.abc import Iterator, Sequence

import msgspec

from harness.capacity.search import Answer
from schemas.capacity import Capacity, Ending, Of, TrialOutcome, TrialReport, shown
from schemas.verdict_file import ThresholdOutcome
from schemas.verdicts import ExitCode


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked: of which ``target`` (as it may be shown), of what, under which demands."""

    target: str
    of: Of
    slos: list[str]
    seed: int


def concluded(question: Question, answer: Answer, trials: Sequence[TrialReport]) -> Capacity:
    """All that is to be told."""
    return Capacity(
        target=question.target,
        of=question.of,
        slos=question.slos,
        ending=answer.ending,
        exit_code=_exit_code(answer),
        held=answer.held,
        failed=answer.failed,
        recovers=answer.recovers,
        held_before=answer.held_before,
        reasons=list(_reasons(answer, question.of, trials)),
        seed=question.seed,
        trials=list(trials),
    )


def _exit_code(answer: Answer) -> ExitCode:
    """1 for a proven lack: the start does not hold, or no longer does after an overload."""
    if answer.ending is Ending.START_FAILED or answer.recovers is False:
        return ExitCode.FAILED
    cut = answer.ending in (Ending.INTERRUPTED, Ending.UNDECIDED)
    if cut or answer.held is None or answer.failed is None:
        return ExitCode.NO_VERDICT
    return ExitCode.PASSED


def _reasons(answer: Answer, of: Of, trials: Sequence[TrialReport]) -> Iterator[str]:
    yield f"{answer.ending}: {_ending(answer, of, trials)}"
    if answer.recovers is False:
        yield (
            f"does-not-recover: {shown(answer.held_before, of)} held before it was overloaded,"
            f" and {shown(answer.held, of)} after it"
        )
    if answer.failed is not None:
        yield f"missed: at {shown(answer.failed, of)}: {_misses(answer.failed, trials)}"


def _ending(answer: Answer, of: Of, trials: Sequence[TrialReport]) -> str:
    held, failed = shown(answer.held, of), shown(answer.failed, of)
    strain = _notes(TrialOutcome.SATURATED, trials)
    unclear = _notes(TrialOutcome.UNDECIDED, trials)
    more = " again" if answer.held_before is not None else "; begin lower"
    return {
        Ending.FOUND: f"{held} held and {failed} did not",
        Ending.START_FAILED: f"not even {failed} held{more}",
        Ending.SATURATED: f"at least {held}: the generator was at its end ({strain});"
        " add --workers",
        Ending.BARRED: f"at least {held}: {_notes(TrialOutcome.BARRED, trials)}",
        Ending.BUDGET: f"the time was up with {held} held and {failed} failed",
        Ending.UNDECIDED: f"trials came to no result: {unclear}",
        Ending.INTERRUPTED: f"interrupted with {held} held and {failed} failed",
    }[answer.ending]


def _notes(outcome: TrialOutcome, trials: Sequence[TrialReport]) -> str:
    return next((each.note for each in reversed(trials) if each.outcome is outcome), "")


def _misses(level: float, trials: Sequence[TrialReport]) -> str:
    """Each demand that was missed at ``level``, or what else was wrong there."""
    failed = [
        each for each in trials if each.level == level and each.outcome is TrialOutcome.FAILED
    ]
    missed = dict.fromkeys(
        result.text
        for trial in failed
        for result in trial.results
        if result.outcome is ThresholdOutcome.MISSED
    )
    notes = dict.fromkeys(trial.note for trial in failed if trial.note)
    return "; ".join([*missed, *notes]) or "no demand alone"
