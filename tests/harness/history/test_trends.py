"""Change points: where a level begins, and how seldom one is seen in mere noise."""

from random import Random

import pytest

from harness.history.trends import FEWEST, shifts

SEED = 11


def row(rng: Random, runs: int = 20, spread: float = 0.05) -> list[float | None]:
    return [2_000 * 2.718 ** rng.gauss(0, spread) for _ in range(runs)]


def test_a_step_is_found_where_it_is():
    rng = Random(SEED)
    hits = 0
    for _ in range(100):
        values = row(rng)
        values[12:] = [value * 1.25 for value in values[12:] if value]
        hits += any(abs(place - 12) <= 1 for place in shifts(values))
    assert hits >= 95, f"seed {SEED}"


def test_noise_is_seldom_called_a_shift():
    rng = Random(SEED)
    assert sum(bool(shifts(row(rng))) for _ in range(200)) <= 30, f"seed {SEED}"


def test_runs_without_a_value_are_passed_over():
    values: list[float | None] = [100.0, None, 101, 100, None, 99, 200, 201, None, 199, 200]
    assert shifts(values) == [6]


@pytest.mark.parametrize("values", [[], [None] * 20, [1.0] * (FEWEST - 1), [5.0] * 20])
def test_too_few_values_or_equal_ones_shift_nowhere(values):
    assert shifts(values) == []


def test_one_odd_run_is_no_level():
    assert shifts([100.0, 101, 99, 100, 300, 100, 101, 99, 100, 101]) == []
