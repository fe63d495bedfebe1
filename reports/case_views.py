"""What the page shows of cases, as values: findings, cases, groups, and all of them together."""

from dataclasses import dataclass

from reports.sequence import Diagram
from reports.symbols import Tone
from reports.timeline import Gap, LineView
from schemas.clauses import Clause
from schemas.verdicts import Level, Outcome

REMARKED = (Outcome.NON_STRICT, Outcome.EXPECTED_FAILURE)
"""Outcomes that count for nothing and yet say how the target differs."""

_UNDECIDED_SHOWN = 5


@dataclass(frozen=True, slots=True)
class FindingView:
    """One broken clause with its sentence, and the texts made harmless."""

    clause: str
    level: Level
    known: Clause | None
    expected: str
    actual: str
    pointer: str
    frame: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case. ``clauses`` are of the register, or bare ids that it does not know.

    ``brief`` is what was wrong in one line, for cases that did not pass.
    ``expected`` is why its failure was expected, or its pass was not; ``again`` the command that
    runs it once more. Both are "" where there is none.
    """

    anchor: str
    id: str
    title: str
    level: Level
    outcome: Outcome
    tone: Tone
    clauses: list[Clause | str]
    clauses_left_out: int
    brief: str
    message: str
    profile_line: str
    duration_ms: float
    findings: list[FindingView]
    findings_left_out: int
    transcript: list[LineView | Gap]
    expected: str
    again: str
    diagram: Diagram | None

    @property
    def told_above(self) -> bool:
        """Whether its evidence stands before the list of all cases."""
        return self.tone in (Tone.BAD, Tone.DOUBT) or self.outcome in REMARKED


@dataclass(frozen=True, slots=True)
class BriefView:
    """One case of which only the outcome is told."""

    anchor: str
    id: str
    level: Level
    outcome: Outcome
    tone: Tone
    duration_ms: float


@dataclass(frozen=True, slots=True)
class GroupView:
    """The cases of one group; ``tones`` counts them by tone, in the order of a bar."""

    name: str
    cases: list[CaseView]
    brief: list[BriefView]
    tones: list[tuple[Tone, int]]
    not_applicable: int

    @property
    def good(self) -> int:
        """How many passed."""
        return dict(self.tones).get(Tone.GOOD, 0)

    @property
    def bad(self) -> int:
        """How many failed."""
        return dict(self.tones).get(Tone.BAD, 0)

    @property
    def total(self) -> int:
        """How many there are, those left out of the page included."""
        return sum(number for _, number in self.tones)

    @property
    def applicable(self) -> int:
        """How many could have passed, as the figures at the head of the page count them."""
        return self.total - self.not_applicable


@dataclass(frozen=True, slots=True)
class ConformanceView:
    """All of the part. ``matrix`` has one row a level; its columns are ``outcomes``.

    ``wrong`` are the cases that did not pass, ``remarked`` those that count for nothing and yet say
    how the target differs. ``anchors`` are the places on the page of the cases shown, by position;
    ``undecided`` is how many cases came to no result, shown or not.
    """

    outcomes: list[Outcome]
    matrix: list[tuple[Level, list[int]]]
    wrong: list[CaseView]
    remarked: list[CaseView]
    groups: list[GroupView]
    anchors: dict[int, str]
    left_out: int
    undecided: int

    @property
    def shown_wrong(self) -> list[CaseView]:
        """Those of ``wrong`` that stand open to the eye: what failed, and what else is not much."""
        failed = [case for case in self.wrong if case.tone is Tone.BAD]
        few = len(self.wrong) - len(failed) <= _UNDECIDED_SHOWN
        return self.wrong if few else failed or self.wrong[:_UNDECIDED_SHOWN]

    @property
    def folded_wrong(self) -> list[CaseView]:
        """The rest of ``wrong``: what stands behind many failures, and would hide them."""
        return self.wrong[len(self.shown_wrong) :]

    @property
    def count(self) -> int:
        """How many cases there are in all."""
        return sum(group.total for group in self.groups)
