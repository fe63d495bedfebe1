"""How many messages a connection may still send: a bucket that fills with time.

Pure arithmetic; the time comes in.
"""


class Allowance:
    """``rate`` messages a second, and as many at once after a quiet second."""

    def __init__(self, rate: int, now_s: float) -> None:
        self._rate = rate
        self._left = float(rate)
        self._at_s = now_s

    def take(self, now_s: float) -> bool:
        """Whether one more may be sent at ``now_s``; times never go back."""
        self._left = min(self._rate, self._left + (now_s - self._at_s) * self._rate)
        self._at_s = now_s
        if self._left < 1:
            return False
        self._left -= 1
        return True
