"""Directions from quantities: significance, effect, correction, and what cannot be judged."""

import pytest

from harness.comparison.latencies import Rules, Side, compare_latencies
from harness.comparison.quantities import Quantity, Standing
from schemas.comparison import Direction


def side(*values_us: float, saturated: bool = False) -> Side:
    found = tuple(Quantity(Standing.MEASURED, value, 10_000, 1_000) for value in values_us)
    return Side(found, saturated)


def unlike(standing: Standing, runs: int = 3) -> Side:
    return Side(tuple(Quantity(standing, 500.0, 30, 1_000) for _ in range(runs)))


def judged(base: Side, candidate: Side, **rules):
    (only,) = compare_latencies({"p50(ack)": base}, {"p50(ack)": candidate}, Rules(**rules))
    return only


STEADY = side(1000, 1010, 990, 1005)


def test_a_clear_rise_is_worse_and_says_by_how_much():
    found = judged(STEADY, side(1200, 1210, 1190, 1205))
    assert found.direction is Direction.WORSE
    assert 0.18 < found.change < 0.22
    assert found.low < found.change < found.high
    assert (found.base_us, found.candidate_us) == pytest.approx((1001.2, 1201.2), abs=0.1)


def test_a_clear_fall_is_better():
    assert judged(STEADY, side(800, 805, 795)).direction is Direction.BETTER


def test_a_significant_difference_too_small_to_matter_is_the_same():
    found = judged(STEADY, side(1020, 1025, 1015, 1022))
    assert found.direction is Direction.SAME


def test_wide_spread_is_inconclusive_and_tells_how_many_runs_would_do():
    found = judged(side(1000, 1300, 800), side(1100, 1500, 900))
    assert found.direction is Direction.INCONCLUSIVE
    assert found.runs_needed is None or found.runs_needed > 3


def test_single_runs_need_a_known_noise():
    assert judged(side(1000), side(1500)).direction is Direction.INCONCLUSIVE
    assert judged(side(1000), side(1500)).runs_needed == 3
    assert "--noise" in judged(side(1000), side(1500)).note
    assert judged(side(1000), side(1500), noise=0.05).direction is Direction.WORSE
    assert judged(side(1000), side(1050), noise=0.05).direction is Direction.INCONCLUSIVE


def test_one_candidate_is_judged_by_the_spread_of_several_bases():
    assert judged(STEADY, side(1500)).direction is Direction.WORSE


def test_unreached_everywhere_is_worse_and_unreached_somewhere_undecided():
    assert judged(STEADY, unlike(Standing.NOT_REACHED)).direction is Direction.WORSE
    assert judged(unlike(Standing.NOT_REACHED), STEADY).direction is Direction.BETTER
    some = Side((*STEADY.found, *unlike(Standing.NOT_REACHED, 1).found))
    assert judged(STEADY, some).direction is Direction.INCONCLUSIVE


def test_too_few_samples_are_told_with_how_many_would_do():
    found = judged(STEADY, unlike(Standing.TOO_FEW))
    assert found.direction is Direction.INCONCLUSIVE
    assert "1000 are needed" in found.note


def test_a_saturated_generator_takes_the_blame():
    slow = side(1200, 1210, 1190, 1205, saturated=True)
    assert judged(STEADY, slow).direction is Direction.INCONCLUSIVE
    assert "saturated" in judged(STEADY, slow).note
    assert judged(slow, STEADY).direction is Direction.INCONCLUSIVE
    assert judged(STEADY, side(800, 805, 795, saturated=True)).direction is Direction.BETTER


def test_the_primary_quantity_comes_first_and_others_share_the_level():
    """The same difference is significant as the primary one, and as one of seven is not."""
    base = {f"p50(m{n})": side(1000, 1060, 940) for n in range(8)}
    candidate = {name: side(1130, 1200, 1065) for name in base}
    found = compare_latencies(base, candidate, Rules(primary="p50(m5)"))
    assert [each.name for each in found][:2] == ["p50(m5)", "p50(m0)"]
    directions = [each.direction for each in found]
    assert directions == [Direction.WORSE] + [Direction.INCONCLUSIVE] * 7


def test_a_quantity_of_one_side_alone_is_undecided():
    (found,) = compare_latencies({"p50(offer)": STEADY}, {}, Rules())
    assert found.direction is Direction.INCONCLUSIVE
    assert found.base_us == pytest.approx(1001.2, abs=0.1)
    assert found.candidate_us is None
