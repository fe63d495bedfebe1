"""A few of very many: those that took longest. Pure; knows nothing of what it keeps."""

from heapq import heappush, heapreplace
from typing import Generic, TypeVar

MOST = 20
_NEVER_NS = 1 << 62

Kept = TypeVar("Kept")


class Longest(Generic[Kept]):
    """The :data:`MOST` that took longest of all that are added after :meth:`open`.

    What took no longer than ``floor_ns`` is none of them: so nearly everything is told apart by one
    comparison, before :meth:`add` is called. Of equally long ones the first are kept.
    """

    __slots__ = ("_count", "_heap", "floor_ns")

    def __init__(self) -> None:
        self.floor_ns = _NEVER_NS
        self._heap: list[tuple[int, int, Kept]] = []
        self._count = 0

    def open(self) -> None:
        """From now on whatever takes longer than the others may be one of them."""
        self.floor_ns = self._heap[0][0] if len(self._heap) == MOST else -1

    def add(self, took_ns: int, what: Kept) -> None:
        """Keep ``what``, which took longer than the floor."""
        self._count += 1
        entry = (took_ns, -self._count, what)
        if len(self._heap) < MOST:
            heappush(self._heap, entry)
        else:
            heapreplace(self._heap, entry)
        self.open()

    def found(self) -> list[Kept]:
        """The longest first."""
        return [what for _, _, what in sorted(self._heap, key=lambda each: (-each[0], -each[1]))]
