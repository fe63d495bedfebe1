"""The traceability matrix as the page shows it: every clause, the cases that check it, and how.

What a passive case comes across can break a clause; that it came across nothing checks none.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from reports.allowance import Allowance
from reports.symbols import OUTCOME_ORDER, OUTCOME_TONE, Tone
from schemas.case_records import CaseRecord
from schemas.clauses import Clause
from schemas.load_records import Violation
from schemas.verdicts import Level, Outcome

CHECKS_SHOWN = 8
_ROW_BYTES = 2_000


class Standing(StrEnum):
    """How a clause stands after a run, the worst first.

    ``remarked`` is what differs and counts for nothing; ``not-checked`` what no case came to judge.
    """

    BROKEN = "broken"
    REMARKED = "remarked"
    HELD = "held"
    UNTESTABLE = "untestable"
    NOT_CHECKED = "not-checked"


CHECKED = (Standing.BROKEN, Standing.REMARKED, Standing.HELD)
STANDING_TONE = {
    Standing.BROKEN: Tone.BAD,
    Standing.REMARKED: Tone.CALM,
    Standing.HELD: Tone.GOOD,
    Standing.UNTESTABLE: Tone.CALM,
    Standing.NOT_CHECKED: Tone.CALM,
}
_MADE_BY_FINDINGS = {
    Outcome.FAILED: Standing.BROKEN,
    Outcome.NON_STRICT: Standing.REMARKED,
    Outcome.INFORMATIONAL: Standing.REMARKED,
    Outcome.EXPECTED_FAILURE: Standing.REMARKED,
}
_JUDGED = (*_MADE_BY_FINDINGS, Outcome.PASSED, Outcome.UNEXPECTED_PASS)


@dataclass(frozen=True, slots=True)
class CheckView:
    """One cell: a case about a clause. ``anchor`` is its place on the page, "" for none.

    ``elsewhere``: its outcome is about other clauses.
    """

    name: str
    anchor: str
    outcome: Outcome
    tone: Tone
    elsewhere: bool
    passive: bool


@dataclass(frozen=True, slots=True)
class ClauseView:
    """One row. ``more`` counts the checks left out of ``checks``; ``under_load`` the frames that
    broke the clause there.
    """

    clause: Clause
    standing: Standing
    tone: Tone
    checks: list[CheckView]
    more: list[tuple[Outcome, int]]
    under_load: int


@dataclass(frozen=True, slots=True)
class ClausesView:
    """The matrix. ``counts`` has a row for each level with how many of its clauses stand how.

    ``unknown`` counts the clauses that the run names and the register does not have.
    """

    standings: list[Standing]
    counts: list[tuple[Level, Counter[Standing]]]
    rows: list[ClauseView]
    unknown: int


@dataclass(frozen=True, slots=True)
class _Check:
    """A case as one of its clauses sees it."""

    position: int
    case: CaseRecord
    blamed: bool
    decided: bool

    @property
    def standing(self) -> Standing | None:
        """What the case alone proves of the clause, if anything."""
        if self.blamed:
            return _MADE_BY_FINDINGS.get(self.case.outcome)
        return Standing.HELD if self.decided else None

    @property
    def elsewhere(self) -> bool:
        """Whether the case came to a verdict that is not about the clause."""
        if self.blamed:
            return False
        outcome = self.case.outcome
        return outcome in _MADE_BY_FINDINGS or (outcome in _JUDGED and not self.decided)

    @property
    def rank(self) -> tuple[bool, int]:
        """Where it stands in its row: what speaks against the clause first."""
        return not self.blamed, OUTCOME_ORDER.index(self.case.outcome)


def clauses_view(
    register: Mapping[str, Clause],
    cases: Sequence[CaseRecord],
    violations: Sequence[Violation],
    anchors: Mapping[int, str],
    names: Allowance,
) -> ClausesView:
    """The view of ``register`` after a run of ``cases``, whose places are in ``anchors``.

    ``names`` pays for what the cases are called.
    """
    checks = _checks(cases)
    loaded: dict[str, list[Violation]] = {}
    for violation in violations:
        loaded.setdefault(violation.finding.clause, []).append(violation)
    rows = [
        _row(entry, checks.get(slug, []), loaded.get(slug, []), anchors, names)
        for slug, entry in register.items()
    ]
    return ClausesView(
        standings=[each for each in Standing if any(row.standing is each for row in rows)],
        counts=[(level, _count(rows, level)) for level in Level],
        rows=rows,
        unknown=len((checks.keys() | loaded.keys()) - register.keys()),
    )


def _checks(cases: Sequence[CaseRecord]) -> dict[str, list[_Check]]:
    """The cases under each clause that they check, or that made their outcome."""
    found: dict[str, list[_Check]] = {}
    for position, case in enumerate(cases):
        blamed = {finding.clause for finding in case.findings}
        if not blamed and not case.passive and case.outcome in _MADE_BY_FINDINGS:
            blamed = set(case.clauses)
        named = [] if case.passive else case.clauses
        judged = set(named).difference(case.undecided) if case.outcome in _JUDGED else set()
        for slug in dict.fromkeys([*named, *sorted(blamed)]):
            check = _Check(position, case, blamed=slug in blamed, decided=slug in judged)
            found.setdefault(slug, []).append(check)
    return found


def _row(
    entry: Clause,
    checks: Sequence[_Check],
    violations: Sequence[Violation],
    anchors: Mapping[int, str],
    names: Allowance,
) -> ClauseView:
    proven = {check.standing for check in checks}
    proven |= {_MADE_BY_FINDINGS.get(violation.outcome) for violation in violations}
    otherwise = Standing.UNTESTABLE if entry.untestable else Standing.NOT_CHECKED
    standing = next((each for each in CHECKED if each in proven), otherwise)
    ordered = sorted(checks, key=lambda check: check.rank)
    shown = CHECKS_SHOWN if names.left > _ROW_BYTES else 0
    left_out = Counter(check.case.outcome for check in ordered[shown:])
    return ClauseView(
        clause=entry,
        standing=standing,
        tone=STANDING_TONE[standing],
        checks=[_cell(check, anchors, names) for check in ordered[:shown]],
        more=[(each, left_out[each]) for each in OUTCOME_ORDER if left_out[each]],
        under_load=sum(violation.count for violation in violations),
    )


def _cell(check: _Check, anchors: Mapping[int, str], names: Allowance) -> CheckView:
    return CheckView(
        name=names.text(check.case.id, 120),
        anchor=anchors.get(check.position, ""),
        outcome=check.case.outcome,
        tone=Tone.CALM if check.elsewhere else OUTCOME_TONE[check.case.outcome],
        elsewhere=check.elsewhere,
        passive=check.case.passive,
    )


def _count(rows: Sequence[ClauseView], level: Level) -> Counter[Standing]:
    return Counter(row.standing for row in rows if row.clause.level is level)
