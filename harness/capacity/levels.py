"""The levels that may be tried: where to begin, how to rise, which lie close. Arithmetic."""

import math

import msgspec

_DIGITS = 3


class Levels(msgspec.Struct, frozen=True):
    """``start`` is tried first; each ``step`` multiplies. Two levels whose ratio is at most
    1 + ``width`` are close. ``whole``: only whole numbers can be tried, else three digits are kept.
    """

    start: float
    width: float = 0.05
    step: float = 2.0
    whole: bool = False

    def above(self, level: float) -> float:
        """The next one on the way up."""
        return max(self._rounded(level * self.step), level + 1 if self.whole else level * 1.01)

    def between(self, low: float, high: float) -> float | None:
        """The one to try between two; None where they are close enough."""
        if high <= low * (1 + self.width):
            return None
        middle = self._rounded(math.sqrt(low * high))
        return middle if low < middle < high else None

    def _rounded(self, level: float) -> float:
        if self.whole:
            return float(round(level))
        return float(f"{level:.{_DIGITS}g}")
