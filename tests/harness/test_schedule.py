"""The schedule is one fact of the seed; the pacer neither hurries nor forgets."""

from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.schedule import Arrivals, Entry, Pacer, Schedule

SECOND = 1_000_000_000
kinds = st.sampled_from(Arrivals)


def schedule(**changes) -> Schedule:
    figures = {"seed": 7, "rate": 200.0, "duration_s": 30.0, "customers": 50}
    return Schedule(**(figures | changes))


def test_constant_entries_lie_one_interval_apart():
    entries = list(schedule(rate=3.0, duration_s=1.5).entries())
    assert [entry.offset_ns for entry in entries] == [0, 333333333, 666666666, SECOND, 1333333333]
    assert [entry.number for entry in entries] == [0, 1, 2, 3, 4]


def test_constant_rate_does_not_drift():
    last = list(schedule(rate=33.3, duration_s=1000.0).entries())[-1]
    assert last.number == 33_299
    assert last.offset_ns == 33_299 * SECOND * 10 // 333


def test_poisson_has_its_count_within_the_duration_and_in_order():
    timed = schedule(rate=999.6, duration_s=10.0, arrivals=Arrivals.POISSON)
    offsets = [entry.offset_ns for entry in timed.entries()]
    assert len(offsets) == timed.count == 9_996
    assert offsets == sorted(offsets)
    assert offsets[0] >= 0
    assert offsets[-1] < 10 * SECOND


def test_poisson_counts_vary_as_poisson_does():
    timed = schedule(rate=100.0, duration_s=1000.0, arrivals=Arrivals.POISSON)
    counts = [0] * 1000
    for entry in timed.entries():
        counts[entry.offset_ns // SECOND] += 1
    mean = sum(counts) / len(counts)
    variance = sum((count - mean) ** 2 for count in counts) / len(counts)
    assert mean == 100
    assert 85 < variance < 115


def test_poisson_gaps_are_exponential():
    timed = schedule(rate=100.0, duration_s=1000.0, arrivals=Arrivals.POISSON)
    gaps = [b.offset_ns - a.offset_ns for a, b in pairwise(timed.entries())]
    longer = sum(gap > SECOND / 100 for gap in gaps) / len(gaps)
    assert abs(longer - 0.3679) < 0.01


def test_customers_get_about_equal_shares():
    shares = [0] * 50
    for entry in schedule(rate=1000.0).entries():
        shares[entry.participant] += 1
    assert min(shares) > 450
    assert max(shares) < 750


@given(st.integers(1, 5), kinds)
def test_union_of_the_workers_is_the_schedule(workers, arrivals):
    timed = schedule(arrivals=arrivals)
    parts = [timed.entries(range(w, 50, workers)) for w in range(workers)]
    assert sorted(entry for part in parts for entry in part) == list(timed.entries())


def test_same_seed_same_schedule_on_every_machine():
    """Pinned figures: another platform, Python or version of ours must find the same."""
    timed = schedule(rate=1000.0, arrivals=Arrivals.POISSON)
    assert list(islice(timed.entries(), 3)) == [
        Entry(0, 81_595, 25),
        Entry(1, 458_426, 47),
        Entry(2, 1_634_573, 29),
    ]


def test_other_seed_other_schedule():
    one, two = (
        schedule(seed=seed, arrivals=Arrivals.POISSON, rate=2000.0).entries() for seed in (1, 2)
    )
    assert len({entry.offset_ns for entry in one} & {entry.offset_ns for entry in two}) < 3


def test_no_participants_means_no_walk_through_the_whole_schedule():
    endless = schedule(rate=1e9, duration_s=1e6)
    assert list(endless.entries(range(0))) == []


@pytest.mark.parametrize("wrong", [{"rate": 0.0}, {"duration_s": -1.0}, {"customers": 0}])
def test_schedule_of_nothing_is_refused(wrong):
    with pytest.raises(ValueError, match="positive"):
        schedule(**wrong)


@given(kinds, st.lists(st.integers(0, SECOND // 10), max_size=40), st.integers(0, 10**15))
def test_pacer_gives_all_that_is_due_and_nothing_early(arrivals, steps, t0_ns):
    timed = schedule(duration_s=2.0, arrivals=arrivals)
    pacer, given_out, now = Pacer(timed.entries()), [], t0_ns
    pacer.start(t0_ns)
    for step in steps:
        now += step
        given_out += pacer.due(now)
        assert given_out == [e for e in timed.entries() if t0_ns + e.offset_ns <= now]
        assert pacer.next_due_ns is None or pacer.next_due_ns > now


def test_nothing_is_due_before_the_start():
    pacer = Pacer(schedule().entries())
    assert (pacer.due(10**18), pacer.next_due_ns, pacer.finished) == ([], None, False)


def test_pacer_ends_with_its_last_entry():
    pacer = Pacer(iter([Entry(0, 5, 1)]))
    pacer.start(100)
    assert pacer.next_due_ns == 105
    assert pacer.due(104) == []
    assert pacer.due(105) == [Entry(0, 5, 1)]
    assert (pacer.next_due_ns, pacer.finished) == (None, True)
