from collections.abc import Callable

import pytest

from reports.allowance import Allowance
from reports.page_clauses import CHECKS_SHOWN, ClausesView, ClauseView, Standing, clauses_view
from reports.symbols import Tone
from schemas.case_records import CaseRecord
from schemas.clauses import Clause
from schemas.findings import Finding
from schemas.load_records import Violation
from schemas.verdicts import Level, Outcome

REGISTER = {
    slug: Clause(id=slug, level=level, source="table", sentence="It holds.", untestable=why)
    for slug, level, why in (
        ("first", Level.MUST, None),
        ("second", Level.SHOULD, None),
        ("hidden", Level.MUST, "Nobody can see it."),
    )
}

Case = Callable[..., CaseRecord]


def _view(*cases: CaseRecord, violations: tuple[Violation, ...] = ()) -> ClausesView:
    anchors = {position: f"case-{position + 1}" for position in range(1, len(cases))}
    return clauses_view(REGISTER, cases, violations, anchors, Allowance(100_000))


def _row(view: ClausesView, slug: str) -> ClauseView:
    return next(row for row in view.rows if row.clause.id == slug)


def _standings(*cases: CaseRecord, **more: tuple[Violation, ...]) -> list[Standing]:
    return [row.standing for row in _view(*cases, **more).rows]


def _broken(slug: str) -> list[Finding]:
    return [Finding(slug, Level.MUST, "one", "another")]


def test_every_clause_has_a_row_though_no_case_names_it() -> None:
    view = _view()
    assert [row.clause.id for row in view.rows] == list(REGISTER)
    assert [row.standing for row in view.rows] == ["not-checked", "not-checked", "untestable"]
    assert view.standings == [Standing.UNTESTABLE, Standing.NOT_CHECKED]


def test_a_passed_case_holds_its_clauses(make_case: Case) -> None:
    case = make_case("a.b", Outcome.PASSED, clauses=["first", "hidden"])
    assert _standings(case) == ["held", "not-checked", "held"]


def test_a_failed_case_breaks_the_clauses_of_its_findings_alone(make_case: Case) -> None:
    failed = make_case(
        "a.b", Outcome.FAILED, clauses=["first", "second"], findings=_broken("first")
    )
    assert _standings(failed) == ["broken", "held", "untestable"]
    (check,) = _row(_view(failed), "second").checks
    assert (check.elsewhere, check.tone) == (True, Tone.CALM)


def test_what_a_case_never_came_to_judge_is_not_checked(make_case: Case) -> None:
    failed = make_case(
        "a.b", Outcome.FAILED, clauses=["first", "second"], findings=_broken("first"),
        undecided=["second"],
    )  # fmt: skip
    assert _standings(failed) == ["broken", "not-checked", "untestable"]


def test_a_failed_case_without_findings_breaks_all_of_its_clauses(make_case: Case) -> None:
    assert _standings(make_case("a.b", Outcome.FAILED, clauses=["second"]))[1] == "broken"


def test_a_clause_that_is_off_is_not_held_by_a_case_that_passed(make_case: Case) -> None:
    passed = make_case("a.b", Outcome.PASSED, clauses=["first", "second"], undecided=["second"])
    assert _standings(passed) == ["held", "not-checked", "untestable"]
    assert [check.elsewhere for check in _row(_view(passed), "second").checks] == [True]


@pytest.mark.parametrize(
    "outcome",
    [Outcome.BLOCKED, Outcome.ERROR, Outcome.INCONCLUSIVE, Outcome.NOT_APPLICABLE],
)
def test_a_case_that_came_to_no_verdict_is_shown_and_checks_nothing(
    make_case: Case, outcome: Outcome
) -> None:
    row = _row(_view(make_case("a.b", outcome, clauses=["first"])), "first")
    assert row.standing is Standing.NOT_CHECKED
    assert [(check.name, check.elsewhere) for check in row.checks] == [("a.b", False)]


@pytest.mark.parametrize(
    "outcome", [Outcome.NON_STRICT, Outcome.INFORMATIONAL, Outcome.EXPECTED_FAILURE]
)
def test_what_counts_for_nothing_is_a_remark(make_case: Case, outcome: Outcome) -> None:
    case = make_case("a.b", outcome, clauses=["second"], findings=_broken("second"))
    assert _standings(case)[1] == "remarked"


def test_passing_by_is_no_check(make_case: Case) -> None:
    view = _view(make_case("a.b", Outcome.PASSED, clauses=list(REGISTER), passive=True))
    assert [row.standing for row in view.rows] == ["not-checked", "not-checked", "untestable"]
    assert [row.checks for row in view.rows] == [[], [], []]


def test_what_is_found_in_passing_is_broken_all_the_same(make_case: Case) -> None:
    view = _view(
        make_case("a.b", Outcome.PASSED, clauses=["first"]),
        make_case(
            "z.z", Outcome.FAILED, clauses=list(REGISTER), passive=True, findings=_broken("first")
        ),
    )
    assert [row.standing for row in view.rows] == ["broken", "not-checked", "untestable"]
    assert [(c.name, c.passive, c.anchor) for c in _row(view, "first").checks] == [
        ("z.z", True, "case-2"),
        ("a.b", False, ""),
    ]


def test_frames_under_load_break_a_clause_that_every_case_holds(make_case: Case) -> None:
    passed = make_case("a.b", Outcome.PASSED, clauses=["first", "second"])
    violations = (
        Violation(finding=_broken("first")[0], count=2),
        Violation(finding=_broken("second")[0], count=5, outcome=Outcome.NON_STRICT),
    )
    assert _standings(passed, violations=violations)[:2] == ["broken", "remarked"]
    assert _row(_view(passed, violations=violations), "second").under_load == 5


def test_the_worst_of_many_checks_come_first_and_the_rest_are_counted(make_case: Case) -> None:
    passed = [make_case(f"a.{n}", Outcome.PASSED, clauses=["first"]) for n in range(12)]
    failed = make_case("z.z", Outcome.FAILED, clauses=["first"])
    row = _row(_view(*passed, failed), "first")
    assert [check.name for check in row.checks] == ["z.z", *(f"a.{n}" for n in range(7))]
    assert len(row.checks) == CHECKS_SHOWN
    assert row.more == [(Outcome.PASSED, 5)]


def test_without_room_checks_are_counted_and_not_named(make_case: Case) -> None:
    cases = [make_case(f"a.{n}", Outcome.PASSED, clauses=list(REGISTER)) for n in range(5)]
    view = clauses_view(REGISTER, cases, [], {}, Allowance(2_300))
    first, second, _ = view.rows
    assert (len(first.checks), first.more) == (5, [])
    assert (second.checks, second.more) == ([], [(Outcome.PASSED, 5)])


def test_counts_stand_by_level(make_case: Case) -> None:
    counts = dict(_view(make_case("a.b", Outcome.PASSED, clauses=["first"])).counts)
    assert counts[Level.MUST] == {Standing.HELD: 1, Standing.UNTESTABLE: 1}
    assert counts[Level.SHOULD] == {Standing.NOT_CHECKED: 1}
    assert not counts[Level.INFO]


def test_clauses_that_the_register_does_not_know_are_counted(make_case: Case) -> None:
    named = make_case("a.b", Outcome.PASSED, clauses=["gone", "first"])
    loaded = Violation(finding=_broken("<lost>")[0], count=1)
    assert _view(named, violations=(loaded,)).unknown == 2
