"""The order in which one lane's messages came on one connection.

Untokened ones are known only later, so their places are kept until they are, and the order is
looked at as far as everything in front is known. Knows numbers and places, no rule of delivery.
"""

from collections.abc import Iterator
from itertools import takewhile

_QUEUE_LIMIT = 1_024


class Place:
    """One frame's place. ``digest`` is 0 with a token; ``seq`` is -1 where it is not known.

    ``resolved``: all is known of it that ever will be.
    """

    __slots__ = ("binding", "digest", "resolved", "seq")

    def __init__(self, digest: int, binding: int, seq: int = -1) -> None:
        self.digest = digest
        self.binding = binding
        self.seq = seq
        self.resolved = seq >= 0


class FrameOrder:
    """Finds messages that came after a later one, within one binding."""

    __slots__ = ("_binding", "_highest", "_highest_token", "_queue")

    def __init__(self, binding: int) -> None:
        self._binding = binding
        self._highest = self._highest_token = -1  # within the binding
        self._queue: list[Place] = []

    def token(self, seq: int, binding: int) -> bool:
        """A tokened message came. True: it came after an untokened one that was sent later.

        After a tokened one is the worker's to see.
        """
        if self._queue:
            self._queue.append(Place(0, binding, seq))
            return False
        return self._is_late(seq, binding, tokened=True)

    def word(self, place: Place) -> None:
        """An untokened message came."""
        self._queue.append(place)

    def late(self) -> Iterator[int]:
        """The messages found to have come late, now that more of the places are resolved."""
        while self._queue and self._queue[0].resolved:
            place = self._queue.pop(0)
            if place.seq >= 0 and self._is_late(
                place.seq, place.binding, tokened=place.digest == 0
            ):
                yield place.seq

    def before(self, place: Place) -> int:
        """The highest message of the binding known to have come before ``place``; -1 for none."""
        ahead = self._queue[: self._queue.index(place)]
        known = [other.seq for other in ahead if other.binding == place.binding]
        if place.binding == self._binding:
            known.append(self._highest)
        return max(known, default=-1)

    def behind(self, place: Place) -> int | None:
        """The first message of the binding known to have come after ``place``."""
        return next(
            (p.seq for p in self._after(place) if p.seq >= 0 and p.binding == place.binding), None
        )

    def equals_behind(self, place: Place) -> list[Place]:
        """Receipts with the same digest between ``place`` and the next that is resolved."""
        between = takewhile(lambda other: not other.resolved, self._after(place))
        return [other for other in between if other.digest == place.digest]

    def unresolved(self) -> list[Place]:
        """The places that are not known yet, oldest first."""
        return [place for place in self._queue if not place.resolved]

    @property
    def overflow(self) -> Place | None:
        """The first unresolved place, when too many wait behind it."""
        return self._queue[0] if len(self._queue) > _QUEUE_LIMIT else None

    def __len__(self) -> int:
        return len(self._queue)

    def _after(self, place: Place) -> list[Place]:
        return self._queue[self._queue.index(place) + 1 :]

    def _is_late(self, seq: int, binding: int, *, tokened: bool) -> bool:
        if binding != self._binding:
            self._binding = binding
            self._highest = self._highest_token = -1
        late = self._highest_token < seq < self._highest or (not tokened and seq < self._highest)
        self._highest = max(self._highest, seq)
        if tokened:
            self._highest_token = max(self._highest_token, seq)
        return late
