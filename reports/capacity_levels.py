"""The trials of a capacity search by level: how many held, and what was measured. Arithmetic."""

from collections.abc import Iterator

from reports import figures
from reports.symbols import Tone
from schemas.capacity import Capacity, Ending, TrialOutcome, TrialReport
from schemas.verdict_file import ThresholdResult

TRIAL_TONE = {
    TrialOutcome.HELD: Tone.GOOD,
    TrialOutcome.FAILED: Tone.BAD,
    TrialOutcome.SATURATED: Tone.DOUBT,
    TrialOutcome.UNDECIDED: Tone.DOUBT,
    TrialOutcome.BARRED: Tone.CALM,
}


class LevelView:
    """One level: its trials' outcomes in words, and for each demand what was measured."""

    def __init__(self, level: float, trials: list[TrialReport], capacity: Capacity) -> None:
        self.level = level
        outcomes = [trial.outcome for trial in trials]
        self.trials = len(trials)
        self.held = outcomes.count(TrialOutcome.HELD)
        counted = {outcome: outcomes.count(outcome) for outcome in TRIAL_TONE}
        self.outcomes = ", ".join(f"{count} {word}" for word, count in counted.items() if count)
        self.tone = _tone(level, capacity)
        self.values = [_range(text, trials) for text in capacity.slos]


def levels(capacity: Capacity) -> Iterator[LevelView]:
    """Every level that was tried, the lowest first."""
    for level in sorted({trial.level for trial in capacity.trials}):
        own = [trial for trial in capacity.trials if trial.level == level]
        yield LevelView(level, own, capacity)


def verdict_tone(capacity: Capacity) -> Tone:
    """How the whole answer feels."""
    if capacity.ending is Ending.START_FAILED or capacity.recovers is False:
        return Tone.BAD
    return Tone.GOOD if capacity.exit_code == 0 else Tone.DOUBT


def result_of(text: str, trial: TrialReport) -> ThresholdResult | None:
    """What ``trial`` made of the demand ``text``."""
    return next((each for each in trial.results if each.text == text), None)


def value_of(result: ThresholdResult | None) -> str:
    """What was measured, in the unit of the demand."""
    if result is None:
        return figures.NONE
    if result.value is None:
        return result.note or figures.NONE
    return figures.threshold(result, result.value)


def _tone(level: float, capacity: Capacity) -> Tone:
    if capacity.held is not None and level <= capacity.held:
        return Tone.GOOD
    if capacity.failed is not None and level >= capacity.failed:
        return Tone.BAD
    return Tone.DOUBT


def _range(text: str, trials: list[TrialReport]) -> str:
    """From the least to the most; what was not reached is more than anything measured."""
    found = [each for trial in trials if (each := result_of(text, trial)) is not None]
    known = sorted((each for each in found if each.value is not None), key=lambda e: e.value or 0.0)
    ends = [value_of(known[0]), value_of(known[-1])] if known else []
    ends += [each.note for each in found if each.value is None and each.note][:1]
    return " … ".join(dict.fromkeys(ends[:1] + ends[-1:])) or figures.NONE
