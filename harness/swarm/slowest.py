"""The slowest messages of customers in a run: what the leader keeps of what it takes in anyway.

Bounded, pure, and no business of a worker's: nothing is done for a message where it is sent.
"""

from collections.abc import Callable, Iterable

from harness.ledger.observations import Observation, SendOutcome, Sent
from harness.swarm.longest import Longest


class Slowest:
    """The acknowledged messages that took longest from when they were due.

    ``counts`` tells whose latencies say something of the target.
    """

    def __init__(self, counts: Callable[[int], bool]) -> None:
        self._counts = counts
        self._measured_ns = 0
        self._longest = Longest[Sent]()

    def start(self, measured_ns: int) -> None:
        """What is due from ``measured_ns`` on counts."""
        self._measured_ns = measured_ns
        self._longest.open()

    def look(self, observations: Iterable[Observation]) -> None:
        """Keep what is among the slowest so far."""
        longest = self._longest
        for seen in observations:
            if type(seen) is Sent and seen.done_ns - seen.due_ns > longest.floor_ns:
                self._consider(seen)

    def found(self) -> list[Sent]:
        """The slowest first."""
        return self._longest.found()

    def _consider(self, sent: Sent) -> None:
        measured = sent.outcome is SendOutcome.ACKED and sent.due_ns >= self._measured_ns
        if measured and self._counts(sent.sender):
            self._longest.add(sent.done_ns - sent.due_ns, sent)
