"""The slowest messages of customers in a run: what the leader keeps of what it takes in anyway.

Bounded, pure, and no business of a worker's: nothing is done for a message where it is sent.
"""

from collections.abc import Callable, Iterable
from heapq import heappush, heapreplace

from harness.ledger.observations import Observation, SendOutcome, Sent

MOST = 20
_NEVER_NS = 1 << 62


class Slowest:
    """The acknowledged messages that took longest from when they were due, at most :data:`MOST`.

    ``counts`` tells whose latencies say something of the target.
    """

    def __init__(self, counts: Callable[[int], bool]) -> None:
        self._counts = counts
        self._measured_ns = 0
        self._floor_ns = _NEVER_NS
        self._heap: list[tuple[int, int, Sent]] = []
        self._count = 0

    def start(self, measured_ns: int) -> None:
        """What is due from ``measured_ns`` on counts."""
        self._measured_ns, self._floor_ns = measured_ns, -1

    def look(self, observations: Iterable[Observation]) -> None:
        """Keep what is among the slowest so far."""
        for seen in observations:
            if type(seen) is Sent and seen.done_ns - seen.due_ns > self._floor_ns:
                self._consider(seen)

    def found(self) -> list[Sent]:
        """The slowest first."""
        return [sent for _, _, sent in sorted(self._heap, key=lambda each: (-each[0], each[1]))]

    def _consider(self, sent: Sent) -> None:
        measured = sent.outcome is SendOutcome.ACKED and sent.due_ns >= self._measured_ns
        if not measured or not self._counts(sent.sender):
            return
        self._count += 1
        entry = (sent.done_ns - sent.due_ns, self._count, sent)
        if len(self._heap) < MOST:
            heappush(self._heap, entry)
            return
        heapreplace(self._heap, entry)
        self._floor_ns = self._heap[0][0]
