"""Reports are counted once and given on in the order of time, however they come in."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from harness.ledger.intake import Acceptance, Intake, WorkerGone
from harness.ledger.observations import Increment, Received


def seen(at_ns: int) -> Received:
    return Received(0, 0, 0, 0, 0, -1, at_ns)


def report(worker: int, number: int, times: list[int], until_ns: int, pending: int = 0):
    return Increment(worker, number, tuple(map(seen, times)), {}, until_ns, pending)


def times(released) -> list[int]:
    return [at_ns for at_ns, _ in released]


def test_nothing_passes_the_slowest_worker():
    intake = Intake([0, 1])
    intake.take(report(0, 0, [5, 9], 10))
    assert intake.release() == []
    intake.take(report(1, 0, [3, 7], 8))
    assert times(intake.release()) == [3, 5, 7]
    intake.take(report(1, 1, [], 9))
    assert times(intake.release()) == [9]


def test_horizon_never_goes_back():
    intake = Intake([0])
    intake.take(report(0, 0, [], 10))
    intake.take(report(0, 1, [], 4))
    assert intake.horizon_ns == 10


def test_late_observation_is_given_on_all_the_same():
    intake = Intake([0])
    intake.take(report(0, 0, [], 10))
    intake.take(report(0, 1, [3], 11))
    assert times(intake.release()) == [3]


def test_each_number_counts_once_and_in_turn():
    intake = Intake([0])
    first = report(0, 0, [1], 1)
    assert intake.take(first) is Acceptance.APPLIED
    assert intake.take(first) is Acceptance.REPEATED
    assert intake.take(report(0, 2, [3], 3)) is Acceptance.GAP
    assert intake.take(report(5, 0, [3], 3)) is Acceptance.STRANGER
    assert times(intake.release(everything=True)) == [1]


def test_dropped_worker_holds_nobody_back():
    intake = Intake([0, 1])
    intake.take(report(0, 0, [5, 9], 10))
    intake.take(report(1, 0, [6], 7, pending=3))
    assert intake.drop(1, None, 40)
    events = intake.release()
    assert times(events) == [5, 6, 7, 9]
    assert events[2][1] == WorkerGone(1, 3, 7, 40)
    assert not intake.drop(1, None, 40)
    assert intake.take(report(1, 1, [8], 8)) is Acceptance.STRANGER


def test_without_workers_everything_passes():
    intake = Intake([0])
    intake.take(report(0, 0, [], 10))
    intake.drop(0, 4, 40)
    assert intake.release() == [(10, WorkerGone(0, 4, 10, 40))]


def test_pending_is_what_the_live_workers_last_said():
    intake = Intake([0, 1])
    intake.take(report(0, 0, [], 1, pending=2))
    intake.take(report(1, 0, [], 1, pending=3))
    intake.take(report(0, 1, [], 2, pending=1))
    assert intake.pending == 4


@given(st.lists(st.lists(st.integers(1, 50), max_size=8), min_size=1, max_size=4), st.integers())
def test_whatever_the_interleaving_time_only_goes_forward(workers, seed):
    rng, intake, released = Random(seed), Intake(range(len(workers))), []
    for moment in sorted({0, *(rng.randrange(51) for _ in range(4))}):
        for worker in rng.sample(range(len(workers)), len(workers)):
            fresh = sorted(t for t in workers[worker] if intake._desks[worker].until_ns < t)
            number = intake._desks[worker].next_number
            intake.take(report(worker, number, [t for t in fresh if t <= moment], moment))
            released += times(intake.release())
    assert released == sorted(released)
    assert released == sorted(t for own in workers for t in own if t <= moment)
