"""Increments read on another clock."""

import pytest

from harness.ledger.observations import (
    Bound,
    CloseCause,
    Closed,
    Increment,
    Intruded,
    Observation,
    Opened,
    Read,
    Received,
    SendOutcome,
    Sent,
    Unbound,
)
from harness.ledger.rebased import rebased

SEEN = (
    Opened(1, 2, False, 10, 20),
    Closed(1, 30, CloseCause.OURS),
    Bound(1, 2, 40),
    Unbound(1, 2, 50),
    Sent(1, 2, 2, 7, 0, 60, 61, 62, SendOutcome.ACKED),
    Received(1, 2, 2, 7, 0, -1, 70),
    Read(1, 2, 80, 81),
    Intruded(1, 2, 85),
)
INCREMENT = Increment(1, 0, SEEN, {"foreign": 3}, 90, 4)


def test_the_same_clock_changes_nothing() -> None:
    assert rebased(INCREMENT, lambda at_ns: at_ns) == INCREMENT


@pytest.mark.parametrize("seen", SEEN, ids=lambda seen: type(seen).__name__)
def test_every_time_is_moved_and_nothing_else(seen: Observation) -> None:
    (moved,) = rebased(Increment(1, 0, (seen,), {}, 90), lambda at_ns: at_ns + 1_000).observations
    for name in seen.__struct_fields__:
        before, after = getattr(seen, name), getattr(moved, name)
        assert after == (before + 1_000 if name.endswith("_ns") else before)


def test_the_horizon_is_a_time_as_well() -> None:
    assert rebased(INCREMENT, lambda at_ns: at_ns + 1_000).until_ns == 1_090
