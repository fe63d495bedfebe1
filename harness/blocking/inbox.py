"""What one connection has been sent: what belongs to the matter at hand, and from which count on.

Accounts that are used again bring leftovers: unread messages of earlier times are replayed, and
count. Live servers send things of their own. Neither is what a case is about. Pure.
"""

from collections import Counter
from collections.abc import Callable
from enum import StrEnum
from typing import Any

from msgspec.structs import replace

from harness.events import Delivered

Msg = dict[str, Any]
_NAME = ("SendSn", "type", "titletype", "content", "time")
COUNT, OFFSET = "NoReadQty", "NoReadQty before"


class Whose(StrEnum):
    """Where a delivery comes from: this case, an earlier one, or neither."""

    OURS = "ours"
    EARLIER = "earlier"
    FOREIGN = "foreign"


class Start(StrEnum):
    """Where counting begins: at nothing, at the last count told, or before the next one told."""

    NOTHING = "nothing"
    TOLD = "told"
    NEXT = "next"


Sort = Callable[[Msg], Whose]


def all_ours(_: Msg) -> Whose:
    """Nobody else is there, and nothing was before."""
    return Whose.OURS


class Inbox:
    """The deliveries of one connection, each with the number of its event.

    ``by_sender`` where counts are kept by sender (staff), not for the connection as a whole.
    ``foreign`` counts what came from elsewhere.
    """

    def __init__(self, sort: Sort, *, by_sender: bool) -> None:
        self._sort = sort
        self._by_sender = by_sender
        self._kept: list[tuple[int, Delivered]] = []
        self._earlier: Counter[tuple[str, ...]] = Counter()
        self._known: Counter[tuple[str, ...]] = Counter()
        self._again: Counter[tuple[str, ...]] = Counter()
        self._told: Counter[str] = Counter()
        self._offsets: Counter[str] = Counter()
        self._unknown = False
        self.foreign = 0

    def since(self, at: int) -> list[Delivered]:
        """What belongs to the matter at hand, of event ``at`` and later.

        Counts are those told less what had been unread before, or is of others; the frame says so.
        """
        return [event for place, event in self._kept if place >= at]

    def take(self, at: int, event: Delivered) -> None:
        """Event number ``at`` is a delivery."""
        name, side = _name(event.msg), self._side(event.msg)
        told, whose = event.frame.get(COUNT), self._sort(event.msg)
        count, again = told if isinstance(told, int) else 0, self._again[name] > 0
        if whose is Whose.FOREIGN:  # again: it is in the offset with which this connection began
            self._offsets[side] += count > self._told[side] and not again
        elif self._unknown and side not in self._offsets:
            self._offsets[side] = count - 1
        self._told[side] = count
        self.foreign += whose is Whose.FOREIGN
        if again or whose is Whose.EARLIER:
            self._again[name] -= 1
            self._earlier[name] += 1
            return
        self._kept.append((at, self._relative(event, self._offsets[side])))

    def read(self) -> None:
        """All that has been sent here is read: counting begins at nothing."""
        self._told.clear()
        self._offsets.clear()
        self._unknown = False

    def begin_anew(self, start: Start) -> None:
        """What has come until now is of earlier times, and counting begins at ``start``."""
        self._earlier.update(_name(event.msg) for _, event in self._kept)
        self._kept = []
        self._offsets = Counter(self._told) if start is Start.TOLD else Counter()
        self._unknown = start is Start.NEXT

    def resume(self, sort: Sort, start: Start) -> None:
        """As :meth:`begin_anew`, for somebody else who sorts otherwise."""
        self.begin_anew(start)
        self._sort = sort
        self.foreign = 0

    def succeed(self, before: "Inbox") -> None:
        """This connection stands beside another, or in its place, and begins where that one did."""
        self._known = before._known | before._earlier  # it may not have read them itself yet
        self._again = Counter(self._known)
        self._offsets = Counter(before._offsets)
        self._unknown = before._unknown

    def _side(self, msg: Msg) -> str:
        return str(msg.get("SendSn")) if self._by_sender else ""

    @staticmethod
    def _relative(event: Delivered, offset: int) -> Delivered:
        told = event.frame.get(COUNT)
        if not offset or not isinstance(told, int):
            return event
        return replace(event, frame={**event.frame, COUNT: told - offset, OFFSET: offset})


def _name(msg: Msg) -> tuple[str, ...]:
    return tuple(str(msg.get(member)) for member in _NAME)
