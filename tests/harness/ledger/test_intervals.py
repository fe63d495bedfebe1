"""An IntervalSet is a set of numbers, cheaper."""

from hypothesis import given
from hypothesis import strategies as st

from harness.ledger.intervals import IntervalSet

numbers = st.integers(0, 60)
steps = st.lists(st.one_of(numbers, st.tuples(numbers, st.integers(0, 9))), max_size=60)


def runs_of(members: set[int]) -> list[tuple[int, int]]:
    firsts = sorted(n for n in members if n - 1 not in members)
    lasts = sorted(n for n in members if n + 1 not in members)
    return list(zip(firsts, lasts, strict=True))


@given(steps)
def test_behaves_like_a_set(steps):
    mine, model = IntervalSet(), set()
    for step in steps:
        if isinstance(step, int):
            assert mine.add(step) is (step not in model)
            model.add(step)
        else:
            first, more = step
            mine.add_range(first, first + more)
            model.update(range(first, first + more + 1))
        assert list(mine.ranges()) == runs_of(model)
    assert [n in mine for n in range(72)] == [n in model for n in range(72)]
    assert mine.highest == max(model, default=-1)
    assert bool(mine) is bool(model)


@given(st.sets(numbers), numbers, numbers)
def test_any_between_leaves_both_ends_out(members, low, high):
    mine = IntervalSet()
    for number in members:
        mine.add(number)
    assert mine.any_between(low, high) is any(low < n < high for n in members)


@given(st.sets(numbers), numbers, st.integers(0, 5))
def test_has_all_wants_every_number(members, first, more):
    mine = IntervalSet()
    for number in members:
        mine.add(number)
    assert mine.has_all(first, first + more) is (set(range(first, first + more + 1)) <= members)


@given(st.sets(numbers), st.sets(numbers))
def test_update_is_union(one, two):
    left, right = IntervalSet(), IntervalSet()
    for number in one:
        left.add(number)
    for number in two:
        right.add(number)
    left.update(right)
    assert list(left.ranges()) == runs_of(one | two)


def test_a_run_of_any_length_is_one_range():
    mine = IntervalSet()
    for number in range(10_000):
        mine.add(number)
    assert mine.gaps == 1


def test_deliberate_gaps_cannot_fill_the_memory():
    mine = IntervalSet()
    for number in range(0, 20_000, 2):
        assert mine.add(number)
    assert mine.gaps <= 1_024
    assert 19_998 in mine
    assert 19_997 not in mine
