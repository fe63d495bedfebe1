"""The chat hall: every connection and conversation, and what each event makes of them.

A pure state machine: no I/O, no clock (the time comes in), no randomness. An event goes in, a
:class:`Step` comes out: frames to send, in order, and records to store before they leave.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from reference_server.conversation import Connection, Conversation, Entry, Past
from reference_server.desk import Desk
from reference_server.dialect import Dialect
from reference_server.inbound import Blame, Refusal
from reference_server.outgoing import OutMsg, Output, refused
from reference_server.rights import ASSIGNED, UNBOUND, Rights, circumstance
from reference_server.steps import Closing, ReadUpTo, Said, Seen, Step
from schemas.account_tokens import Identity
from schemas.messages import InMsg, is_receipt
from schemas.modes import AckMode, BadInput, MsgRead, ReadReceipt, ReplayCount, UnreadScope
from schemas.words import MessageType, MsgStatus, Role

__all__ = ["ASSIGNED", "Hall", "Step", "circumstance"]


_CLOSES_WITH = {Blame.SYNTAX: 1007, Blame.MEANING: 1008}


class Hall(Rights):
    """All connections and conversations. Connection ids are the caller's; an id is used once."""

    def __init__(self, dialect: Dialect | None = None, past: Iterable[Past] = ()) -> None:
        super().__init__(dialect or Dialect(), past)
        self._connections: dict[int, Connection] = {}
        self._desk = Desk(offering=self.dialect.offers)
        for conversation in self._conversations.values():
            self._desk.place(conversation)

    def admission_refusal(self, identity: Identity, wanted: str) -> str | None:  # noqa: ARG002
        """Why an account may not log in with this URL, or None."""
        return None

    def login(self, connection_id: int, identity: Identity, wanted: str = "") -> Step:
        """A connection with good credentials: ``Login``, then what it missed (D6, D12).

        ``wanted`` is the customer whom the connection's URL names; it matters where the URL binds.
        """
        step = Step()
        connection = self._connections[connection_id] = Connection(connection_id, identity)
        if self.dialect.login_frame:
            step.send(connection, Output(MsgStatus.LOGIN, result=True))
        if identity.role is Role.STAFF:
            self._admit_staff(connection, wanted, step)
        else:
            conversation = self._conversation_of(identity.sn, step)
            conversation.devices[connection_id] = connection
            self._replay(connection, conversation, step)
        return step

    def leave(self, connection_id: int) -> Step:
        """The connection is gone, and with it its binding and its offers (D13)."""
        step = Step()
        connection = self._connections.pop(connection_id)
        if connection.side is Role.CUSTOMER:
            del self._conversations[connection.identity.sn].devices[connection_id]
        else:
            self._dismiss_staff(connection, step)
        return step

    def handle(self, connection_id: int, message: InMsg, now_ms: int) -> Step:
        """A valid message of a logged-in connection: exactly one answer, then deliveries (D21)."""
        return self._decide(self._connections[connection_id], message, now_ms, Step())

    def post(self, connection_id: int, identity: Identity, message: InMsg, now_ms: int) -> Step:
        """The same for a plain HTTP call: a device that was sent nothing and stays for one answer
        only (D20). The answer is the frame for ``connection_id``."""
        step = Step()
        connection = Connection(connection_id, identity, by_post=True)
        if identity.role is Role.STAFF:
            self._refuse(connection, UNBOUND, step)
            return step
        self._conversation_of(identity.sn, step)
        return self._decide(connection, message, now_ms, step)

    def refuse(self, connection_id: int, refusal: Refusal) -> Step:
        """What a logged-in connection sent is no valid message (D17)."""
        step = Step()
        self._refuse(self._connections[connection_id], refusal, step)
        return step

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
            self._refuse(connection, refusal, step)
            return step
        conversation = self._addressed(connection, message)
        if message.read:
            self._mark_read(connection, conversation, step)
        shown_read = self._shown_read(connection, conversation, message)
        msg = self._composer.compose(
            connection.identity, message, conversation.stamp(now_ms), read=shown_read
        )
        self._acknowledge(connection, msg, step)
        if is_receipt(message):
            self._pass_receipt(connection, conversation, msg, step)
        elif message.type != MessageType.STAFF or self.dialect.case_lifecycle:
            self._publish(connection, conversation, msg, step)
        if message.type == MessageType.STAFF:
            self._move(connection, conversation, message, step)
        return step

    def _refuse(self, connection: Connection, refusal: Refusal, step: Step) -> None:
        """The answer that says no: a ``Send``, or where the dialect has it so a closing (D17)."""
        closes = self.dialect.on_bad_input is BadInput.CLOSE and refusal.blame in _CLOSES_WITH
        if closes and not connection.by_post:
            step.closings.append(Closing(connection.id, _CLOSES_WITH[refusal.blame]))
        elif self.dialect.ack is not AckMode.NONE or connection.by_post:
            step.send(connection, refused(refusal.error))

    def _addressed(self, connection: Connection, message: InMsg) -> Conversation:
        if connection.bound_to is not None:
            return connection.bound_to
        if connection.side is Role.CUSTOMER:
            return self._conversations[connection.identity.sn]
        return self._conversations[self._composer.customer_named(message) or ""]

    def _mark_read(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        if self.dialect.read_receipt is ReadReceipt.NONE:
            return
        position = connection.sent_of(conversation)
        if conversation.mark_read(connection.side, position):
            step.records.append(ReadUpTo(conversation.sn, connection.side, position))

    def _shown_read(self, sender: Connection, conversation: Conversation, message: InMsg) -> bool:
        """``msg.read`` of a new message (D23)."""
        if self.dialect.msg_read is MsgRead.ANY:
            return bool(conversation.present(sender.side.other))
        return self.dialect.msg_read is MsgRead.ECHO and message.read

    def _acknowledge(self, connection: Connection, msg: OutMsg, step: Step) -> None:
        ack = self.dialect.ack
        if ack is AckMode.NONE and not connection.by_post:
            return
        shown = msg if self.dialect.same_msg else replace(msg, location=None)
        bare = ack is AckMode.BARE
        step.send(connection, Output(MsgStatus.SEND, result=True, msg=None if bare else shown))

    def _publish(
        self, sender: Connection, conversation: Conversation, msg: OutMsg, step: Step
    ) -> None:
        entry = conversation.add(sender.side, msg)
        step.records.append(Said(conversation.sn, entry))
        if self.dialect.multi_device:
            self._mirror(sender, conversation, entry, step)
        if sender.side is Role.STAFF:
            for device in conversation.devices.values():
                self._deliver(device, conversation, entry, step)
        else:
            self._attend(conversation, entry, step)

    def _attend(self, conversation: Conversation, entry: Entry, step: Step) -> None:
        """A customer's message to whom it is bound or offered, else to the next idle one (D13)."""
        attendant = conversation.bound_to or conversation.offered_to
        if attendant is not None:
            self._deliver(attendant, conversation, entry, step)
        else:
            self._offer(conversation, step)

    def _mirror(
        self, sender: Connection, conversation: Conversation, entry: Entry, step: Step
    ) -> None:
        """The sender's other devices see what it said; that is never unread (D15)."""
        for device in self._others_of(sender, conversation):
            self._deliver(device, conversation, entry, step)

    def _others_of(self, sender: Connection, conversation: Conversation) -> list[Connection]:
        """The sender's account's other connections to the conversation."""
        if sender.side is Role.STAFF:
            return []
        return [each for each in conversation.devices.values() if each is not sender]

    def _pass_receipt(
        self, sender: Connection, conversation: Conversation, msg: OutMsg, step: Step
    ) -> None:
        """Where receipts are delivered, the other side gets one as a frame that counts nothing."""
        if self.dialect.read_receipt is ReadReceipt.DELIVERED:
            for to in conversation.present(sender.side.other):
                unread = self._unread_for(to, conversation)
                step.send(to, Output(MsgStatus.RECEIVE, result=True, msg=msg, unread=unread))

    def _deliver(
        self,
        to: Connection,
        conversation: Conversation,
        entry: Entry,
        step: Step,
        count: int | None = None,
    ) -> None:
        to.note_sent(conversation, entry.position)
        unread = self._unread_for(to, conversation) if count is None else count
        step.send(to, Output(MsgStatus.RECEIVE, result=True, msg=entry.msg, unread=unread))

    def _unread_for(self, to: Connection, conversation: Conversation) -> int:
        """``NoReadQty`` on a frame of this conversation (D11)."""
        if to.side is Role.CUSTOMER or self.dialect.unread_scope is UnreadScope.CONVERSATION:
            return conversation.unread_by(to.side)
        mine = (each for each in self._connections.values() if each.is_same_account(to))
        attended = {each.sn: each for one in mine for each in one.attended()}
        return sum(each.unread_by(Role.STAFF) for each in attended.values())

    def _catch_up(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        """Everything its side has not read and it was not sent, oldest first (D12)."""
        entries = conversation.unsent(connection)
        first = conversation.unread_by(connection.side) - len(entries) + 1
        running = self.dialect.replay_count is ReplayCount.RUNNING
        for number, entry in enumerate(entries, first):
            self._deliver(connection, conversation, entry, step, number if running else None)

    def _replay(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        """What the connection missed, where the dialect replays; else it is passed over."""
        if self.dialect.replay_unread:
            self._catch_up(connection, conversation, step)

    # -- bindings and offers ---------------------------------------------------------------------

    def _admit_staff(self, connection: Connection, wanted: str, step: Step) -> None:  # noqa: ARG002
        """Staff begins idle; where the URL binds, another hall says otherwise."""
        self._become_idle(connection, step)

    def _dismiss_staff(self, connection: Connection, step: Step) -> None:
        self._pass_on(connection, step)
        if connection.bound_to is not None:
            self._unbind(connection, connection.bound_to, step)

    def _move(
        self, connection: Connection, conversation: Conversation, message: InMsg, step: Step
    ) -> None:
        if message.titletype == self.dialect.staff_assign:
            self._bind(connection, conversation, step)
        else:
            self._unbind(connection, conversation, step)
            self._become_idle(connection, step)

    def _bind(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        connection.bound_to, conversation.bound_to = conversation, connection
        self._desk.settle(conversation)
        self._replay(connection, conversation, step)
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
