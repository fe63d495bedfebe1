"""A run against its expected results: what counts, what is excused, what is refuted."""

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from harness.expectations import expected_results
from harness.gate import GateRules, judge
from schemas.case_records import CaseRecord
from schemas.clauses import clause
from schemas.expectations import Expectation, Standing
from schemas.load_records import Frames, Violation
from schemas.rulings import ruled
from schemas.run_log import Run
from schemas.verdicts import ExitCode, Level, Outcome
from tests.made_runs import made_run, totals

TODAY = date(2026, 11, 22)
ORDER, ONCE = "delivery-order", "delivery-once"


def a_case(name: str, outcome: Outcome, *broken: str, **more: Any) -> CaseRecord:
    clauses = more.pop("clauses", [ORDER, ONCE])
    found = [clause(slug).broken(expected="this", actual="that") for slug in broken]
    return CaseRecord(
        id=name,
        group="delivery",
        level=Level.MUST,
        outcome=outcome,
        clauses=clauses,
        findings=found,
        **more,
    )


FINE = a_case("fine", Outcome.PASSED, clauses=["login-first"])


def run_of(*cases: CaseRecord) -> Run:
    return made_run(asked=["conformance"], cases=[FINE, *cases], totals=None, metrics={})


def entry(case: str = "", slug: str = "", **more: Any) -> Expectation:
    return Expectation(
        cases=(case,) if case else (), clauses=(slug,) if slug else (), reason="known", **more
    )


def outcome_of(case: CaseRecord, *entries: Expectation) -> Outcome:
    run = run_of(case)
    return ruled(run, expected_results(run, entries, TODAY)).cases[-1].outcome


def code_of(run: Run, *entries: Expectation) -> ExitCode:
    return judge(run, GateRules(expectations=entries, today=TODAY)).exit_code


@pytest.mark.parametrize(
    ("outcome", "broken", "entries", "expected"),
    [
        (Outcome.FAILED, [ORDER], [entry("a")], Outcome.EXPECTED_FAILURE),
        (Outcome.FAILED, [ORDER], [entry("?")], Outcome.EXPECTED_FAILURE),
        (Outcome.FAILED, [ORDER], [entry("b")], Outcome.FAILED),
        (Outcome.FAILED, [ORDER], [entry("", ORDER)], Outcome.EXPECTED_FAILURE),
        (Outcome.FAILED, [ORDER], [entry("a", ORDER)], Outcome.EXPECTED_FAILURE),
        (Outcome.FAILED, [ORDER], [entry("a", ONCE)], Outcome.FAILED),
        (Outcome.FAILED, [ORDER, ONCE], [entry("", ORDER)], Outcome.FAILED),
        (
            Outcome.FAILED,
            [ORDER, ONCE],
            [entry("", ORDER), entry("a", ONCE)],
            Outcome.EXPECTED_FAILURE,
        ),
        (Outcome.PASSED, [], [entry("a")], Outcome.UNEXPECTED_PASS),
        (Outcome.PASSED, [], [entry("a", ORDER)], Outcome.UNEXPECTED_PASS),
        (Outcome.PASSED, [], [entry("", ORDER)], Outcome.PASSED),
        (Outcome.PASSED, [], [entry("a", flaky=True)], Outcome.PASSED),
        (Outcome.FAILED, [ORDER], [entry("a", flaky=True)], Outcome.EXPECTED_FAILURE),
        (Outcome.INCONCLUSIVE, [], [entry("a", flaky=True)], Outcome.EXPECTED_FAILURE),
        (Outcome.ERROR, [], [entry("a", flaky=True)], Outcome.ERROR),
        (Outcome.ERROR, [], [entry("a")], Outcome.ERROR),
        (Outcome.BLOCKED, [], [entry("a")], Outcome.BLOCKED),
        (Outcome.BLOCKED, [], [entry("a", outcome=Outcome.BLOCKED)], Outcome.EXPECTED_FAILURE),
        (Outcome.FAILED, [ORDER], [entry("a", outcome=Outcome.BLOCKED)], Outcome.FAILED),
        (Outcome.NON_STRICT, [ORDER], [entry("a")], Outcome.NON_STRICT),
        (Outcome.NOT_APPLICABLE, [], [entry("a")], Outcome.NOT_APPLICABLE),
    ],
)
def test_what_entries_make_of_a_case(
    outcome: Outcome, broken: list[str], entries: list[Expectation], expected: Outcome
) -> None:
    assert outcome_of(a_case("a", outcome, *broken), *entries) is expected


def test_an_expected_failure_is_green_and_says_why() -> None:
    run = run_of(a_case("a", Outcome.FAILED, ORDER))
    entries = [entry("a", ticket="CHAT-7", expires=TODAY)]
    verdict = judge(run, GateRules(expectations=entries, today=TODAY))
    assert verdict.exit_code is ExitCode.PASSED
    (result,) = verdict.expectations
    assert (result.standing, result.cases) == (Standing.MET, {"a": Outcome.EXPECTED_FAILURE})
    assert ruled(run, verdict.expectations).cases[-1].expected == entries[0]
    assert entries[0].excuse == "expected to fail (CHAT-7, until 2026-11-22): known"


