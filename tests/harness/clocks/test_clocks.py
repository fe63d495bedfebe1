"""Offsets of simulated clocks that drift, behind a network with delays of its own."""

from collections.abc import Callable
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from harness.clocks.far import FarDeliveries, FarDelivery
from harness.clocks.hosts import HostClock, Hosts
from harness.clocks.round_trip import Estimate, RoundTrip, estimate
from harness.clocks.slewed import Slewed
from harness.clocks.track import Track

S = 1_000_000_000
MS = 1_000_000

offsets = st.integers(-(10**15), 10**15)
drifts = st.floats(-400e-6, 400e-6)
seeds = st.integers(0, 2**32)


def drifting(offset_ns: int, drift: float) -> Callable[[int], int]:
    """A clock: what it shows at a time of the leader's."""
    return lambda leader_ns: leader_ns + offset_ns + round(leader_ns * drift)


def looked_at(clock: Callable[[int], int], at_ns: int, rng: Random) -> Estimate:
    trips = []
    for number in range(8):
        asked = at_ns + number * MS
        there, back = (rng.randrange(50_000, 800_000) for _ in "ab")
        trips.append(RoundTrip(asked, clock(asked + there), asked + there + back))
    return estimate(trips)


def followed(clock: Callable[[int], int], rng: Random, seconds: int = 60) -> HostClock:
    host = HostClock(looked_at(clock, 0, rng))
    for at_s in range(10, seconds + 1, 10):
        for step in range(10):
            host.reading.leader_ns(clock((at_s - 10 + step) * S))
        host.add(looked_at(clock, at_s * S, rng))
    return host


@given(offsets, seeds)
def test_the_truth_lies_within_half_the_fastest_round_trip(offset: int, seed: int) -> None:
    found = looked_at(drifting(offset, 0.0), 5 * S, Random(seed))
    assert abs(found.offset_ns - offset) <= found.error_ns <= 800_000


def test_the_fastest_round_trip_is_believed() -> None:
    slow, fast = RoundTrip(0, 900, 1_000), RoundTrip(2_000, 2_151, 2_100)
    assert estimate([slow, fast]) == Estimate(2_151, 101, 50)


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


def hosts(first: Estimate) -> tuple[Hosts, HostClock]:
    """Worker 1 is elsewhere."""
    found = Hosts()
    found.place(1, "far")
    found.learn("far", first)
    clock = found.clock_of(1)
    assert clock is not None
    return found, clock


@given(drifts, seeds)
def test_a_delivery_across_hosts_is_measured_by_clocks_known_later(drift: float, seed: int) -> None:
    clock = drifting(7 * S, drift)
    rng = Random(seed)
    there, host = hosts(looked_at(clock, 0, rng))
    far = FarDeliveries(there)
    due, sent, at = 8 * S, 8 * S + MS, 8 * S + 21 * MS
    read = [host.reading.leader_ns(clock(time)) for time in (due, sent)]
    far.add(FarDelivery("deliver", 1, 0, *read, at))
    assert list(far.measure()) == []  # no later estimate yet
    there.learn("far", looked_at(clock, 10 * S, rng))
    (found,) = far.measure()
    assert found.series == "deliver_remote"
    assert abs(found.at_ns - found.due_ns - 21 * MS) <= host.track.error_ns + 1_000
    assert abs(found.at_ns - found.sent_ns - 20 * MS) <= host.track.error_ns + 1_000


def test_a_negative_latency_is_counted_and_not_clamped() -> None:
    far = FarDeliveries(hosts(Estimate(0, 0, 100))[0])
    far.add(FarDelivery("deliver", 1, 0, 5 * MS, 5 * MS, 4 * MS))
    assert list(far.measure(everything=True)) == []
    assert far.negatives == far.measured == {"deliver_remote": 1}


def test_workers_of_one_host_are_not_apart() -> None:
    found = Hosts()
    found.place(1, "far")
    found.place(2, "far")
    assert found.apart(0, 1)
    assert not found.apart(1, 2)
    assert not found.apart(0, 3)
    assert found.clock_of(0) is None
    assert found.error_us is None
    found.learn("far", Estimate(0, 5, 1_500))
    assert found.error_us == 2
    assert found.names == ["far"]
