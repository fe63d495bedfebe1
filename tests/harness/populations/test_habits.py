"""Times by chance, and who is among a share of all."""

from random import Random

import pytest

from harness.populations.habits import CustomerHabits, Distribution, Span


@pytest.mark.parametrize("distribution", list(Distribution))
def test_drawn_times_have_their_mean_and_are_bounded(distribution: Distribution) -> None:
    rng = Random(5)
    span = Span(2.0, distribution, 0.8)
    times = [span.draw(rng) for _ in range(20_000)]
    assert sum(times) / len(times) == pytest.approx(2.0, rel=0.03)
    assert all(0 <= time <= 40 for time in times)


def test_a_constant_time_is_that_time() -> None:
    assert {Span(0.7).draw(Random(1)) for _ in range(5)} == {0.7}


@pytest.mark.parametrize(("share", "of_ten"), [(0.0, 0), (0.1, 1), (0.3, 3), (0.25, 2), (1.0, 10)])
def test_a_share_is_spread_evenly_over_the_numbers(share: float, of_ten: int) -> None:
    habits = CustomerHabits(slow_share=share, idle_share=min(share, 0.9))
    slow = [habits.is_slow(number) for number in range(1_000)]
    assert sum(slow[:10]) == of_ten
    assert sum(slow) == pytest.approx(1_000 * share, abs=1)
