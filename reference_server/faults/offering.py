"""Faults of offers that take two staff members, or two cases, to show themselves (D13)."""

from typing import Any, Final

from reference_server.conversation import Connection, Conversation, Entry
from reference_server.faults.bending import bend_hall
from reference_server.faults.fault import Fault
from reference_server.hall import Hall, Step
from reference_server.outgoing import Output
from schemas.messages import InMsg
from schemas.words import MessageType, MsgStatus, Role


class OffersOutlivingConfirms(Hall):
    """Who was offered a customer goes on receiving its words when somebody else has confirmed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offered: dict[str, Connection] = {}

    def _bind(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        offered_to = conversation.offered_to
        if offered_to is not None and offered_to is not connection:
            self._offered[conversation.sn] = offered_to
        super()._bind(connection, conversation, step)

    def _attend(self, conversation: Conversation, entry: Entry, step: Step) -> None:
        super()._attend(conversation, entry, step)
        former = self._offered.get(conversation.sn)
        if former is not None and former.bound_to is None:
            self._deliver(former, conversation, entry, step)


class OfferingToBound(Hall):
    """Where nobody is idle, bound staff is sent what waits."""

    def _offer(self, conversation: Conversation, step: Step) -> None:
        super()._offer(conversation, step)
        waits = conversation.offered_to is None and conversation.unread_by(Role.STAFF)
        bound = (each for each in self._connections.values() if each.side is Role.STAFF)
        taker = next((each for each in bound if each.bound_to not in (None, conversation)), None)
        if waits and taker is not None:
            self._catch_up(taker, conversation, step)


class OffersEndingWithCustomers(Hall):
    """When a customer's connection ends, its offer ends too; what it says next goes elsewhere."""

    def leave(self, connection_id: int) -> Step:
        gone = self._connections[connection_id]
        if gone.side is Role.CUSTOMER:
            self._desk.settle(self._conversations[gone.identity.sn])
        return super().leave(connection_id)


class OfferingAgain(Hall):
    """What comes free again is offered even to who has been sent it already."""

    def _unbind(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        super()._unbind(connection, conversation, step)
        for idle in list(self._desk._idle.values())[:1]:
            if not conversation.has_news_for(idle):
                for entry in conversation.unread[Role.STAFF]:
                    self._deliver(idle, conversation, entry, step)


class ReadOfferedAgain(Hall):
    """When a case ends, its last message is offered to somebody idle, read or not."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._last: dict[str, Entry] = {}

    def _attend(self, conversation: Conversation, entry: Entry, step: Step) -> None:
        self._last[conversation.sn] = entry
        super()._attend(conversation, entry, step)

    def _unbind(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        super()._unbind(connection, conversation, step)
        last, idle = self._last.get(conversation.sn), list(self._desk._idle.values())[:1]
        for each in idle if last is not None and not conversation.unread_by(Role.STAFF) else []:
            msg = last.msg if last is not None else None
            step.send(each, Output(MsgStatus.RECEIVE, result=True, msg=msg, unread=1))


class ClosedUnoffered(Hall):
    """What a customer says after its case was closed is offered to nobody."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._closed: set[str] = set()

    def _move(
        self, connection: Connection, conversation: Conversation, message: InMsg, step: Step
    ) -> None:
        if message.titletype == self.dialect.staff_close:
            self._closed.add(conversation.sn)
        super()._move(connection, conversation, message, step)

    def _attend(self, conversation: Conversation, entry: Entry, step: Step) -> None:
        if conversation.bound_to is not None or conversation.sn not in self._closed:
            super()._attend(conversation, entry, step)


class OfferingTexts(Hall):
    """A conversation is offered when a text is said; images and topics wait for one."""

    def _attend(self, conversation: Conversation, entry: Entry, step: Step) -> None:
        known = conversation.bound_to or conversation.offered_to
        if known is not None or entry.msg.type == MessageType.TEXT:
            super()._attend(conversation, entry, step)


class OfferingOneOfMany(Hall):
    """Of all that waits, who becomes idle is sent one conversation."""

    def _become_idle(self, connection: Connection, step: Step) -> None:
        for conversation in self._desk.arrive(connection)[:1]:
            self._catch_up(connection, conversation, step)


FAULTS: Final = (
    Fault(
        "closed-case-unoffered",
        "What a customer says after its case was closed is offered to nobody.",
        ("case-reopens",),
        bend_hall(ClosedUnoffered),
    ),
    Fault(
        "offer-outlives-confirm",
        "Who was offered a customer goes on receiving its words after another's confirm.",
        ("offer-idle-staff",),
        bend_hall(OffersOutlivingConfirms),
    ),
    Fault(
        "offer-texts-only",
        "A conversation that begins with an image or a topic is offered to nobody.",
        ("offer-idle-staff",),
        bend_hall(OfferingTexts),
    ),
    Fault(
        "offer-to-bound",
        "Where nobody is idle, bound staff is sent what waits.",
        ("isolation", "offer-waits"),
        bend_hall(OfferingToBound),
    ),
    Fault(
        "offer-one-of-many",
        "Of all that waits, who becomes idle is sent one conversation.",
        ("offer-waits",),
        bend_hall(OfferingOneOfMany),
    ),
    Fault(
        "offer-ends-with-connection",
        "What a customer says after it has logged in anew is offered to somebody else.",
        ("offer-follow-up",),
        bend_hall(OffersEndingWithCustomers),
    ),
    Fault(
        "offer-repeated",
        "What comes free again is offered even to who has been sent it already.",
        ("delivery-once",),
        bend_hall(OfferingAgain),
    ),
    Fault(
        "read-offered-again",
        "When a case ends, its last message is offered to somebody idle, read or not.",
        ("replay-read-not",),
        bend_hall(ReadOfferedAgain),
    ),
)
