"""The gate: each cause alone, and which one wins when several apply."""

from typing import Any

import msgspec
import pytest

from harness.gate import GateRules, default_thresholds, judge
from harness.thresholds import parse
from schemas.clauses import clause
from schemas.comparison import Comparison, Direction
from schemas.load_records import Connections, Frames, Generator, Rate, Violation
from schemas.records import OwnFault, PartEnded
from schemas.verdict_file import Severity, ThresholdOutcome, VerdictFile
from schemas.verdicts import ExitCode, Level, Outcome, Verdict
from tests.made_runs import case, latencies, made_run, metric, totals

RULES = GateRules((parse("p99(ack) < 500ms"), parse("error_rate < 0.1%")))
SATURATED = Generator(
    worker=0,
    loop_lag_p99_us=30_000,
    schedule_lag_p99_us=1,
    cpu_share=0.99,
    core_wait_share=0.0,
    saturated=True,
)
SLOW = {"ack": metric(data=latencies(900, times=2_000))}
BROKEN_FRAME = Violation(
    finding=clause("out-result-type").broken(expected="boolean", actual="string"), count=3
)


def causes(verdict: VerdictFile) -> list[str]:
    return [reason.partition(":")[0] for reason in verdict.reasons]


def test_a_green_run_passes_without_reasons() -> None:
    verdict = judge(made_run(), RULES)
    assert (verdict.verdict, verdict.exit_code, verdict.reasons) == (Verdict.PASSED, 0, [])


@pytest.mark.parametrize(
    ("changes", "code", "cause"),
    [
        ({"cases": [case(Outcome.FAILED)]}, 1, "failed"),
        ({"cases": [case(Outcome.FAILED, Level.SHOULD)]}, 1, "failed"),
        ({"cases": [case(Outcome.UNEXPECTED_PASS)]}, 1, "unexpected-pass"),
        ({"violations": [BROKEN_FRAME]}, 1, "invalid-frame"),
        ({"totals": totals(frames=Frames(received=9, invalid=1))}, 1, "invalid-frame"),
        ({"totals": totals(ledger={"lost": 1})}, 1, "lost"),
        ({"totals": totals(ledger={"duplicated": 1})}, 1, "duplicated"),
        ({"totals": totals(ledger={"reordered": 1})}, 1, "reordered"),
        ({"totals": totals(ledger={"misrouted": 1})}, 1, "misrouted"),
        ({"totals": totals(ledger={"unexpected": 1})}, 1, "unexpected"),
        ({"totals": totals(ledger={"corrupted": 1})}, 1, "corrupted"),
        ({"totals": totals(ledger={"unread_wrong": 1})}, 1, "unread_wrong"),
        ({"totals": totals(connections=Connections(asked=9, dropped_by_server=1))}, 1, "dropped"),
        ({"cases": [case(), case(Outcome.BLOCKED)]}, 3, "blocked"),
        ({"cases": [case(), case(Outcome.INCONCLUSIVE)]}, 3, "inconclusive"),
        ({"cases": [case(), case(Outcome.ERROR)]}, 3, "error"),
        ({"cases": [case(Outcome.NOT_APPLICABLE)]}, 3, "nothing-passed"),
        ({"cases": [], "totals": None}, 3, "nothing-ran"),
        ({"totals": totals(ledger={"acked": 0})}, 3, "nothing-passed"),
        ({"footer": None}, 3, "partial"),
        ({"damaged": [4]}, 3, "partial"),
        ({"absent": 1}, 3, "partial"),
        ({"parts": [PartEnded(name="conformance", duration_s=1, complete=True)]}, 3, "partial"),
        ({"errors": [OwnFault(where="swarm", message="KeyError")]}, 3, "error"),
        ({"totals": totals(workers_lost=1)}, 3, "worker-lost"),
        ({"totals": totals(ledger={"in_flight": 2})}, 3, "in-flight"),
        ({"metrics": {}}, 3, "undecided"),
        ({"metrics": {"ack": metric(data=latencies(2, times=999))}}, 3, "undecided"),
        ({"metrics": SLOW}, 1, "threshold"),
        ({"metrics": SLOW, "generators": [SATURATED]}, 3, "undecided"),
        ({"totals": totals(refused_unexpectedly=3)}, 1, "threshold"),
    ],
)
def test_one_cause_alone(changes: Any, code: int, cause: str) -> None:
    verdict = judge(made_run(**changes), RULES)
    assert verdict.exit_code == code
    assert cause in causes(verdict)


def test_others_on_the_server_are_named_where_a_delivery_is_undecided() -> None:
    (reason,) = judge(made_run(totals=totals(ledger={"in_flight": 2, "foreign": 3})), RULES).reasons
    assert "3 frames of others" in reason


