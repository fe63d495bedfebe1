"""Faults of reading: what a message marks as read, what a receipt does, what refusal undoes."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from msgspec.structs import replace

from reference_server.conversation import Connection, Conversation
from reference_server.faults.bending import bend_frames, bend_hall, bend_judge
from reference_server.faults.fault import Bend, Fault
from reference_server.hall import Hall, Step
from reference_server.inbound import Refusal
from reference_server.outgoing import Frame, OutMsg, Output
from reference_server.parts import Parts
from reference_server.steps import ReadUpTo
from schemas.messages import InMsg, is_receipt
from schemas.words import MsgStatus


class IgnoringRead(Hall):
    """Messages with content mark nothing as read."""

    def handle(self, connection_id: int, message: InMsg, now_ms: int) -> Step:
        return super().handle(
            connection_id, replace(message, read=message.read and not message.content), now_ms
        )


class AlwaysReading(Hall):
    """Every message marks as read."""

    def handle(self, connection_id: int, message: InMsg, now_ms: int) -> Step:
        return super().handle(connection_id, replace(message, read=True), now_ms)


class IgnoringReceipts(Hall):
    """Pure receipts mark nothing as read."""

    _ignoring = False

    def handle(self, connection_id: int, message: InMsg, now_ms: int) -> Step:
        self._ignoring = is_receipt(message)
        return super().handle(connection_id, message, now_ms)

    def _mark_read(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        if not self._ignoring:
            super()._mark_read(connection, conversation, step)


class ReadingOne(Hall):
    """Reading marks the oldest unread message alone."""

    def _mark_read(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        for entry in list(conversation.unread[connection.side])[:1]:
            conversation.mark_read(connection.side, entry.position)
            step.records.append(ReadUpTo(conversation.sn, connection.side, entry.position))


class ReadingUnsent(Hall):
    """Reading marks what this connection has not been sent, too."""

    def _mark_read(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        if conversation.mark_read(connection.side, conversation.newest):
            step.records.append(ReadUpTo(conversation.sn, connection.side, conversation.newest))


class ReadingForBoth(Hall):
    """Reading marks for the other side as well."""

    def _mark_read(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        super()._mark_read(connection, conversation, step)
        other = connection.side.other
        if conversation.mark_read(other, conversation.newest):
            step.records.append(ReadUpTo(conversation.sn, other, conversation.newest))


class ReadingRefusal(Refusal, frozen=True):
    """A refused message that had said ``read`` true."""


def _keep_read(text: str, judged: InMsg | Refusal) -> InMsg | Refusal:
    if isinstance(judged, Refusal) and '"read":true' in text:
        return ReadingRefusal(judged.error, judged.blame)
    return judged


class RefusedReads(Hall):
    """A refused message with ``read`` true marks all the same."""

    def refuse(self, connection_id: int, refusal: Refusal) -> Step:
        step = super().refuse(connection_id, refusal)
        connection = self._connections[connection_id]
        conversation = connection.bound_to or self._conversations.get(connection.identity.sn)
        if isinstance(refusal, ReadingRefusal) and conversation is not None:
            self._mark_read(connection, conversation, step)
        return step


class CircumstanceReads(Hall):
    """A message with ``read`` true that cannot be accepted here and now marks all the same."""

    def handle(self, connection_id: int, message: InMsg, now_ms: int) -> Step:
        step = super().handle(connection_id, message, now_ms)
        connection = self._connections[connection_id]
        conversation = connection.bound_to or self._conversations.get(connection.identity.sn)
        if (
            message.read
            and conversation is not None
            and not any(f.output.result for f in step.frames)
        ):
            self._mark_read(connection, conversation, step)
        return step


class DeliveringReceipts(Hall):
    """The other side receives pure receipts."""

    def _pass_receipt(
        self, sender: Connection, conversation: Conversation, msg: OutMsg, step: Step
    ) -> None:
        for to in conversation.present(sender.side.other):
            unread = self._unread_for(to, conversation)
            step.send(to, Output(MsgStatus.RECEIVE, result=True, msg=msg, unread=unread))


def _receipt_ack_forgotten(frame: Frame) -> Sequence[Frame]:
    msg = frame.output.msg
    receipt = frame.output.status is MsgStatus.SEND and msg is not None and not msg.content
    return () if receipt else (frame,)


def _refuse_receipts(_: str, judged: InMsg | Refusal) -> InMsg | Refusal:
    if isinstance(judged, InMsg) and is_receipt(judged):
        return Refusal("The member content must not be empty.")
    return judged


def _both(bends: Iterable[Bend]) -> Bend:
    def bend(parts: Parts, deed: Any) -> Parts:
        for each in bends:
            parts = each(parts, deed)
        return parts

    return bend


FAULTS: Final = (
    Fault(
        "read-ignored",
        "Messages with content mark nothing as read.",
        ("read-marks",),
        bend_hall(IgnoringRead),
    ),
    Fault(
        "receipt-ignored",
        "Pure receipts are answered and mark nothing as read.",
        ("read-marks", "unread-count"),
        bend_hall(IgnoringReceipts),
    ),
    Fault(
        "read-marks-one",
        "Reading marks the oldest unread message alone.",
        ("read-marks",),
        bend_hall(ReadingOne),
    ),
    Fault(
        "read-marks-unsent",
        "Reading marks what this connection has not been sent, too.",
        ("read-marks", "replay-unread"),
        bend_hall(ReadingUnsent),
    ),
    Fault(
        "read-marks-for-both",
        "Who reads marks its own messages as read by the other side.",
        ("unread-count",),
        bend_hall(ReadingForBoth),
    ),
    Fault(
        "answer-marks-read",
        "Any message marks as read, whatever its read says.",
        ("read-false-keeps",),
        bend_hall(AlwaysReading),
    ),
    Fault(
        "refused-marks",
        "Bad input with read true marks as read although it is refused.",
        ("refused-marks-nothing",),
        _both([bend_judge(_keep_read), bend_hall(RefusedReads)]),
    ),
    Fault(
        "refused-title-marks",
        "A title with an unknown number and read true marks as read although it is refused.",
        ("refused-marks-nothing",),
        bend_hall(CircumstanceReads),
    ),
    Fault(
        "receipt-unanswered",
        "Pure receipts are not answered.",
        ("receipt-acknowledged", "ack-one-per-message"),
        bend_frames(_receipt_ack_forgotten),
    ),
    Fault(
        "receipt-refused",
        "Pure receipts are refused as empty.",
        ("receipt-acknowledged",),
        bend_judge(_refuse_receipts),
    ),
    Fault(
        "receipt-delivered",
        "The other side is sent pure read receipts.",
        ("receipt-not-delivered",),
        bend_hall(DeliveringReceipts),
    ),
)
