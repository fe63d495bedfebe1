"""What a load run reports over real sockets, held against the journal of a faulty server (§8b)."""

import pytest

from schemas.fault_journal import Did
from tests.truth.journaled import Trial, nearest_rank, run_load, unsaturated

pytestmark = [pytest.mark.loopback, pytest.mark.alone, pytest.mark.timeout(300)]

P50_US = 1_000
STALL = ("--customers", "20", "--staff", "4", "--rate", "150", "--duration", "6s")
MANY = ("--customers", "40", "--staff", "8", "--rate", "250", "--duration", "4s")


def compared(trial: Trial, share: float) -> tuple[float, float]:
    """A quantile of ``ack``: as reported, and as the journal has it. Microseconds."""
    acks_us = trial.acks_us()
    assert len(acks_us) == trial.metrics["ack"].latency.count
    return trial.reported_us("ack", share), nearest_rank(acks_us, share)


def assert_near(trial: Trial, share: float, part: float, slack_us: float) -> None:
    reported, true = compared(trial, share)
    assert abs(reported - true) <= part * true + slack_us, (share, reported, true)


def test_reported_quantiles_of_late_frames_are_those_of_the_journal(tmp_path):
    trial = unsaturated(lambda folder: run_load(["delay-some=20ms@0.05"], MANY, folder), tmp_path)
    assert trial.done()[Did.DELAYED] > 0
    assert_near(trial, 0.50, 0.0, P50_US)
    assert_near(trial, 0.99, 0.05, 5_000)
    assert compared(trial, 0.99)[1] >= 20_000


def test_a_stall_of_a_second_is_reported_as_the_journal_has_it(tmp_path):
    trial = unsaturated(lambda folder: run_load(["stall=1s@3s"], STALL, folder), tmp_path)
    assert trial.done()[Did.STALLED] > 0
    assert_near(trial, 0.50, 0.0, P50_US)
    assert_near(trial, 0.99, 0.02, 10_000)
    assert compared(trial, 0.99)[1] >= 500_000


COUNTED = {
    "loss=0.01": Did.LOST,
    "duplication=0.01": Did.DUPLICATED,
    "misrouting=0.01": Did.MISROUTED,
    "reordering=0.02": Did.REORDERED,
}


@pytest.mark.parametrize("workers", [1, 2])
def test_each_counter_is_the_journals(workers, tmp_path):
    options = (*MANY, "--workers", str(workers))
    trial = unsaturated(lambda folder: run_load(tuple(COUNTED), options, folder), tmp_path)
    done, ledger = trial.done(), trial.load.ledger
    told = {did: getattr(ledger, did) for did in COUNTED.values()}
    assert told == {did: done[did] for did in told}
    assert all(told.values())
