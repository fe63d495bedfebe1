"""One look at another host's clock: what a round trip tells of its offset, and how surely.

Source: measurement §4. Knows nothing of drift: that takes several looks.
"""

from collections.abc import Sequence

import msgspec


class RoundTrip(msgspec.Struct, frozen=True):
    """Asked and heard by the leader's clock, answered by the other host's; all ns."""

    asked_ns: int
    answered_ns: int
    heard_ns: int

    @property
    def took_ns(self) -> int:
        """How long it took by the leader's clock."""
        return self.heard_ns - self.asked_ns


class Estimate(msgspec.Struct, frozen=True):
    """At ``there_ns`` of its own clock a host was ``offset_ns`` ahead of the leader.

    The truth lies within ``error_ns`` of that, whatever way the round trip was asymmetric.
    """

    there_ns: int
    offset_ns: int
    error_ns: int


def estimate(trips: Sequence[RoundTrip]) -> Estimate:
    """What the fastest of ``trips`` tells: it had the least room for asymmetry. Never of none."""
    best = min(trips, key=lambda trip: trip.took_ns)
    half_ns = (best.took_ns + 1) // 2
    middle_ns = best.asked_ns + best.took_ns // 2
    return Estimate(best.answered_ns, best.answered_ns - middle_ns, half_ns)
