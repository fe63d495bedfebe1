"""The chat hall: every connection and conversation, and what each event makes of them.

A pure state machine: no I/O, no clock (the time comes in), no randomness. An event goes in, a
:class:`Step` comes out: frames to send, in order, and records to store before they leave.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec

from reference_server import catalogue
from reference_server.conversation import Connection, Conversation, Entry, Past, recall
from reference_server.desk import Desk
from reference_server.dialect import Ack, Dialect, ReplayCount
from reference_server.outgoing import Frame, OutMsg, Output, refused
from schemas.account_tokens import Identity
from schemas.messages import InMsg, is_receipt
from schemas.words import MessageType, MsgStatus, Role, TitleType


class Seen(msgspec.Struct, frozen=True):
    """To store: this customer logged in for the first time."""

    sn: str


class Said(msgspec.Struct, frozen=True):
    """To store: a message of the conversation of customer ``sn``."""

    sn: str
    entry: Entry


class ReadUpTo(msgspec.Struct, frozen=True):
    """To store: ``side`` has read everything up to ``position``."""

    sn: str
    side: Role
    position: int


Record = Seen | Said | ReadUpTo


@dataclass(slots=True)
class Step:
    """What one event brought about."""

    frames: list[Frame] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)

    def send(self, connection: Connection, output: Output) -> None:
        """One more frame, after all others."""
        self.frames.append(Frame(connection.id, output))


class Hall:
    """All conversations. Connection ids are the caller's; an id is used once."""

    def __init__(self, dialect: Dialect | None = None, past: Iterable[Past] = ()) -> None:
        self.dialect = dialect or Dialect()
        self._connections: dict[int, Connection] = {}
        self._conversations = {each.sn: recall(each) for each in past}
        self._desk = Desk()
        for conversation in self._conversations.values():
            self._desk.place(conversation)

    def login(self, connection_id: int, identity: Identity) -> Step:
        """A connection with good credentials: ``Login``, then what it missed (D6, D12)."""
        step = Step()
        connection = self._connections[connection_id] = Connection(connection_id, identity)
        step.send(connection, Output(MsgStatus.LOGIN, result=True))
        if identity.role is Role.STAFF:
            self._become_idle(connection, step)
        else:
            conversation = self._conversation_of(identity.sn, step)
            conversation.devices[connection_id] = connection
            self._catch_up(connection, conversation, step)
        return step

    def leave(self, connection_id: int) -> Step:
        """The connection is gone, and with it its binding and its offers (D13)."""
        step = Step()
        connection = self._connections.pop(connection_id)
        if connection.side is Role.CUSTOMER:
            del self._conversations[connection.identity.sn].devices[connection_id]
            return step
        self._pass_on(connection, step)
        if connection.bound_to is not None:
            self._unbind(connection, connection.bound_to, step)
        return step

    def handle(self, connection_id: int, message: InMsg, now_ms: int) -> Step:
        """A valid message of a logged-in connection: exactly one answer, then deliveries (D21)."""
        return self._decide(self._connections[connection_id], message, now_ms, Step())

    def post(self, connection_id: int, identity: Identity, message: InMsg, now_ms: int) -> Step:
        """The same for a plain HTTP call: a device that was sent nothing and stays for one answer
        only (D20). The answer is the frame for ``connection_id``."""
        step = Step()
        if identity.role is Role.CUSTOMER:
            self._conversation_of(identity.sn, step)
        return self._decide(Connection(connection_id, identity), message, now_ms, step)

    def _conversation_of(self, sn: str, step: Step) -> Conversation:
        conversation = self._conversations.get(sn)
        if conversation is None:
            conversation = self._conversations[sn] = Conversation(sn)
            step.records.append(Seen(sn))
        return conversation

    # -- one message -----------------------------------------------------------------------------

    def _decide(self, connection: Connection, message: InMsg, now_ms: int, step: Step) -> Step:
        refusal = self._refusal(connection, message)
        if refusal is not None:
            step.send(connection, refused(refusal))
            return step
        conversation = self._addressed(connection, message)
        if message.read:
            self._mark_read(connection, conversation, step)
        msg = _compose(connection.identity, message, conversation.stamp(now_ms))
        self._acknowledge(connection, msg, step)
        if not is_receipt(message):
            self._publish(connection, conversation, msg, step)
        if message.type == MessageType.STAFF:
            self._move(connection, conversation, message, step)
        return step

    def _refusal(self, connection: Connection, message: InMsg) -> str | None:
        if message.type == MessageType.STAFF:
            return self._staff_word_refusal(connection, message)
        if connection.side is Role.STAFF and connection.bound_to is None:
            return "No case is open on this connection: confirm a customer first."
        if message.type == MessageType.TITLE and catalogue.is_unknown(
            message.titletype, message.content
        ):
            return "The shop knows no product or order of this number."
        return None

    def _staff_word_refusal(self, connection: Connection, message: InMsg) -> str | None:
        if connection.side is Role.CUSTOMER:
            return "Only staff may take or close a case."
        bound = connection.bound_to
        if message.titletype == TitleType.ASSIGNMENT:
            open_here = bound is not None and bound.sn == message.content
            return None if open_here else "This customer's case is not open on this connection."
        if bound is not None:
            return "A case is open on this connection: close it before taking another."
        conversation = self._conversations.get(message.content)
        if conversation is None:
            return "No customer of this number has ever logged in."
        if conversation.bound_to is not None:
            return "This customer's case is already assigned."
        return None

    def _addressed(self, connection: Connection, message: InMsg) -> Conversation:
        if connection.bound_to is not None:
            return connection.bound_to
        staff = connection.side is Role.STAFF
        return self._conversations[message.content if staff else connection.identity.sn]

    def _mark_read(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        position = connection.sent_of(conversation)
        if conversation.mark_read(connection.side, position):
            step.records.append(ReadUpTo(conversation.sn, connection.side, position))

    def _acknowledge(self, connection: Connection, msg: OutMsg, step: Step) -> None:
        ack = self.dialect.ack
        if ack is not Ack.NONE:
            shown = msg if ack is Ack.ECHO else None
            step.send(connection, Output(MsgStatus.SEND, result=True, msg=shown))

    def _publish(
        self, sender: Connection, conversation: Conversation, msg: OutMsg, step: Step
    ) -> None:
        entry = conversation.add(sender.side, msg)
        step.records.append(Said(conversation.sn, entry))
        if sender.side is Role.STAFF:
            for device in conversation.devices.values():
                self._deliver(device, conversation, entry, step)
            return
        if self.dialect.multi_device:
            self._mirror(sender, conversation, entry, step)
        attendant = conversation.bound_to or conversation.offered_to
        if attendant is not None:
            self._deliver(attendant, conversation, entry, step)
        else:
            self._offer(conversation, step)

    def _mirror(
        self, sender: Connection, conversation: Conversation, entry: Entry, step: Step
    ) -> None:
        """The sender's other devices see what it said; that is never unread (D15)."""
        for device in conversation.devices.values():
            if device is not sender:
                self._deliver(device, conversation, entry, step)

    def _deliver(
        self,
        to: Connection,
        conversation: Conversation,
        entry: Entry,
        step: Step,
        count: int | None = None,
    ) -> None:
        to.note_sent(conversation, entry.position)
        unread = conversation.unread_by(to.side) if count is None else count
        step.send(to, Output(MsgStatus.RECEIVE, result=True, msg=entry.msg, unread=unread))

    def _catch_up(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        """Everything its side has not read and it was not sent, oldest first (D12)."""
        entries = conversation.unsent(connection)
        first = conversation.unread_by(connection.side) - len(entries) + 1
        running = self.dialect.replay_count is ReplayCount.RUNNING
        for number, entry in enumerate(entries, first):
            self._deliver(connection, conversation, entry, step, number if running else None)

    # -- bindings and offers ---------------------------------------------------------------------

    def _move(
        self, connection: Connection, conversation: Conversation, message: InMsg, step: Step
    ) -> None:
        if message.titletype == TitleType.CONFIRM:
            self._bind(connection, conversation, step)
        else:
            self._unbind(connection, conversation, step)
            self._become_idle(connection, step)

    def _bind(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        connection.bound_to, conversation.bound_to = conversation, connection
        self._desk.settle(conversation)
        self._catch_up(connection, conversation, step)
        self._pass_on(connection, step)

    def _unbind(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        connection.bound_to = conversation.bound_to = None
        self._offer(conversation, step)

    def _become_idle(self, connection: Connection, step: Step) -> None:
        for conversation in self._desk.arrive(connection):
            self._catch_up(connection, conversation, step)

    def _pass_on(self, connection: Connection, step: Step) -> None:
        for conversation in self._desk.withdraw(connection):
            self._offer(conversation, step)

    def _offer(self, conversation: Conversation, step: Step) -> None:
        taker = self._desk.place(conversation)
        if taker is not None:
            self._catch_up(taker, conversation, step)


def _compose(sender: Identity, message: InMsg, time: str) -> OutMsg:
    """The one ``msg`` that every frame about this message shows (D22, D23)."""
    return OutMsg(
        send_sn=sender.sn,
        send_name=sender.name,
        send_type=sender.role,
        type=message.type,
        content=message.content,
        time=time,
        read=False,
        titletype=message.titletype,
        location=catalogue.place_of(sender.sn),
        info=catalogue.info_of(message.titletype, message.content)
        if message.type == MessageType.TITLE
        else None,
    )
