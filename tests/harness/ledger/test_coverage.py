"""What was read is never claimed too early, and costs little to know."""

from hypothesis import given
from hypothesis import strategies as st

from harness.ledger.coverage import Coverage, UnreadRuns


def test_only_what_came_before_the_read_is_covered():
    runs = UnreadRuns()
    runs.add(0, 10)
    runs.add(1, 20)
    assert runs.take(20) == [(0, 0, 10)]
    assert runs.take(21) == [(1, 1, 20)]
    assert runs.take(99) == []


def test_receipt_that_is_known_late_counts_as_the_latest():
    runs = UnreadRuns()
    runs.add(5, 20)
    runs.add(4, 10)
    assert runs.take(20) == []


def test_long_backlog_is_kept_as_runs():
    runs = UnreadRuns()
    for seq in range(10_000):
        runs.add(seq, seq)
    assert len(runs) < 70
    covered = {seq for first, last, _ in runs.take(20_000) for seq in range(first, last + 1)}
    assert covered == set(range(10_000))


def test_backlog_is_not_claimed_before_its_last_message():
    runs = UnreadRuns()
    for seq in range(100):
        runs.add(seq, seq)
    assert max(last for _, last, _ in runs.take(80)) < 80


def test_covered_since_the_answer():
    coverage = Coverage()
    coverage.cover([(0, 4, 1)], 100)
    assert coverage.covered_before(4, 101)
    assert not coverage.covered_before(4, 100)
    assert not coverage.covered_before(5, 101)


@given(st.lists(st.integers(1, 9), max_size=40), st.integers(0, 400), st.integers(0, 500))
def test_coverage_is_never_wrongly_affirmed(steps, seq, at_ns):
    coverage, since, first = Coverage(), {}, 0
    for number, step in enumerate(steps):
        done_ns = 10 * number
        coverage.cover([(first, first + step - 1, 0)], done_ns)
        since |= dict.fromkeys(range(first, first + step), done_ns)
        first += step
    if coverage.covered_before(seq, at_ns):
        assert since[seq] < at_ns
    assert all(coverage.covered_before(read, 10**6) for read in since)
    assert len(coverage) <= 10