def test_a_saturated_generator_leaves_a_met_threshold_met() -> None:
    assert judge(made_run(generators=[SATURATED]), RULES).exit_code is ExitCode.PASSED


def test_a_load_that_was_not_applied_proves_nothing() -> None:
    late = totals(rate=Rate(asked=100, due=2_000, sent_in_time=1_900, unsent=0))
    verdict = judge(made_run(totals=late), RULES)
    assert (verdict.exit_code, causes(verdict)) == (3, ["load-not-applied"])


def test_a_violation_wins_over_missing_evidence_and_keeps_its_reason() -> None:
    verdict = judge(made_run(cases=[case(Outcome.FAILED)], footer=None, metrics=SLOW), RULES)
    assert verdict.exit_code is ExitCode.FAILED
    assert causes(verdict) == ["failed", "partial", "threshold"]


def test_missing_evidence_wins_over_a_missed_threshold() -> None:
    assert judge(made_run(footer=None, metrics=SLOW), RULES).exit_code is ExitCode.NO_VERDICT


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.ERROR])
def test_the_gated_level_says_whose_failures_count(outcome: Outcome) -> None:
    run = made_run(cases=[case(), case(outcome, Level.SHOULD)])
    assert judge(run, GateRules(level=Level.MUST)).exit_code is ExitCode.PASSED
    assert judge(run, GateRules(level=Level.SHOULD)).exit_code is not ExitCode.PASSED


@pytest.mark.parametrize(
    "outcome",
    [Outcome.NON_STRICT, Outcome.INFORMATIONAL, Outcome.EXPECTED_FAILURE, Outcome.NOT_APPLICABLE],
)
def test_tolerated_outcomes_pass(outcome: Outcome) -> None:
    assert judge(made_run(cases=[case(), case(outcome)]), RULES).exit_code is ExitCode.PASSED


def test_a_tolerated_violation_under_load_passes() -> None:
    tolerated = Violation(finding=BROKEN_FRAME.finding, count=3, outcome=Outcome.NON_STRICT)
    assert judge(made_run(violations=[tolerated]), RULES).exit_code is ExitCode.PASSED


def test_defaults_demand_of_a_load_what_a_check_cannot_show() -> None:
    assert default_thresholds(made_run(asked=["conformance"], totals=None)) == ()
    assert len(default_thresholds(made_run())) == 2


@pytest.mark.parametrize("text", ["acked >= 2001", "p50(login) < 1s"])
def test_a_warning_changes_no_verdict(text: str) -> None:
    warning = msgspec.structs.replace(parse(text), severity=Severity.WARN)
    decided = judge(made_run(), GateRules((warning,)))
    assert (decided.verdict, decided.reasons) == (Verdict.PASSED, [])
    assert decided.thresholds[0].outcome is not ThresholdOutcome.MET


def compared(direction: Direction, *reasons: str) -> Comparison:
    return Comparison(
        direction=direction,
        exit_code=ExitCode.PASSED,
        reasons=list(reasons),
        base=["r0"],
        candidate=["r1"],
        primary="p50(ack)",
        effect=0.05,
        latencies=[],
        cases=[],
        behaviour=[],
    )


def test_worse_than_the_baseline_is_a_miss_with_its_reasons() -> None:
    worse = compared(Direction.WORSE, "newly-failing: a", "worse: p50(ack) +9 %", "same: x")
    decided = judge(made_run(), GateRules(), worse)
    assert (decided.verdict, decided.exit_code) == (Verdict.FAILED, ExitCode.FAILED)
    assert decided.reasons == ["baseline: newly-failing: a", "baseline: worse: p50(ack) +9 %"]
    assert decided.baseline is not None
    assert decided.baseline.runs == ["r0"]


@pytest.mark.parametrize("direction", [Direction.SAME, Direction.BETTER, Direction.INCONCLUSIVE])
def test_anything_else_against_the_baseline_is_shown_and_changes_nothing(direction) -> None:
    decided = judge(made_run(), GateRules(), compared(direction, f"{direction}: p50(ack)"))
    assert (decided.verdict, decided.reasons) == (Verdict.PASSED, [])
    assert decided.baseline is not None
    assert decided.baseline.direction is direction


def test_only_cases_that_bind_are_named_as_undecided() -> None:
    cases = [
        case(),
        case(Outcome.BLOCKED, Level.MUST, "a-must"),
        case(Outcome.BLOCKED, Level.SHOULD, "a-should"),
    ]
    verdict = judge(made_run(cases=cases), GateRules(level=Level.MUST))
    assert verdict.reasons == ["blocked: 1 case: a-must"]


def test_wrong_counts_are_called_counts() -> None:
    (reason,) = judge(made_run(totals=totals(ledger={"unread_wrong": 8})), GateRules()).reasons
    assert reason == "unread_wrong: 8 unread counts wrong under load"
