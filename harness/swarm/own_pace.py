"""How fast one connection may speak, by itself and beside the schedule of all."""

from harness.pace import Pace
from harness.swarm.allowance import Allowance

_NS = 1_000_000_000
_ANY = Pace(0)  # one for all: each would keep a queue of its own
_WINDOW_S = 1.0


class OwnPace:
    """Of one connection. ``beside`` is what all that is not scheduled keeps to together: the
    schedule itself was held against the limit of all connections. Times are ns.
    """

    __slots__ = ("_beside", "_own")

    def __init__(self, per_s: int, beside: Pace) -> None:
        self._own = Pace(per_s, _WINDOW_S) if per_s else _ANY
        self._beside = beside

    def wait_s(self, now_ns: int, *, scheduled: bool) -> float:
        """Seconds until the target bears one more message; 0 when it does now."""
        now_s = now_ns / _NS
        return max(pace.wait_s(now_s) for pace in self._paces(scheduled=scheduled))

    def sent(self, now_ns: int, *, scheduled: bool) -> None:
        """One leaves now."""
        for pace in self._paces(scheduled=scheduled):
            pace.sent(now_ns / _NS)

    def _paces(self, *, scheduled: bool) -> tuple[Pace, ...]:
        return (self._own,) if scheduled else (self._own, self._beside)


def own_pace(allowance: Allowance, beside: Pace) -> OwnPace | None:
    """None where the target bears any number of messages."""
    if allowance.connection > 0 or allowance.beside > 0:
        return OwnPace(allowance.connection, beside)
    return None
