"""The offset of one host's clock over a run, interpolated between estimates.

Source: measurement §4: the error is half the round trip plus the residual. Before the first
estimate and after the last one the drift is taken from the nearest that lie far enough apart.
"""

from bisect import bisect_right

from harness.clocks.round_trip import Estimate

_NS = 1_000_000_000
_DRIFT_SPAN_NS = 5 * _NS  # closer estimates tell more of noise than of drift
MOST_DRIFT = 0.001
"""No clock of a working host drifts faster (1,000 ppm; NTP slews at 500)."""


class Track:
    """Estimates of one host, in the order of its clock."""

    def __init__(self) -> None:
        self._estimates: list[Estimate] = []
        self._times: list[int] = []

    def add(self, found: Estimate) -> None:
        """One more estimate; one that is no later than the last is passed over."""
        if self._times and found.there_ns <= self._times[-1]:
            return
        self._estimates.append(found)
        self._times.append(found.there_ns)

    @property
    def until_ns(self) -> int | None:
        """The host's time of the last estimate: up to it the offset is interpolated."""
        return self._times[-1] if self._times else None

    def offset_ns(self, there_ns: int) -> int:
        """How far the host is ahead when its clock shows ``there_ns``; 0 without estimates."""
        found = self._estimates
        if not found:
            return 0
        place = bisect_right(self._times, there_ns)
        if place == 0:
            return self._extrapolated(found[0], self._drift(first=True), there_ns)
        if place == len(found):
            return self._extrapolated(found[-1], self._drift(first=False), there_ns)
        return _between(found[place - 1], found[place], there_ns)

    @property
    def error_ns(self) -> int:
        """How far an interpolated offset may be wrong: the worst half round trip and residual."""
        return max((each.error_ns for each in self._estimates), default=0) + self.residual_ns

    @property
    def residual_ns(self) -> int:
        """The furthest that an estimate lies from the line between its neighbours."""
        found = self._estimates
        return max(
            (
                abs(here.offset_ns - _between(before, after, here.there_ns))
                for before, here, after in zip(found, found[1:], found[2:], strict=False)
            ),
            default=0,
        )

    def _drift(self, *, first: bool) -> float:
        """Offset gained per ns at one end of the track; 0 while that cannot be told."""
        found = self._estimates if first else self._estimates[::-1]
        near = found[0]
        for far in found[1:]:
            span_ns = far.there_ns - near.there_ns
            if abs(span_ns) >= _DRIFT_SPAN_NS:
                drift = (far.offset_ns - near.offset_ns) / span_ns
                return max(-MOST_DRIFT, min(drift, MOST_DRIFT))
        return 0.0

    @staticmethod
    def _extrapolated(nearest: Estimate, drift: float, there_ns: int) -> int:
        return nearest.offset_ns + round((there_ns - nearest.there_ns) * drift)


def _between(before: Estimate, after: Estimate, there_ns: int) -> int:
    share = (there_ns - before.there_ns) / (after.there_ns - before.there_ns)
    return before.offset_ns + round((after.offset_ns - before.offset_ns) * share)
