"""Deliveries from one host to another."""

from random import Random

from hypothesis import given

from harness.clocks.far import FarDeliveries, FarDelivery
from harness.clocks.hosts import HostClock, Hosts
from harness.clocks.round_trip import Estimate
from tests.harness.clocks.simulated import MS, S, drifting, drifts, looked_at, seeds


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
