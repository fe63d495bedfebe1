"""The unread count that one connection may be told for one conversation (decisions D10, D11).

Pure interval arithmetic. *Seen* is what this connection was sent and its side has not read;
*hidden* is what its side has not read and this connection has not been sent. Every count told is
their sum. A ``read`` that is under way makes the seen count an interval; its answer makes it exact
again.
"""


class UnreadModel:
    """Follows one conversation on one connection of a side that has no other. Counts are messages.

    Sound, not complete: a count below the bound cannot be explained by any order of handling. Too
    high a count is a promise instead: what is still hidden must arrive, so once all is quiet
    :attr:`promised` must be 0. Whoever knows that nothing is under way asserts the number itself.
    """

    def __init__(self) -> None:
        self._seen_low = 0
        self._seen_high = 0
        self._hidden = 0
        self._received_since_read: list[int] = []

    @property
    def promised(self) -> int:
        """How many messages the latest count included that have not arrived here, at least."""
        return self._hidden

    def received(self, count: int) -> int:
        """A delivery that told ``count``, itself included; returns the least it could tell."""
        least = self._seen_low + 1  # hidden ones are promises: one that is lost is no wrong count
        # A read under way may be handled after this delivery was sent, and then marks it too.
        self._seen_low += 0 if self._received_since_read else 1
        self._seen_high += 1
        self._received_since_read = [number + 1 for number in self._received_since_read]
        self._hidden = max(count - self._seen_high, 0)
        self._seen_high = min(self._seen_high, count)
        self._seen_low = min(self._seen_low, self._seen_high)
        return least

    def rebound(self) -> None:
        """Other connections of this side read too, or did until now: only the most is known."""
        self._seen_low = self._hidden = 0

    def read_sent(self) -> None:
        """A frame with ``read`` true has left: from now on all that was seen may be read."""
        self._seen_low = 0
        self._received_since_read.append(0)

    def read_answered(self, *, accepted: bool) -> None:
        """The oldest ``read`` under way was answered; a refused one marks nothing (D10)."""
        since = self._received_since_read.pop(0)
        if accepted:
            self._seen_high = min(self._seen_high, since)
