"""Whole comparisons: the direction that sums up, its reasons and its exit code."""

from harness.comparison.comparing import compare
from harness.comparison.latencies import Rules
from schemas.comparison import CaseShift, Direction
from schemas.verdicts import ExitCode, Outcome
from tests.made_runs import case, latencies, made_run, metric


def loaded(ack_ms: float, **changes):
    return made_run(metrics={"ack": metric(data=latencies(ack_ms, times=2_000))}, **changes)


BASE = [loaded(2.00), loaded(2.04), loaded(1.98)]


def test_equal_runs_are_the_same_and_pass():
    found = compare(BASE, [loaded(2.01), loaded(2.02), loaded(1.99)], Rules())
    assert (found.direction, found.exit_code) == (Direction.SAME, ExitCode.PASSED)
    assert found.reasons[0].startswith("same: p50(ack)")


def test_slower_runs_are_worse_and_fail():
    found = compare(BASE, [loaded(2.5), loaded(2.6), loaded(2.55)], Rules())
    assert (found.direction, found.exit_code) == (Direction.WORSE, ExitCode.FAILED)
    assert found.reasons[0].startswith("worse: p50(ack) +2")


def test_a_newly_failing_case_is_worse_whatever_the_latencies():
    found = compare(BASE, [loaded(1.0, cases=[case(Outcome.FAILED)]) for _ in range(3)], Rules())
    assert found.direction is Direction.WORSE
    assert found.cases[0].shift is CaseShift.NEWLY_FAILING
    assert found.reasons[0] == "newly-failing: login/first"


def test_too_few_runs_are_inconclusive_and_say_how_many_would_do():
    found = compare(BASE[:1], [loaded(2.0)], Rules())
    assert (found.direction, found.exit_code) == (Direction.INCONCLUSIVE, ExitCode.NO_VERDICT)
    assert "3 runs a side would decide" in found.reasons[0]


def test_runs_without_load_are_compared_by_their_cases():
    bare = made_run(metrics={}, totals=None, asked=["conformance"])
    assert compare([bare], [bare], Rules()).direction is Direction.SAME


def test_a_primary_quantity_that_no_run_has_is_inconclusive():
    found = compare(BASE, BASE, Rules(primary="p50(offer)"))
    assert found.direction is Direction.INCONCLUSIVE


def test_many_cases_do_not_hide_what_became_slower():
    cases = [case(Outcome.FAILED, name=f"a-{n}") for n in range(30)]
    found = compare(BASE, [loaded(9.0, cases=cases) for _ in range(3)], Rules())
    assert found.reasons[0].startswith("worse: p50(ack)")
    assert sum(reason.startswith("newly-failing: a-") for reason in found.reasons) == 30
