"""Faults of confirms and closings: who takes a case, and when it begins and ends (D13, D14)."""

from typing import Any, Final

from reference_server.conversation import Connection, Conversation
from reference_server.faults.bending import bend_hall
from reference_server.faults.fault import Fault
from reference_server.hall import ASSIGNED, Hall, Step, circumstance
from reference_server.inbound import Refusal
from reference_server.outgoing import OutMsg
from reference_server.rights import UNBOUND
from schemas.messages import InMsg
from schemas.words import MessageType, Role

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


class AbsentRefused(Hall):
    """A customer who has no connection cannot be confirmed."""

    def _confirming_refusal(self, connection: Connection, sn: str | None) -> Refusal | None:
        conversation = self._conversations.get(sn or "")
        if conversation is not None and not conversation.devices:
            return circumstance("This customer is not here.")
        return super()._confirming_refusal(connection, sn)


class SameAccountAgain(Hall):
    """Another connection of the account that has a customer can confirm it as well."""

    def _confirming_refusal(self, connection: Connection, sn: str | None) -> Refusal | None:
        refusal = super()._confirming_refusal(connection, sn)
        holder = self._conversations[sn].bound_to if refusal == ASSIGNED and sn else None
        return None if holder is not None and holder.is_same_account(connection) else refusal


class ConfirmingTheOffered(Hall):
    """A customer who is offered to somebody can be confirmed by nobody else."""

    def _confirming_refusal(self, connection: Connection, sn: str | None) -> Refusal | None:
        conversation = self._conversations.get(sn or "")
        if conversation is not None and conversation.offered_to not in (None, connection):
            return ASSIGNED
        return super()._confirming_refusal(connection, sn)


class ConfirmingItsOwn(Hall):
    """Who has a case may confirm that customer again."""

    def _confirming_refusal(self, connection: Connection, sn: str | None) -> Refusal | None:
        if connection.bound_to is not None and connection.bound_to.sn == sn:
            return None
        return super()._confirming_refusal(connection, sn)


class RefusedConfirmReads(Hall):
    """A second case that is refused marks as read in the first."""

    def _refuse(self, connection: Connection, refusal: Refusal, step: Step) -> None:
        if connection.bound_to is not None:
            self._mark_read(connection, connection.bound_to, step)
        super()._refuse(connection, refusal, step)


class RefusedConfirmLeaves(Hall):
    """Who was refused a customer is out of the pool, and its offers wait."""

    def _confirming_refusal(self, connection: Connection, sn: str | None) -> Refusal | None:
        refusal = super()._confirming_refusal(connection, sn)
        if refusal is not None and connection.bound_to is None:
            self._desk.withdraw(connection)
        return refusal


FAULTS: Final = (
    Fault(
        "own-case-confirmed-again",
        "Staff that has a case can confirm the same customer once more.",
        ("confirm-bound-refused",),
        bend_hall(ConfirmingItsOwn),
    ),
    Fault(
        "refused-confirm-marks",
        "A refusal of staff that has a case marks as read what its customer said.",
        ("refused-marks-nothing",),
        bend_hall(RefusedConfirmReads),
    ),
    Fault(
        "refused-confirm-ends-offers",
        "Staff that was refused a customer is offered nothing more.",
        ("offer-follow-up", "offer-idle-staff"),
        bend_hall(RefusedConfirmLeaves),
    ),
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
)
