"""Faults of offers and cases: who gets a customer, who may take or close it, and who is told."""

# ruff: noqa: ARG002 - what overrides keeps the signature

from collections.abc import Callable, Sequence
from typing import Any, Final

from reference_server.conversation import Connection, Conversation, Entry
from reference_server.faults.bending import bend_frames, bend_hall, is_about
from reference_server.faults.fault import Fault
from reference_server.hall import ASSIGNED, Hall, Step, circumstance
from reference_server.inbound import Refusal
from reference_server.outgoing import Frame
from schemas.messages import InMsg
from schemas.words import MessageType, MsgStatus, Role, TitleType


class OfferingNobody(Hall):
    """Nothing is ever offered."""

    def _offer(self, conversation: Conversation, step: Step) -> None:
        return

    def _become_idle(self, connection: Connection, step: Step) -> None:
        return


class OfferingEverybody(Hall):
    """What nobody attends to goes to every idle connection."""

    def _attend(self, conversation: Conversation, entry: Entry, step: Step) -> None:
        super()._attend(conversation, entry, step)
        if conversation.bound_to is None:
            for connection in self._connections.values():
                idle = connection.side is Role.STAFF and connection.bound_to is None
                if idle and connection.sent_of(conversation) < entry.position:
                    self._deliver(connection, conversation, entry, step)


class OfferingOnce(Hall):
    """Only the first message of an offered conversation is sent."""

    def _attend(self, conversation: Conversation, entry: Entry, step: Step) -> None:
        if conversation.bound_to is not None or conversation.offered_to is None:
            super()._attend(conversation, entry, step)


class OfferingTheFirst(Hall):
    """Every offer goes to the connection that has been idle longest, however many it holds."""

    def _offer(self, conversation: Conversation, step: Step) -> None:
        super()._offer(conversation, step)
        taker = conversation.offered_to
        if taker is not None:
            self._desk._idle.move_to_end(taker.id, last=False)


class OfferingNow(Hall):
    """What finds nobody idle is not offered later."""

    def _become_idle(self, connection: Connection, step: Step) -> None:
        self._desk.arrive(connection)


class OfferingNoMore(Hall):
    """The offers of a connection that leaves or takes a case go to nobody."""

    def _pass_on(self, connection: Connection, step: Step) -> None:
        self._desk.withdraw(connection)


