"""A reading that is bent and never stepped."""

from random import Random

from hypothesis import given

from harness.clocks.round_trip import Estimate
from harness.clocks.slewed import Slewed
from harness.clocks.track import Track
from tests.harness.clocks.simulated import MS, S, drifting, drifts, followed, offsets, seeds


@given(offsets, drifts, seeds)
def test_the_reading_never_goes_back_and_is_inverted(offset: int, drift: float, seed: int) -> None:
    rng = Random(seed)
    clock = drifting(offset, drift)
    host = followed(clock, rng)
    times = sorted(clock(rng.randrange(70 * S)) for _ in range(50))
    read = [host.reading.leader_ns(there) for there in times]
    assert read == sorted(read)
    for there_ns, leader_ns in zip(times, read, strict=True):
        assert abs(host.reading.there_ns(leader_ns) - there_ns) <= 2
        assert abs(leader_ns - (there_ns - offset) / (1 + drift)) < 8 * MS


def test_what_was_read_stays_read_when_an_estimate_comes() -> None:
    track = Track()
    track.add(Estimate(0, 1_000_000, 10))
    reading = Slewed(track, 0)
    before = [reading.leader_ns(at * S) for at in range(5)]
    track.add(Estimate(10 * S, 9_000_000, 10))
    reading.bend()
    assert [reading.leader_ns(at * S) for at in range(5)] == before
    assert reading.leader_ns(30 * S) < 30 * S - 9_000_000  # it has met the track, and drifts on
