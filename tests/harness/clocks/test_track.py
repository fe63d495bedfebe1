"""Offsets between and beyond estimates."""

from random import Random

from hypothesis import given

from harness.clocks.round_trip import Estimate
from harness.clocks.track import Track
from tests.harness.clocks.simulated import MS, S, drifting, drifts, followed, offsets, seeds


@given(offsets, drifts, seeds)
def test_a_drifting_clock_is_interpolated_within_the_error(
    offset: int, drift: float, seed: int
) -> None:
    rng = Random(seed)
    clock = drifting(offset, drift)
    host = followed(clock, rng)
    for at in (0.5, 7.0, 12.3, 33.0, 59.0):
        leader_ns = int(at * S)
        there_ns = clock(leader_ns)
        wrong_ns = there_ns - host.track.offset_ns(there_ns) - leader_ns
        assert abs(wrong_ns) <= host.track.error_ns + 1_000


def test_an_outlier_shows_in_the_error() -> None:
    track = Track()
    for at, offset in ((0, 0), (10, 5 * MS), (20, 0)):
        track.add(Estimate(at * S, offset, 100))
    assert track.residual_ns == 5 * MS
    assert track.error_ns == 5 * MS + 100


def test_estimates_close_together_tell_no_drift() -> None:
    track = Track()
    track.add(Estimate(0, 0, 100))
    track.add(Estimate(S // 10, 200_000, 100))
    assert track.offset_ns(60 * S) == 200_000
