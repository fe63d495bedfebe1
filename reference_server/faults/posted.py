"""Faults of what becomes of a message by plain HTTP (decision D20)."""

from typing import Final

from msgspec.structs import replace

from reference_server.conversation import Connection, Conversation, Entry
from reference_server.faults.bending import bend_hall
from reference_server.faults.fault import Fault
from reference_server.hall import Hall, Step
from reference_server.outgoing import Output
from schemas.account_tokens import Identity
from schemas.messages import InMsg
from schemas.words import MsgStatus, Role


class PostingUnseen(Hall):
    """The account's own connections are not told of a POST."""

    def _mirror(
        self, sender: Connection, conversation: Conversation, entry: Entry, step: Step
    ) -> None:
        if not sender.by_post:
            super()._mirror(sender, conversation, entry, step)


class PostingReads(Hall):
    """A POST with ``read`` true marks everything as read."""

    def _mark_read(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        if connection.by_post:
            conversation.mark_read(connection.side, conversation.newest)
        super()._mark_read(connection, conversation, step)


class PostingNowhere(Hall):
    """A POST is answered, and what it says goes nowhere."""

    def post(self, connection_id: int, identity: Identity, message: InMsg, now_ms: int) -> Step:
        step = super().post(connection_id, identity, message, now_ms)
        step.frames = [frame for frame in step.frames if frame.connection == connection_id]
        return step


class PostingStaff(Hall):
    """A POST of staff is accepted, and goes nowhere."""

    def post(self, connection_id: int, identity: Identity, message: InMsg, now_ms: int) -> Step:
        step = super().post(connection_id, identity, message, now_ms)
        if identity.role is Role.STAFF:
            msg = self._composer.compose(identity, message, now_ms, read=False)
            answer = Output(MsgStatus.SEND, result=True, msg=msg)
            step.frames = [replace(step.frames[0], output=answer)]
        return step


FAULTS: Final = (
    Fault(
        "post-goes-nowhere",
        "A POST is answered by Send, and nobody receives what it says.",
        ("post-accepted",),
        bend_hall(PostingNowhere),
    ),
    Fault(
        "post-unseen",
        "An account's own connections are not told of what it posts.",
        ("device-echo",),
        bend_hall(PostingUnseen),
    ),
    Fault(
        "post-reads",
        "A POST with read true marks what its connection has never been sent.",
        ("read-marks",),
        bend_hall(PostingReads),
    ),
    Fault(
        "post-of-staff-accepted",
        "A POST of staff is accepted, and goes nowhere.",
        ("post-refused",),
        bend_hall(PostingStaff),
    ),
)
