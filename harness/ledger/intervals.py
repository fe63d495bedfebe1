"""Sets of whole numbers that mostly come in runs, kept as ranges. Knows nothing of messages."""

from bisect import bisect_left
from collections.abc import Iterator

_MOST_RANGES = 1_024


class IntervalSet:
    """Numbers from 0 on. Memory follows the number of gaps, and is bounded even then.

    Beyond 1,024 ranges the two lowest are taken for one: only a peer that makes gaps on purpose
    comes that far.
    """

    __slots__ = ("_ends", "_starts")

    def __init__(self) -> None:
        self._starts: list[int] = []  # inclusive both, sorted, never touching
        self._ends: list[int] = []

    def add(self, number: int) -> bool:
        """Put ``number`` in; False when it already was."""
        ends = self._ends
        if ends and number == ends[-1] + 1:
            ends[-1] = number
            return True
        if number in self:
            return False
        self.add_range(number, number)
        return True

    def add_range(self, first: int, last: int) -> None:
        """Put every number from ``first`` to ``last`` in, both included."""
        starts, ends = self._starts, self._ends
        if ends and first == ends[-1] + 1:
            ends[-1] = last
            return
        low = bisect_left(ends, first - 1)  # the first range that touches or follows
        high = low
        while high < len(starts) and starts[high] <= last + 1:
            high += 1
        if low < high:
            first, last = min(first, starts[low]), max(last, ends[high - 1])
        starts[low:high] = [first]
        ends[low:high] = [last]
        if len(starts) > _MOST_RANGES:
            del starts[1], ends[0]

    def update(self, other: "IntervalSet") -> None:
        """Put all of ``other`` in."""
        for first, last in other.ranges():
            self.add_range(first, last)

    def clear(self) -> None:
        """Take everything out."""
        self._starts.clear()
        self._ends.clear()

    def __contains__(self, number: int) -> bool:
        place = bisect_left(self._ends, number)
        return place < len(self._ends) and self._starts[place] <= number

    def __bool__(self) -> bool:
        return bool(self._ends)

    @property
    def highest(self) -> int:
        """The greatest number in the set; -1 when it is empty."""
        return self._ends[-1] if self._ends else -1

    def has_all(self, first: int, last: int) -> bool:
        """Whether every number from ``first`` to ``last`` is in the set, both included."""
        place = bisect_left(self._ends, last)
        return place < len(self._ends) and self._starts[place] <= first

    def any_between(self, low: int, high: int) -> bool:
        """Whether some number greater than ``low`` and less than ``high`` is in the set."""
        place = bisect_left(self._ends, low + 1)
        return place < len(self._ends) and max(self._starts[place], low + 1) < high

    def ranges(self) -> Iterator[tuple[int, int]]:
        """The runs, lowest first, as (first, last)."""
        return zip(self._starts, self._ends, strict=True)

    @property
    def gaps(self) -> int:
        """How many ranges there are: what the set costs."""
        return len(self._starts)
