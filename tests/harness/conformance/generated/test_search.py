"""The search for failing examples: what it finds, how small, within which bounds."""

import time
from pathlib import Path

import pytest
from hypothesis import strategies as st

from harness.conformance.generated.budget import BUDGETS, Budget, Generate, Generation
from harness.conformance.generated.search import Search
from harness.conformance.generated.words import numbers

PLENTY = Budget(200, 30, 30)
NONE, BROKEN = frozenset(), frozenset({"delivery-stored"})


def has_three_fives(example):
    return BROKEN if example.count(5) >= 3 else NONE


def test_what_fails_comes_back_as_small_as_can_be():
    search = Search(lambda example, _: has_three_fives(example), PLENTY)
    assert search.run(numbers(10, 12), seed=1) == (5, 5, 5)


def test_where_nothing_fails_there_is_nothing():
    search = Search(lambda *_: NONE, PLENTY)
    assert search.run(numbers(10), seed=1) is None
    assert 1 < search.tried <= PLENTY.examples


def seen_with(seed):
    seen = []
    Search(lambda example, _: seen.append(example) or NONE, Budget(40, 30, 30)).run(
        numbers(100), seed
    )
    return seen


def test_one_seed_tries_one_row_of_examples():
    assert seen_with(3) == seen_with(3)
    assert seen_with(3) != seen_with(4)


def test_it_hurries_once_a_failure_is_known():
    hurried = []

    def attempt(example, hurry):
        hurried.append(hurry)
        return has_three_fives(example)

    Search(attempt, PLENTY).run(numbers(10, 12), seed=1)
    first = hurried.index(True)
    assert not any(hurried[:first])
    assert all(hurried[first:])


def test_shrinking_stays_with_the_failure_that_was_found_first():
    def attempt(example, _):
        if example.count(5) >= 3:
            return frozenset({"delivery-stored"})
        return frozenset({"isolation"}) if example == (0,) else NONE

    search = Search(attempt, PLENTY)
    found = search.run(st.lists(st.integers(4, 6), min_size=9, max_size=30).map(tuple), seed=1)
    assert found is not None
    assert found.count(5) == 3


def test_nothing_is_tried_twice():
    tried = []

    def attempt(example, _):
        tried.append(example)
        return has_three_fives(example)

    Search(attempt, PLENTY).run(numbers(10, 12), seed=1)
    assert len(tried) == len(set(tried))


def test_time_ends_a_search():
    def slow(*_):
        time.sleep(0.01)
        return NONE

    search = Search(slow, Budget(100_000, 0.1, 1))
    assert search.run(numbers(100), seed=1) is None
    assert search.tried < 50


def test_time_ends_shrinking_with_the_smallest_so_far():
    def slow(example, _):
        time.sleep(0.01)
        return has_three_fives(example)

    found = Search(slow, Budget(10_000, 30, 0.0)).run(numbers(10, 12), seed=1)
    assert found is not None
    assert found.count(5) >= 3


@pytest.mark.parametrize("fault", [RuntimeError("ours"), KeyboardInterrupt()])
def test_what_is_raised_comes_through_at_once(fault):
    calls = []

    def attempt(*_):
        calls.append(1)
        raise fault

    with pytest.raises(type(fault)):
        Search(attempt, PLENTY).run(numbers(10), seed=1)
    assert len(calls) == 1


def test_nothing_is_left_on_disk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Search(lambda example, _: has_three_fives(example), PLENTY).run(numbers(10, 12), seed=1)
    assert list(Path(tmp_path).iterdir()) == []


def test_levels_cost_more_and_more():
    costs = [BUDGETS[level].examples for level in Generate]
    assert costs == sorted(costs)
    assert BUDGETS[Generate.QUICK].search_s * 4 <= 3


def test_a_repetition_has_patience_for_as_many_examples():
    once, again = Generation(Generate.QUICK, 7), Generation(Generate.QUICK, 7, patient=True)
    assert again.budget.examples == once.budget.examples
    assert again.budget.search_s > 10 * once.budget.search_s
    assert str(once) == "--generate quick --seed 7"
