"""The conformance part as the page shows it: failures with their evidence, then all cases."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from reports.allowance import Allowance
from reports.case_views import (
    REMARKED,
    BriefView,
    CaseView,
    ConformanceView,
    FindingView,
    GroupView,
)
from reports.case_words import replay_command, what_went_wrong
from reports.plain_text import one_line
from reports.sequence import diagram
from reports.symbols import OUTCOME_COLUMNS, OUTCOME_ORDER, OUTCOME_TONE, Tone
from reports.timeline import BRIEF, FULL, timeline
from schemas.case_records import CaseRecord
from schemas.clauses import Clause, register
from schemas.findings import Finding
from schemas.verdicts import Level, Outcome

CASES_SHOWN = 400
_BRIEF_BYTES, _CASE_BYTES = 250, 2_500
"""Room that a case takes which is named alone, and at least one that tells of itself."""

_FINDINGS_SHOWN = 10
_CLAUSES_SHOWN = 10
_FRAME_CHARS = 2_000
_BRIEF_CHARS = 160
_BAR_ORDER = (Tone.GOOD, Tone.CALM, Tone.DOUBT, Tone.BAD)


class Room(NamedTuple):
    """What may be spent: on what every case is called and says, on what it checks, on the proof,
    on the diagrams of the proof, and on naming cases of which nothing else is told."""

    names: Allowance
    clauses: Allowance
    evidence: Allowance
    diagrams: Allowance
    brief: Allowance


def conformance_view(
    cases: Sequence[CaseRecord], room: Room, folder_of: Callable[[str], str] = lambda _: ""
) -> ConformanceView | None:
    """The view of ``cases``, None without any. The worst are paid for first.

    ``folder_of`` gives the folder from which a case can be run again, "" where it cannot.
    """
    if not cases:
        return None
    ordered = sorted(enumerate(cases), key=lambda item: OUTCOME_ORDER.index(item[1].outcome))
    groups = {name: room.names.text(name, 80) for name in dict.fromkeys(c.group for c in cases)}
    views: dict[int, CaseView] = {}
    for position, case in ordered[:CASES_SHOWN]:
        if room.names.left < _CASE_BYTES:
            break
        views[position] = _case(position, case, room, folder_of(case.id))
    brief = dict(_brief(ordered[len(views) :], room.brief))
    by_worth = list(views.values())
    outcomes = [o for o in OUTCOME_COLUMNS if any(case.outcome is o for case in cases)]
    return ConformanceView(
        outcomes=outcomes,
        matrix=_matrix(cases, outcomes),
        wrong=[view for view in by_worth if view.tone in (Tone.BAD, Tone.DOUBT)],
        remarked=[view for view in by_worth if view.outcome in REMARKED],
        groups=_groups(cases, views, brief, groups),
        anchors={position: _anchor(position) for position in [*views, *brief]},
        left_out=len(cases) - len(views) - len(brief),
        undecided=sum(OUTCOME_TONE[case.outcome] is Tone.DOUBT for case in cases),
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
    names: Mapping[str, str],
) -> list[GroupView]:
    groups: dict[str, list[int]] = {}
    for position, case in enumerate(cases):
        groups.setdefault(case.group, []).append(position)
    return [
        GroupView(
            name=names[name],
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
