"""How long a connection is still listened to once a deadline has passed.

What has come must be taken in, even when this process itself did not run for a while and finds it
late. Where an answer is owed and nothing has come, the peer is asked for a sign of life: an answer
is missing when the peer answers something else and not this. Pure: time comes in.
"""

from collections.abc import Callable

from harness.blocking.deadline import Deadline
from harness.blocking.pulse import Sign

STUBBORN_NS = 1_000_000_000
"""A peer that never stops sending is read for so long past a deadline, not longer."""

LOOK_NS = 20_000_000
GRACE_NS = 250_000_000
ROUND_TRIPS = 20
"""D25: an answer may take that many round trips, and at least :data:`GRACE_NS` after a sign of
life: what stands between a message and its answer may be a thread that has not come to run."""


class Overtime:
    """Past ``deadline``, noticed at ``now_ns``. ``ask`` puts the question, at most once."""

    def __init__(self, deadline: Deadline, now_ns: int, ask: Callable[[], Sign | None]) -> None:
        self.deadline = deadline
        self._ask = ask
        self._asked = False
        self._sign: Sign | None = None
        self._heard_ns = 0
        self._reads_until_ns = max(now_ns + STUBBORN_NS, deadline.latest_ns)

    def reads(self, now_ns: int) -> bool:
        """Whether what lies there is still taken in."""
        return now_ns < self._reads_until_ns

    def heard(self, now_ns: int) -> None:
        """Something came: an answer may stand behind it."""
        self._heard_ns = now_ns

    def waits_ns(self, now_ns: int) -> int:
        """Nothing lies there: how long to wait for more before asking again; 0 when it is over."""
        latest_ns = self.deadline.latest_ns
        if not self.deadline.is_owed or now_ns >= latest_ns:
            return 0
        if not self._asked:
            self._asked, self._sign = True, self._ask()
        if self._sign is None or self._sign.refused:
            return 0
        answered_ns = self._sign.answered_ns
        if answered_ns is None:
            return min(LOOK_NS, latest_ns - now_ns)
        grace_ns = max(GRACE_NS, ROUND_TRIPS * (answered_ns - self._sign.asked_ns))
        until_ns = min(latest_ns, max(answered_ns, self._heard_ns) + grace_ns)
        return max(0, min(LOOK_NS, until_ns - now_ns))