class LeavingBehind(Hall):
    """What staff left unread is offered to nobody."""

    def _unbind(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        connection.bound_to = conversation.bound_to = None


class StayingBound(Hall):
    """A customer whose staff has left stays bound to it."""

    def _dismiss_staff(self, connection: Connection, step: Step) -> None:
        self._pass_on(connection, step)


class Unbinding(Hall):
    """A confirm is accepted and binds nobody."""

    def _bind(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        return


class BothWin(Hall):
    """A customer who is bound can be confirmed once more."""

    def _confirming_refusal(self, connection: Connection, sn: str | None) -> Refusal | None:
        refusal = super()._confirming_refusal(connection, sn)
        return None if refusal == ASSIGNED else refusal


class BoundConfirms(Hall):
    """A bound connection takes another customer, and drops the first."""

    def _confirming_refusal(self, connection: Connection, sn: str | None) -> Refusal | None:
        former, connection.bound_to = connection.bound_to, None
        refusal = super()._confirming_refusal(connection, sn)
        if refusal is not None:
            connection.bound_to = former
        elif former is not None:
            former.bound_to = None
        return refusal


class ConfirmingAnybody(Hall):
    """A customer who never logged in can be confirmed."""

    def _confirming_refusal(self, connection: Connection, sn: str | None) -> Refusal | None:
        if sn:
            self._conversation_of(sn, Step())
        return super()._confirming_refusal(connection, sn)


class KeepingBound(Hall):
    """Closing a case is accepted and changes nothing."""

    def _move(
        self, connection: Connection, conversation: Conversation, message: InMsg, step: Step
    ) -> None:
        if message.titletype != self.dialect.staff_close:
            super()._move(connection, conversation, message, step)


class ClosedByAnybody(Hall):
    """Whoever names a customer closes its case."""

    def _closing_refusal(self, connection: Connection, sn: str | None) -> Refusal | None:
        known = sn in self._conversations
        return None if known else super()._closing_refusal(connection, sn)


class ClosedForGood(Hall):
    """A case that was closed can never be taken again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._closed: set[str] = set()

    def _move(
        self, connection: Connection, conversation: Conversation, message: InMsg, step: Step
    ) -> None:
        super()._move(connection, conversation, message, step)
        if message.titletype == self.dialect.staff_close:
            self._closed.add(conversation.sn)

    def _confirming_refusal(self, connection: Connection, sn: str | None) -> Refusal | None:
        if sn in self._closed:
            return circumstance("This customer's case has been closed.")
        return super()._confirming_refusal(connection, sn)


class HearingUnbound(Hall):
    """What unbound staff says is accepted, and goes nowhere."""

    def _refusal(self, connection: Connection, message: InMsg) -> Refusal | None:
        unbound = connection.side is Role.STAFF and connection.bound_to is None
        if unbound and message.type != MessageType.STAFF:
            return None
        return super()._refusal(connection, message)

    def _addressed(self, connection: Connection, message: InMsg) -> Conversation:
        unbound = connection.side is Role.STAFF and connection.bound_to is None
        if unbound and message.type != MessageType.STAFF:
            return Conversation("nobody")
        return super()._addressed(connection, message)


def _withholding(word: TitleType) -> Callable[[Frame], Sequence[Frame]]:
    """Customers do not receive this staff word."""

    def change(frame: Frame) -> Sequence[Frame]:
        withheld = is_about(frame, MsgStatus.RECEIVE, MessageType.STAFF)
        msg = frame.output.msg
        return () if withheld and msg is not None and msg.titletype == word else (frame,)

    return change


FAULTS: Final = (
    Fault(
        "offer-to-nobody",
        "Nothing is ever offered; staff must know whom to confirm.",
        ("offer-idle-staff", "offer-waits"),
        bend_hall(OfferingNobody),
    ),
    Fault(
        "offer-to-everybody",
        "What nobody attends to goes to every idle staff connection.",
        ("offer-idle-staff",),
        bend_hall(OfferingEverybody),
    ),
    Fault(
        "offer-first-message-only",
        "Of an offered conversation only the first message is sent.",
        ("offer-follow-up",),
        bend_hall(OfferingOnce),
    ),
    Fault(
        "offer-always-to-the-same",
        "Every offer goes to the same idle connection.",
        ("offer-round-robin",),
        bend_hall(OfferingTheFirst),
    ),
    Fault(
        "offer-now-or-never",
        "A message that finds no idle staff is not offered to who comes later.",
        ("offer-waits",),
        bend_hall(OfferingNow),
    ),
    Fault(
        "offer-not-passed-on",
        "The offers of a staff connection that leaves go to nobody.",
        ("offer-passes-on",),
        bend_hall(OfferingNoMore),
    ),
    Fault(
        "unread-left-behind",
        "What bound staff left unread when it went is offered to nobody.",
        ("offer-passes-on",),
        bend_hall(LeavingBehind),
    ),
    Fault(
        "binding-outlives-staff",
        "A customer whose staff connection has gone can be confirmed by nobody.",
        ("confirm-binds", "offer-passes-on"),
        bend_hall(StayingBound),
    ),
    Fault(
        "confirm-without-binding",
        "A confirm is accepted and binds nobody.",
        ("confirm-binds",),
        bend_hall(Unbinding),
    ),
    Fault(
        "both-confirms-win",
        "A customer who is already attended to can be confirmed once more.",
        ("confirm-first-wins",),
        bend_hall(BothWin),
    ),
    Fault(
        "bound-staff-confirms",
        "A bound staff connection may take a second customer.",
        ("confirm-bound-refused",),
        bend_hall(BoundConfirms),
    ),
    Fault(
        "unknown-customer-confirmed",
        "A customer who never logged in can be confirmed.",
        ("confirm-unknown-refused",),
        bend_hall(ConfirmingAnybody),
    ),
    Fault(
        "confirm-withheld",
        "Customers are not told that staff has taken their case.",
        ("confirm-delivered", "delivery-stored"),
        bend_frames(_withholding(TitleType.CONFIRM)),
    ),
    Fault(
        "assignment-withheld",
        "Customers are not told that their case was closed.",
        ("assignment-delivered", "delivery-stored"),
        bend_frames(_withholding(TitleType.ASSIGNMENT)),
    ),
    Fault(
        "assignment-keeps-binding",
        "Closing a case is accepted and leaves staff bound.",
        ("assignment-unbinds",),
        bend_hall(KeepingBound),
    ),
    Fault(
        "closed-by-anybody",
        "Staff can close the case of a customer to whom it is not bound.",
        ("assignment-foreign-refused",),
        bend_hall(ClosedByAnybody),
    ),
    Fault(
        "closed-for-good",
        "A case that was closed can never be taken again.",
        ("case-reopens",),
        bend_hall(ClosedForGood),
    ),
    Fault(
        "unbound-staff-heard",
        "What unbound staff says is accepted, and goes nowhere.",
        ("staff-unbound-refused",),
        bend_hall(HearingUnbound),
    ),
)
