"""How soon one more message may be sent, where a target bears only so many a second.

Pure arithmetic; the time comes in. Safe whether the target counts by the second, by a sliding
second or by a bucket that fills with time.
"""

from collections import deque

_SHORTEST_S = 1e-6  # what rounding leaves is no wait
WINDOW_S = 1.25  # more than a second: what travels may arrive closer together than it left


class Pace:
    """At most ``per_s`` messages in any ``window_s`` seconds; 0 means any number."""

    def __init__(self, per_s: int, window_s: float = WINDOW_S) -> None:
        self._per_s = per_s
        self._window_s = window_s
        self._sent_s: deque[float] = deque(maxlen=per_s or 1)

    def wait_s(self, now_s: float) -> float:
        """Seconds from ``now_s`` until one more may be sent; 0 when it may be now."""
        if not self._per_s or len(self._sent_s) < self._per_s:
            return 0.0
        left_s = self._sent_s[0] + self._window_s - now_s
        return left_s if left_s > _SHORTEST_S else 0.0

    def sent(self, now_s: float) -> None:
        """One has been sent at ``now_s``; times never go back."""
        self._sent_s.append(now_s)
