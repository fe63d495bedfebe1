"""Simulated clocks that drift, behind a network with delays of its own."""

from collections.abc import Callable
from random import Random

from hypothesis import strategies as st

from harness.clocks.hosts import HostClock
from harness.clocks.round_trip import Estimate, RoundTrip, estimate

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
