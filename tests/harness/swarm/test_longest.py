"""A few of very many, by how long they took."""

import pytest

from harness.swarm.longest import MOST, Longest


def added(longest: Longest[int], *times: int) -> None:
    """As its users do it: the floor is looked at first."""
    for took in times:
        if took > longest.floor_ns:
            longest.add(took, took)


@pytest.mark.parametrize("beyond", [0, 1, 2, 980])
def test_those_that_took_longest_are_kept_the_longest_first(beyond: int) -> None:
    times = [(number * 7_919) % 1_009 for number in range(MOST + beyond)]
    longest = Longest[int]()
    longest.open()
    added(longest, *times)
    assert longest.found() == sorted(times, reverse=True)[:MOST]


def test_a_short_one_behind_a_full_score_changes_nothing() -> None:
    longest = Longest[int]()
    longest.open()
    added(longest, *range(100, 100 + MOST), 1)
    assert longest.found()[-1] == 100


def test_nothing_takes_long_before_it_is_opened() -> None:
    longest = Longest[int]()
    added(longest, 10**12)
    assert longest.found() == []


def test_of_equally_long_ones_the_first_are_kept() -> None:
    longest = Longest[str]()
    longest.open()
    for number in range(MOST + 1):
        longest.add(5 if number < MOST else 6, str(number))
    assert longest.found() == [str(MOST), *map(str, range(MOST - 1))]
