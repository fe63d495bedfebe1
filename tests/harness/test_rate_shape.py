"""Messages fall due as the area under the shape grows."""

from fractions import Fraction
from itertools import pairwise

import pytest

from harness.populations.habits import Bend
from harness.rate_shape import RateShape
from harness.schedule import Arrivals, Schedule

NS = 1_000_000_000
RAMP = (Bend(0.0, 0.0), Bend(1.0, 1.0))
SPIKE = (Bend(0.0, 0.1), Bend(0.4, 0.1), Bend(0.4, 1.0), Bend(0.6, 1.0), Bend(0.6, 0.1), Bend(1, 0))


def shape(*bends: Bend, rate: int = 100, seconds: int = 10) -> RateShape:
    return RateShape(Fraction(rate), seconds * NS, bends)


def test_a_level_shape_is_the_constant_rate() -> None:
    level = shape(Bend(0.0, 1.0), Bend(1.0, 1.0))
    assert level.area == 1000
    assert list(level.times(range(4), level.area)) == [0, 10_000_000, 20_000_000, 30_000_000]


def test_under_a_ramp_the_nth_message_is_due_at_the_root() -> None:
    ramp = shape(*RAMP)  # 5 x² messages after x seconds
    assert ramp.area == 500
    times = list(ramp.times(range(500), ramp.area))
    for number in (0, 1, 5, 125, 320):
        assert times[number] == pytest.approx((number / 5) ** 0.5 * NS, abs=2)


def test_a_falling_rate_is_the_mirror_of_a_rising_one() -> None:
    fall = shape(Bend(0.0, 1.0), Bend(1.0, 0.0))
    times = list(fall.times(range(1, 500), fall.area))
    risen = list(shape(*RAMP).times(range(1, 500), Fraction(500)))
    assert times == pytest.approx([10 * NS - at for at in reversed(risen)], abs=50)


def test_nothing_is_due_where_the_rate_is_nothing() -> None:
    gap = shape(Bend(0.0, 1.0), Bend(0.2, 1.0), Bend(0.2, 0.0), Bend(0.8, 0.0), Bend(0.8, 1.0))
    times = list(gap.times(range(200), gap.area))
    assert not [at for at in times if 2 * NS < at < 8 * NS]
    assert times[:2] == [0, 10_000_000]


@pytest.mark.parametrize("arrivals", list(Arrivals))
@pytest.mark.parametrize("bends", [RAMP, SPIKE])
def test_the_union_of_the_workers_is_the_shaped_schedule(arrivals: Arrivals, bends) -> None:
    schedule = Schedule(7, 200.0, 10.0, 9, arrivals, bends)
    whole = list(schedule.entries())
    parts = [e for worker in range(3) for e in schedule.entries({worker, worker + 3, worker + 6})]
    assert sorted(parts) == whole
    assert len(whole) == schedule.count
    assert all(one.offset_ns <= other.offset_ns for one, other in pairwise(whole))
    assert 0 <= whole[0].offset_ns <= whole[-1].offset_ns <= 10 * NS


def test_a_spike_has_its_share_of_the_messages() -> None:
    times = [e.offset_ns / NS for e in Schedule(1, 1000.0, 10.0, 5, shape=SPIKE).entries()]
    assert sum(4 <= at < 6 for at in times) == 2000
    assert sum(at < 4 for at in times) == 400