def test_an_unexpected_pass_fails_the_run() -> None:
    verdict = judge(
        run_of(a_case("a", Outcome.PASSED)), GateRules(expectations=[entry("a")], today=TODAY)
    )
    assert verdict.exit_code is ExitCode.FAILED
    assert verdict.reasons == ["unexpected-pass: 1 case: a"]


def test_an_expired_entry_fails_the_run_is_named_and_excuses_nothing() -> None:
    run = run_of(a_case("a", Outcome.FAILED, ORDER))
    old = entry("a", ticket="CHAT-7", expires=date(2026, 11, 21))
    verdict = judge(run, GateRules(expectations=[old], today=TODAY))
    assert verdict.exit_code is ExitCode.FAILED
    assert verdict.reasons == [
        "failed: 1 case: a",
        "expired: the expectation of a (CHAT-7) ended on 2026-11-21",
    ]
    green = judge(run_of(), GateRules(expectations=[old], today=TODAY))
    assert green.exit_code is ExitCode.FAILED


def test_a_clause_that_held_everywhere_refutes_its_entry() -> None:
    run = run_of(a_case("a", Outcome.PASSED), a_case("b", Outcome.PASSED))
    verdict = judge(run, GateRules(expectations=[entry("", ORDER)], today=TODAY))
    assert verdict.exit_code is ExitCode.FAILED
    assert verdict.reasons == [
        "unexpected-pass: clause delivery-order held, expected to be broken: known"
    ]


@pytest.mark.parametrize(
    "other",
    [
        a_case("b", Outcome.FAILED, ORDER),
        a_case("b", Outcome.NON_STRICT, ORDER),
    ],
)
def test_a_clause_that_somebody_saw_broken_is_not_refuted(other: CaseRecord) -> None:
    run = run_of(a_case("a", Outcome.PASSED), other)
    assert code_of(run, entry("", ORDER)) is ExitCode.PASSED


def test_who_never_came_to_judge_a_clause_refutes_nothing() -> None:
    run = run_of(
        a_case("a", Outcome.PASSED, undecided=[ORDER]), a_case("b", Outcome.PASSED, passive=True)
    )
    (result,) = expected_results(run, [entry("", ORDER)], TODAY)
    assert result.standing is Standing.OTHERWISE


def test_entries_of_cases_that_were_not_selected_say_nothing() -> None:
    (result,) = expected_results(run_of(), [entry("a")], TODAY)
    assert result.standing is Standing.NOT_RUN
    assert code_of(run_of(), entry("a")) is ExitCode.PASSED


def test_nothing_but_expected_failures_is_no_verdict() -> None:
    run = replace(run_of(), cases=[a_case("a", Outcome.FAILED, ORDER)])
    assert code_of(run, entry("a")) is ExitCode.NO_VERDICT


def test_a_new_failure_beside_an_expected_one_fails_the_run() -> None:
    run = run_of(a_case("a", Outcome.FAILED, ORDER), a_case("b", Outcome.FAILED, ORDER))
    assert code_of(run, entry("a")) is ExitCode.FAILED


def test_an_expected_clause_is_excused_under_load_too() -> None:
    finding = clause("out-result-type").broken(expected="this", actual="that")
    run = made_run(
        totals=totals(frames=Frames(sent=9, received=9, invalid=3)),
        violations=[Violation(finding=finding, count=3)],
    )
    known = entry("", "out-result-type")
    assert code_of(run) is ExitCode.FAILED
    assert code_of(run, known) is ExitCode.PASSED
    assert code_of(run, entry("x*", "out-result-type")) is ExitCode.FAILED


def test_what_was_blocked_by_its_own_finding_is_excused_like_a_failure():
    run = run_of(FINE, a_case("x", Outcome.FAILED, ONCE), a_case("y", Outcome.BLOCKED, ONCE))
    known = Expectation(clauses=[ONCE], reason="known")
    (result,) = expected_results(run, [known], TODAY)
    assert result.cases == {"x": Outcome.EXPECTED_FAILURE, "y": Outcome.EXPECTED_FAILURE}
    assert judge(run, GateRules(expectations=[known], today=TODAY)).exit_code is ExitCode.PASSED


def test_what_was_blocked_for_another_reason_is_not_excused_by_a_clause():
    run = run_of(FINE, a_case("x", Outcome.FAILED, ONCE), a_case("y", Outcome.BLOCKED))
    (result,) = expected_results(run, [Expectation(clauses=[ONCE], reason="known")], TODAY)
    assert result.cases == {"x": Outcome.EXPECTED_FAILURE}
