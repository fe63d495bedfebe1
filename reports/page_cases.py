"""The conformance part as the page shows it: failures with their evidence, then all cases."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from reports.allowance import Allowance
from reports.case_words import replay_command, what_went_wrong
from reports.plain_text import one_line
from reports.sequence import Diagram, diagram
from reports.symbols import OUTCOME_COLUMNS, OUTCOME_ORDER, OUTCOME_TONE, Tone
from reports.timeline import BRIEF, FULL, Gap, LineView, timeline
from schemas.clauses import Clause, register
from schemas.findings import Finding
from schemas.records import CaseRecord
from schemas.verdicts import Level, Outcome

CASES_SHOWN = 400
_BRIEF_BYTES = 250
_FINDINGS_SHOWN = 10
_CLAUSES_SHOWN = 10
_FRAME_CHARS = 2_000
_BRIEF_CHARS = 160
_REMARKED = (Outcome.NON_STRICT, Outcome.EXPECTED_FAILURE)
_BAR_ORDER = (Tone.GOOD, Tone.CALM, Tone.DOUBT, Tone.BAD)


class Room(NamedTuple):
    """What may be spent: on what every case is called and says, on what it checks, on the proof,
    on the diagrams of the proof, and on naming cases of which nothing else is told."""

    names: Allowance
    clauses: Allowance
    evidence: Allowance
    diagrams: Allowance
    brief: Allowance


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
        return self.tone in (Tone.BAD, Tone.DOUBT) or self.outcome in _REMARKED


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
    how the target differs. ``anchors`` are the places on the page of the cases shown, by position.
    """

    outcomes: list[Outcome]
    matrix: list[tuple[Level, list[int]]]
    wrong: list[CaseView]
    remarked: list[CaseView]
    groups: list[GroupView]
    anchors: dict[int, str]
    left_out: int

    @property
    def count(self) -> int:
        """How many cases there are in all."""
        return sum(group.total for group in self.groups)


def conformance_view(
    cases: Sequence[CaseRecord], room: Room, folder_of: Callable[[str], str] = lambda _: ""
) -> ConformanceView | None:
    """The view of ``cases``, None without any. The worst are paid for first.

    ``folder_of`` gives the folder from which a case can be run again, "" where it cannot.
    """
    if not cases:
        return None
    ordered = sorted(enumerate(cases), key=lambda item: OUTCOME_ORDER.index(item[1].outcome))
    shown = ordered[:CASES_SHOWN]
    views = {position: _case(position, case, room, folder_of(case.id)) for position, case in shown}
    brief = dict(_brief(ordered[CASES_SHOWN:], room.brief))
    by_worth = list(views.values())
    outcomes = [o for o in OUTCOME_COLUMNS if any(case.outcome is o for case in cases)]
    return ConformanceView(
        outcomes=outcomes,
        matrix=_matrix(cases, outcomes),
        wrong=[view for view in by_worth if view.tone in (Tone.BAD, Tone.DOUBT)],
        remarked=[view for view in by_worth if view.outcome in _REMARKED],
        groups=_groups(cases, views, brief, room.names),
        anchors={position: _anchor(position) for position in [*views, *brief]},
        left_out=len(cases) - len(views) - len(brief),
    )


def _matrix(
    cases: Sequence[CaseRecord], outcomes: Sequence[Outcome]
) -> list[tuple[Level, list[int]]]:
    counts = Counter((case.level, case.outcome) for case in cases)
    rows = [(level, [counts[level, outcome] for outcome in outcomes]) for level in Level]
    return [row for row in rows if any(row[1])]


def _groups(
    cases: Sequence[CaseRecord],
    views: Mapping[int, CaseView],
    brief: Mapping[int, BriefView],
    names: Allowance,
) -> list[GroupView]:
    groups: dict[str, list[int]] = {}
    for position, case in enumerate(cases):
        groups.setdefault(case.group, []).append(position)
    return [
        GroupView(
            name=names.text(name, 80),
            cases=[views[position] for position in positions if position in views],
            brief=[brief[position] for position in positions if position in brief],
            tones=_tones([cases[position] for position in positions]),
            not_applicable=sum(
                cases[position].outcome is Outcome.NOT_APPLICABLE for position in positions
            ),
        )
        for name, positions in groups.items()
    ]


