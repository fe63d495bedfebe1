"""The levels that may be tried."""

import pytest

from harness.capacity import Levels


@pytest.mark.parametrize(
    ("levels", "level", "above"),
    [
        (Levels(start=1), 10, 20),
        (Levels(start=1), 0.15, 0.3),
        (Levels(start=1), 1234.0, 2470),
        (Levels(start=1, whole=True), 1, 2),
        (Levels(start=1, step=1.1, whole=True), 2, 3),
    ],
)
def test_each_step_goes_up(levels: Levels, level: float, above: float) -> None:
    assert levels.above(level) == above


def test_between_lies_the_geometric_mean_until_both_are_close() -> None:
    levels = Levels(start=1, width=0.05)
    assert levels.between(100, 400) == 200
    assert levels.between(100, 104.9) is None
    assert levels.between(100, 105.0) is None
    assert levels.between(100, 106) == 103


def test_whole_neighbours_have_nothing_between_them() -> None:
    assert Levels(start=1, width=0.01, whole=True).between(3, 4) is None
    assert Levels(start=1, width=0.01, whole=True).between(3, 5) == 4
