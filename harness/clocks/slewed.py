"""A host's times as the leader's, at once: continuous, never backwards, and invertible.

What is joined while the run goes on cannot wait for the next estimate. So this reading is never
stepped: a new estimate bends it, so that it meets the track within :data:`SLEW_NS`. Once better is
known, :meth:`Slewed.there_ns` gives back the host's own time for :class:`~harness.clocks.track`.
"""

from bisect import bisect_right

from harness.clocks.track import Track

SLEW_NS = 10_000_000_000
_STEEPEST = 0.5  # of a bend: times stay in their order whatever an estimate says


class Slewed:
    """The reading of one host's clock. Every time it was asked for keeps its answer."""

    def __init__(self, track: Track, since_ns: int) -> None:
        """From ``since_ns`` of the host's clock on; before that the offset is that of then."""
        self._track = track
        self._there = [since_ns]
        self._leader = [since_ns - track.offset_ns(since_ns)]
        self._skews = [0.0]
        self._latest_ns = since_ns

    def leader_ns(self, there_ns: int) -> int:
        """The leader's time when the host's clock showed ``there_ns``."""
        self._latest_ns = max(self._latest_ns, there_ns)
        return self._read(there_ns)

    def there_ns(self, leader_ns: int) -> int:
        """The host's time that was read as ``leader_ns``, to the nearest ns."""
        place = max(bisect_right(self._leader, leader_ns) - 1, 0)
        passed = leader_ns - self._leader[place]
        skew = self._skews[place] if passed >= 0 else 0.0
        return self._there[place] + round(passed / (1 + skew))

    def bend(self) -> None:
        """The track has a new estimate: from the latest time asked for on, approach it."""
        here_ns, ahead_ns = self._latest_ns, self._latest_ns + SLEW_NS
        now_ns = self._read(here_ns)
        wanted_ns = ahead_ns - self._track.offset_ns(ahead_ns)
        skew = (wanted_ns - now_ns) / SLEW_NS - 1
        skew = max(-_STEEPEST, min(skew, _STEEPEST))
        if here_ns == self._there[-1]:
            self._skews[-1] = skew
            return
        self._there.append(here_ns)
        self._leader.append(now_ns)
        self._skews.append(skew)

    def _read(self, there_ns: int) -> int:
        place = max(bisect_right(self._there, there_ns) - 1, 0)
        passed = there_ns - self._there[place]
        skew = self._skews[place] if passed >= 0 else 0.0
        return self._leader[place] + passed + round(passed * skew)
