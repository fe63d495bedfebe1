"""Whose clock is whose."""

from harness.clocks.hosts import Hosts
from harness.clocks.round_trip import Estimate


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
