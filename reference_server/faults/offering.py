"""Faults of offers and confirms that take two staff members, or two cases, to show themselves."""

from typing import Any, Final

from reference_server.conversation import Connection, Conversation, Entry
from reference_server.faults.bending import bend_hall
from reference_server.faults.fault import Fault
from reference_server.hall import ASSIGNED, Hall, Step, circumstance
from reference_server.inbound import Refusal
from reference_server.outgoing import OutMsg, Output
from reference_server.rights import UNBOUND
from schemas.messages import InMsg
from schemas.words import MessageType, MsgStatus, Role

_INSTANT_MS, _SOON_MS = 5, 50


class Timed(Hall):
    """Knows what time it is, and when each customer was last taken or given up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._now_ms = 0
        self._taken_ms: dict[str, int] = {}
        self._left_ms: dict[int, tuple[Conversation, int]] = {}
        self._freed_ms: dict[str, int] = {}

    def handle(self, connection_id: int, message: InMsg, now_ms: int) -> Step:
        self._now_ms = now_ms
        return super().handle(connection_id, message, now_ms)

    def _bind(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        self._taken_ms[conversation.sn] = self._now_ms
        super()._bind(connection, conversation, step)

    def _unbind(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        self._left_ms[connection.id] = (conversation, self._now_ms)
        self._freed_ms[conversation.sn] = self._now_ms
        super()._unbind(connection, conversation, step)

    def _is_soon(self, at_ms: int | None, within_ms: int = _SOON_MS) -> bool:
        return at_ms is not None and self._now_ms - at_ms <= within_ms


class BothWinAtOnce(Timed):
    """Of two confirms within five milliseconds both are accepted."""

    def _confirming_refusal(self, connection: Connection, sn: str | None) -> Refusal | None:
        refusal = super()._confirming_refusal(connection, sn)
        both = refusal == ASSIGNED and self._is_soon(self._taken_ms.get(sn or ""), _INSTANT_MS)
        return None if both else refusal


class DeafAfterClosing(Timed):
    """What a customer says in the moment after its case was closed is lost."""

    def _publish(
        self, sender: Connection, conversation: Conversation, msg: OutMsg, step: Step
    ) -> None:
        late = self._is_soon(self._freed_ms.get(conversation.sn)) and not conversation.bound_to
        if sender.side is Role.STAFF or not late:
            super()._publish(sender, conversation, msg, step)


class ClosingLate(Timed):
    """What staff says in the moment after closing a case still reaches its customer."""

    def _left(self, connection: Connection) -> Conversation | None:
        conversation, at_ms = self._left_ms.get(connection.id, (None, None))
        free = connection.side is Role.STAFF and connection.bound_to is None
        return conversation if free and self._is_soon(at_ms) else None

    def _refusal(self, connection: Connection, message: InMsg) -> Refusal | None:
        if message.type != MessageType.STAFF and self._left(connection):
            return None
        return super()._refusal(connection, message)

    def _addressed(self, connection: Connection, message: InMsg) -> Conversation:
        left = self._left(connection)
        if message.type != MessageType.STAFF and left is not None:
            return left
        return super()._addressed(connection, message)


class BindingLate(Timed):
    """What staff says in the moment after its confirm is refused."""

    def _refusal(self, connection: Connection, message: InMsg) -> Refusal | None:
        mine = connection.bound_to if connection.side is Role.STAFF else None
        words = mine is not None and message.type != MessageType.STAFF
        if words and mine is not None and self._is_soon(self._taken_ms.get(mine.sn), 1):
            return UNBOUND
        return super()._refusal(connection, message)


class LosersBarred(Hall):
    """Who has lost a customer to somebody else can confirm nobody any more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._barred: set[int] = set()

    def _confirming_refusal(self, connection: Connection, sn: str | None) -> Refusal | None:
        if connection.id in self._barred:
            return circumstance("A case is open on this connection: close it first.")
        refusal = super()._confirming_refusal(connection, sn)
        if refusal == ASSIGNED:
            self._barred.add(connection.id)
        return refusal


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


class AbsentRefused(Hall):
    """A customer who has no connection cannot be confirmed."""

    def _confirming_refusal(self, connection: Connection, sn: str | None) -> Refusal | None:
        conversation = self._conversations.get(sn or "")
        if conversation is not None and not conversation.devices:
            return circumstance("This customer is not here.")
        return super()._confirming_refusal(connection, sn)


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


class SameAccountAgain(Hall):
    """Another connection of the account that has a customer can confirm it as well."""

    def _confirming_refusal(self, connection: Connection, sn: str | None) -> Refusal | None:
        refusal = super()._confirming_refusal(connection, sn)
        holder = self._conversations[sn].bound_to if refusal == ASSIGNED and sn else None
        return None if holder is not None and holder.is_same_account(connection) else refusal


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


class ConfirmingTheOffered(Hall):
    """A customer who is offered to somebody can be confirmed by nobody else."""

    def _confirming_refusal(self, connection: Connection, sn: str | None) -> Refusal | None:
        conversation = self._conversations.get(sn or "")
        if conversation is not None and conversation.offered_to not in (None, connection):
            return ASSIGNED
        return super()._confirming_refusal(connection, sn)


FAULTS: Final = (
    Fault(
        "both-win-at-once",
        "Of two confirms within five milliseconds both are accepted.",
        ("confirm-first-wins",),
        bend_hall(BothWinAtOnce),
    ),
    Fault(
        "same-account-confirms-again",
        "Another connection of the account that has a customer can confirm it as well.",
        ("confirm-first-wins",),
        bend_hall(SameAccountAgain),
    ),
    Fault(
        "loser-barred",
        "Who has lost a customer to somebody else can confirm nobody any more.",
        ("confirm-binds",),
        bend_hall(LosersBarred),
    ),
    Fault(
        "confirm-needs-offer",
        "A customer who is offered to somebody can be confirmed by nobody else.",
        ("confirm-binds",),
        bend_hall(ConfirmingTheOffered),
    ),
    Fault(
        "absent-customer-refused",
        "A customer who has no connection cannot be confirmed.",
        ("confirm-binds",),
        bend_hall(AbsentRefused),
    ),
    Fault(
        "confirm-binds-late",
        "What staff says in the moment after its confirm is refused.",
        ("confirm-binds",),
        bend_hall(BindingLate),
    ),
    Fault(
        "closing-unbinds-late",
        "What staff says in the moment after closing a case still reaches its customer.",
        ("assignment-unbinds",),
        bend_hall(ClosingLate),
    ),
    Fault(
        "deaf-after-closing",
        "What a customer says in the moment after its case was closed is lost.",
        ("delivery-stored",),
        bend_hall(DeafAfterClosing),
    ),
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
