"""The search for the highest level that holds: step up until one fails, then bisect.

A level holds when 3 of 4 trials hold; it is tried no more often than that takes. After an overload
the highest level that held must hold once more. Pure: it names levels and hears outcomes, keeps no
time and knows no target.
"""

from collections.abc import Generator
from enum import StrEnum

import msgspec

from harness.capacity.levels import Levels
from schemas.capacity import Ending, TrialOutcome

TO_HOLD, TO_FAIL = 3, 2
"""So many trials of 4 decide either way."""

MOST_UNCLEAR = 3
"""So many trials of one level without an answer end the search there."""

_RECOVERED_WITHIN = 2
"""A level that is so many widths under the one before the overload counts as that one."""


class Standing(StrEnum):
    """What is known of one level."""

    OPEN = "open"
    HELD = "held"
    FAILED = "failed"
    SATURATED = "saturated"
    BARRED = "barred"
    UNDECIDED = "undecided"


class Round:
    """The trials of one level that together decide about it. ``began`` numbers the first one."""

    def __init__(self, began: int) -> None:
        self.began = began
        self._seen = dict.fromkeys(TrialOutcome, 0)

    def add(self, outcome: TrialOutcome) -> None:
        """One more trial."""
        self._seen[outcome] += 1

    @property
    def standing(self) -> Standing:
        """What its trials say together."""
        seen = self._seen
        if seen[TrialOutcome.BARRED]:
            return Standing.BARRED
        if seen[TrialOutcome.FAILED] >= TO_FAIL:
            return Standing.FAILED
        if seen[TrialOutcome.HELD] >= TO_HOLD:
            return Standing.HELD
        for outcome in (TrialOutcome.SATURATED, TrialOutcome.UNDECIDED):
            if seen[outcome] >= MOST_UNCLEAR:
                return Standing(outcome)
        return Standing.OPEN


class Answer(msgspec.Struct, frozen=True):
    """What was found. ``held`` and ``failed`` are the ends of the interval, None where unknown.

    ``held_before`` is the highest level that ever held, ``recovers`` whether the one that holds
    after overload is as high; None where there was no overload, or nothing was tried after it.
    """

    ending: Ending
    held: float | None
    failed: float | None
    held_before: float | None
    recovers: bool | None


class Search:
    """See the module. Ask :meth:`next`, then tell :meth:`record`, until there is no next one."""

    def __init__(self, levels: Levels) -> None:
        self._levels = levels
        self._rounds: dict[float, Round] = {}
        self._best: float | None = None
        self._tried = 0
        self._last_failed = -1
        self._doubt: Standing | None = None
        self._ending: Ending | None = None
        self._course = self._search()
        self._level: float | None = next(self._course)

    @property
    def next(self) -> float | None:
        """The level to try now; None when the search is over."""
        return self._level

    def record(self, outcome: TrialOutcome) -> None:
        """What became of the trial of :attr:`next`."""
        try:
            self._level = self._course.send(outcome)
        except StopIteration as end:
            self.stop(end.value)

    def stop(self, ending: Ending) -> None:
        """The search is over, by itself or because nobody can wait any longer."""
        self._level, self._ending = None, self._ending or ending

    def answer(self) -> Answer:
        """What is known once the search is over."""
        assert self._ending is not None
        held = self._low()
        return Answer(self._ending, held, self._high(), self._best, self._recovers(held))

    def _search(self) -> Generator[float, TrialOutcome, Ending]:
        yield from self._climb()
        checked = False
        while True:
            low, limit = self._low(), self._limit()
            if self._doubt is not None:
                return Ending(self._doubt)
            if self._any(Standing.UNDECIDED):
                return Ending.UNDECIDED
            if low is None:
                return self._why_nothing_holds()
            middle = None
            if limit is not None and not self._any(Standing.SATURATED):
                middle = self._levels.between(low, limit)
            if (not checked or middle is None) and not self._held_since_overload(low):
                checked = True
                yield from self._judge(low)
            elif middle is not None:
                yield from self._judge(middle)
            else:
                return self._why_here()

    def _climb(self) -> Generator[float, TrialOutcome, None]:
        level = self._levels.start
        yield from self._judge(level)
        while self._rounds[level].standing is Standing.HELD:
            level = self._levels.above(level)
            yield from self._judge(level)

    def _judge(self, level: float) -> Generator[float, TrialOutcome, None]:
        """A new round of ``level``. One that decides nothing leaves what an earlier one decided,
        and ends the search: nobody can say whether the level held again.
        """
        current = Round(self._tried)
        while current.standing is Standing.OPEN:
            outcome = yield level
            current.add(outcome)
            if outcome is TrialOutcome.FAILED:
                self._last_failed = self._tried
            self._tried += 1
        if level in self._rounds and current.standing not in (Standing.HELD, Standing.FAILED):
            self._doubt = current.standing
            return
        self._rounds[level] = current
        if current.standing is Standing.HELD:
            self._best = max(level, self._best or level)

    def _why_nothing_holds(self) -> Ending:
        if self._high() is not None:
            return Ending.START_FAILED
        return Ending.SATURATED if self._any(Standing.SATURATED) else Ending.BARRED

    def _why_here(self) -> Ending:
        if self._any(Standing.SATURATED):
            return Ending.SATURATED
        return Ending.FOUND if self._high() == self._limit() else Ending.BARRED

    def _held_since_overload(self, level: float) -> bool:
        return self._rounds[level].began > self._last_failed

    def _recovers(self, held: float | None) -> bool | None:
        if self._best is None or not self._any(Standing.FAILED):
            return None
        if held is not None and not self._held_since_overload(held):
            return None
        near = 1 + _RECOVERED_WITHIN * self._levels.width
        return held is not None and held * near >= self._best

    def _any(self, standing: Standing) -> bool:
        return any(each.standing is standing for each in self._rounds.values())

    def _at(self, *standings: Standing) -> list[float]:
        return [level for level, each in self._rounds.items() if each.standing in standings]

    def _high(self) -> float | None:
        return min(self._at(Standing.FAILED), default=None)

    def _limit(self) -> float | None:
        """What lies above is not tried any more."""
        return min(self._at(Standing.FAILED, Standing.BARRED), default=None)

    def _low(self) -> float | None:
        high = self._high()
        held = self._at(Standing.HELD)
        return max((each for each in held if high is None or each < high), default=None)