def _brief(
    cases: Iterable[tuple[int, CaseRecord]], allowance: Allowance
) -> Iterator[tuple[int, BriefView]]:
    """As many of ``cases`` as can be named, each with its position."""
    for position, case in cases:
        if allowance.spent or not allowance.pay(_BRIEF_BYTES):
            return
        yield (
            position,
            BriefView(
                anchor=_anchor(position),
                id=allowance.text(case.id, 120),
                level=case.level,
                outcome=case.outcome,
                tone=OUTCOME_TONE[case.outcome],
                duration_ms=case.duration_ms,
            ),
        )


def _anchor(position: int) -> str:
    return f"case-{position + 1}"


def _tones(cases: Sequence[CaseRecord]) -> list[tuple[Tone, int]]:
    counts = Counter(OUTCOME_TONE[case.outcome] for case in cases)
    return [(tone, counts[tone]) for tone in _BAR_ORDER if counts[tone]]


def _case(position: int, case: CaseRecord, room: Room, folder: str) -> CaseView:
    tone = OUTCOME_TONE[case.outcome]
    names, evidence = room.names, room.evidence
    own = {entry.id: entry for entry in case.own_clauses}
    clauses = _clauses(case.clauses, own, room.clauses)
    wrong = tone in (Tone.BAD, Tone.DOUBT) or case.outcome is Outcome.EXPECTED_FAILURE
    lines = timeline(
        case.transcript,
        [finding.frame for finding in case.findings],
        evidence,
        FULL if wrong else BRIEF,
    )
    return CaseView(
        anchor=_anchor(position),
        id=names.text(case.id, 120),
        title=names.text(case.title, 300) if case.title else "",
        level=case.level,
        outcome=case.outcome,
        tone=tone,
        clauses=clauses,
        clauses_left_out=len(case.clauses) - len(clauses),
        brief=names.text(one_line(what_went_wrong(case), _BRIEF_CHARS)) if wrong else "",
        message=names.text(case.message, 1_000) if case.message else "",
        profile_line=names.text(case.profile_line, 300) if case.profile_line else "",
        duration_ms=case.duration_ms,
        findings=[finding_view(found, evidence, own) for found in case.findings[:_FINDINGS_SHOWN]],
        findings_left_out=max(0, len(case.findings) - _FINDINGS_SHOWN),
        transcript=lines,
        expected=names.text(case.expected.excuse, 500) if case.expected else "",
        again=names.text(replay_command(folder, case.id), 600) if wrong and folder else "",
        diagram=diagram(lines, room.diagrams) if wrong else None,
    )


def _clauses(
    slugs: Sequence[str], own: Mapping[str, Clause], allowance: Allowance
) -> list[Clause | str]:
    """The first of ``slugs``, as many as there is room for; by id alone what is not known."""
    found: list[Clause | str] = []
    for slug in slugs[:_CLAUSES_SHOWN]:
        if allowance.spent:
            break
        known = own.get(slug) or register().get(slug)
        paid = allowance.text(known.sentence if known else slug, 300)
        found.append(known or paid)
    return found


def finding_view(
    finding: Finding, allowance: Allowance, own: Mapping[str, Clause] = MappingProxyType({})
) -> FindingView:
    """The view of one finding; ``own`` are clauses besides the register's."""
    return FindingView(
        clause=allowance.text(finding.clause, 80),
        level=finding.level,
        known=own.get(finding.clause) or register().get(finding.clause),
        expected=allowance.text(finding.expected, 500),
        actual=allowance.text(finding.actual, 500),
        pointer=allowance.text(finding.pointer, 200) if finding.pointer else "",
        frame=allowance.text(finding.frame, _FRAME_CHARS) if finding.frame else "",
    )
