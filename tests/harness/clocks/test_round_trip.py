"""What the fastest of some round trips tells."""

from random import Random

from hypothesis import given

from harness.clocks.round_trip import Estimate, RoundTrip, estimate
from tests.harness.clocks.simulated import S, drifting, looked_at, offsets, seeds


@given(offsets, seeds)
def test_the_truth_lies_within_half_the_fastest_round_trip(offset: int, seed: int) -> None:
    found = looked_at(drifting(offset, 0.0), 5 * S, Random(seed))
    assert abs(found.offset_ns - offset) <= found.error_ns <= 800_000


def test_the_fastest_round_trip_is_believed() -> None:
    slow, fast = RoundTrip(0, 900, 1_000), RoundTrip(2_000, 2_151, 2_100)
    assert estimate([slow, fast]) == Estimate(2_151, 101, 50)
