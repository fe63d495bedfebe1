"""What a trial's run says about its level."""

import pytest

from harness.capacity import demand_slo, judged
from harness.errors import UsageError
from harness.thresholds import parse
from schemas.capacity import TrialOutcome
from schemas.load_records import Connections, Generator, Rate
from schemas.records import OwnFault, PartEnded
from schemas.run_log import Run
from tests.made_runs import latencies, made_run, metric, totals

SLOS = tuple(map(parse, ["p99(ack) < 200ms", "lost == 0"]))
STRAINED = Generator(
    worker=0,
    loop_lag_p99_us=30_000,
    schedule_lag_p99_us=1,
    cpu_share=0.5,
    core_wait_share=0.0,
    saturated=True,
    reasons=["loop lag p99 30 ms"],
)
SLOW = {"ack": metric(data=latencies(300, times=2_000))}
LATE = totals(rate=Rate(asked=100, due=2_000, sent_in_time=1_000, unsent=900))


def load(**changes: object) -> Run:
    return made_run(asked=["load"], cases=[], **changes)


def outcome(run: Run, *, reached: bool = True, slos=SLOS) -> TrialOutcome:
    return judged(slos, run, reached_before=reached).outcome


def test_all_demands_met_holds_and_one_missed_fails() -> None:
    assert outcome(load()) is TrialOutcome.HELD
    assert outcome(load(metrics=SLOW)) is TrialOutcome.FAILED
    lost = load(totals=totals(ledger={"lost": 1}))
    assert outcome(lost) is TrialOutcome.FAILED


def test_what_a_strained_generator_can_have_caused_decides_nothing() -> None:
    assert outcome(load(generators=[STRAINED])) is TrialOutcome.HELD
    slow = judged(SLOS, load(metrics=SLOW, generators=[STRAINED]), reached_before=True)
    assert (slow.outcome, slow.note) == (
        TrialOutcome.SATURATED,
        "worker 0: loop lag p99 30 ms",
    )
    assert outcome(load(totals=LATE, generators=[STRAINED])) is TrialOutcome.SATURATED
    reached = (parse("rate >= 0.99 * asked"),)
    unreached = load(totals=LATE, generators=[STRAINED])
    assert outcome(unreached, slos=reached) is TrialOutcome.SATURATED


def test_a_loss_is_proven_by_a_strained_generator_too() -> None:
    lost = load(totals=totals(ledger={"lost": 1}), generators=[STRAINED])
    assert outcome(lost) is TrialOutcome.FAILED


def test_a_load_that_the_target_does_not_take_fails() -> None:
    assert outcome(load(totals=LATE)) is TrialOutcome.FAILED


def test_missing_evidence_decides_nothing() -> None:
    few = load(metrics={"ack": metric(data=latencies(1, times=10))})
    found = judged(SLOS, few, reached_before=True)
    assert found.outcome is TrialOutcome.UNDECIDED
    assert found.note == "p99(ack) < 200ms: 10 samples, 1000 are needed"
    broken = load(errors=[OwnFault(where="worker", message="x")], metrics=SLOW)
    assert outcome(broken) is TrialOutcome.UNDECIDED
    cut = load(parts=[PartEnded(name="load", duration_s=1, complete=False, reason="interrupted")])
    assert outcome(cut) is TrialOutcome.UNDECIDED
    assert outcome(load(totals=totals(workers_lost=1))) is TrialOutcome.UNDECIDED
    assert outcome(load(totals=totals(ledger={"in_flight": 2}))) is TrialOutcome.UNDECIDED


def test_nobody_let_in_is_the_loads_doing_once_somebody_was() -> None:
    shut = load(totals=totals(connections=Connections(asked=9, failed=9)))
    assert outcome(shut, reached=False) is TrialOutcome.UNDECIDED
    assert outcome(shut) is TrialOutcome.FAILED
    ours = OwnFault(where="connection", message="x")
    by_us = load(totals=totals(connections=Connections(asked=9, failed=9)), errors=[ours])
    assert outcome(by_us) is TrialOutcome.UNDECIDED
    assert outcome(load(totals=None)) is TrialOutcome.UNDECIDED


@pytest.mark.parametrize("text", ['cases("a-*") all passed', "conformance.must.failed == 0"])
def test_demands_of_cases_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match="no matter of cases"):
        demand_slo(parse(text))
