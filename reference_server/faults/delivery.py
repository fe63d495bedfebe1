"""Faults of delivery: lost, doubled, out of order, to the wrong people, not yet stored."""

# ruff: noqa: ARG002 - what overrides keeps the signature

from collections.abc import Sequence
from typing import Final

from reference_server.commits import Sink
from reference_server.conversation import Connection, Conversation, Entry
from reference_server.faults.bending import (
    bend_frames,
    bend_frames_anew,
    bend_hall,
    bend_storing,
    is_about,
)
from reference_server.faults.fault import Fault
from reference_server.faults.frames import Change, second_of_three
from reference_server.hall import Hall, Step
from reference_server.inbound import Refusal
from reference_server.outgoing import Frame, OutMsg, Output
from reference_server.steps import Record
from schemas.account_tokens import Identity
from schemas.fault_listing import FoundBy
from schemas.messages import InMsg
from schemas.words import MessageType, MsgStatus, Role

_RECEIVE, _TEXT = MsgStatus.RECEIVE, MessageType.TEXT


def _deliver_twice(frame: Frame) -> Sequence[Frame]:
    return (frame, frame) if is_about(frame, _RECEIVE, _TEXT) else (frame,)


def _lose_some() -> Change:
    picks = second_of_three(_RECEIVE)
    return lambda frame: () if picks(frame) else (frame,)


def _swap_some() -> Change:
    picks = second_of_three(_RECEIVE)
    late: dict[int, Frame] = {}

    def swap(frame: Frame) -> Sequence[Frame]:
        held = late.pop(frame.connection, None)
        if picks(frame):
            late[frame.connection] = frame
            return ()
        return (frame,) if held is None else (frame, held)

    return swap


class LosingImages(Hall):
    """Pictures of staff are acknowledged and go nowhere."""

    def _publish(
        self, sender: Connection, conversation: Conversation, msg: OutMsg, step: Step
    ) -> None:
        if sender.side is Role.CUSTOMER or msg.type != MessageType.IMAGE:
            super()._publish(sender, conversation, msg, step)


class OneDeviceOnly(Hall):
    """Of a customer's connections only the first is sent anything."""

    def _deliver(
        self,
        to: Connection,
        conversation: Conversation,
        entry: Entry,
        step: Step,
        count: int | None = None,
    ) -> None:
        first = next(iter(conversation.devices.values()), to)
        if to.side is Role.STAFF or to is first:
            super()._deliver(to, conversation, entry, step, count)


class Unmirrored(Hall):
    """An account's other connections are not told what it says."""

    def _mirror(
        self, sender: Connection, conversation: Conversation, entry: Entry, step: Step
    ) -> None:
        return


class Misrouting(Hall):
    """Texts also reach a customer of another conversation."""

    def _deliver(
        self,
        to: Connection,
        conversation: Conversation,
        entry: Entry,
        step: Step,
        count: int | None = None,
    ) -> None:
        super()._deliver(to, conversation, entry, step, count)
        others = (each for each in self._conversations.values() if each is not conversation)
        stranger = next((device for each in others for device in each.devices.values()), None)
        if stranger is not None and entry.msg.type == MessageType.TEXT:
            step.send(stranger, Output(_RECEIVE, result=True, msg=entry.msg, unread=1))


class StaffReadsAll(Hall):
    """Bound staff also receive what is said to their colleagues."""

    def _attend(self, conversation: Conversation, entry: Entry, step: Step) -> None:
        super()._attend(conversation, entry, step)
        for other in list(self._conversations.values()):
            if other.bound_to is not None and other is not conversation:
                unread = other.unread_by(Role.STAFF)
                output = Output(_RECEIVE, result=True, msg=entry.msg, unread=unread)
                step.send(other.bound_to, output)


class DeliveringRefused(Hall):
    """A number that does not exist is refused, and the other side receives it all the same."""

    _said: InMsg | None = None

    def _refuse(self, connection: Connection, refusal: Refusal, step: Step) -> None:
        super()._refuse(connection, refusal, step)
        message = self._said
        conversation = self._conversations.get(connection.identity.sn)
        if message is not None and conversation is not None:
            msg = self._composer.compose(
                connection.identity, message, conversation.last_ms, read=False
            )
            for to in conversation.present(Role.STAFF):
                step.send(to, Output(_RECEIVE, result=True, msg=msg, unread=1))

    def handle(self, connection_id: int, message: InMsg, now_ms: int) -> Step:
        self._said = message
        try:
            return super().handle(connection_id, message, now_ms)
        finally:
            self._said = None


class LostWithItsSender(Hall):
    """What a customer said in its last moments goes with it."""

    def leave(self, connection_id: int) -> Step:
        gone = self._connections[connection_id]
        step = super().leave(connection_id)
        if gone.side is Role.CUSTOMER:
            self._conversations[gone.identity.sn].unread[Role.STAFF].clear()
        return step


class StrangersReplay(Hall):
    """A customer without news is sent what another customer has not read."""

    def login(self, connection_id: int, identity: Identity, wanted: str = "") -> Step:
        step = super().login(connection_id, identity, wanted)
        for sn, other in self._conversations.items():
            if identity.role is Role.CUSTOMER and sn != identity.sn:
                for entry in other.unread[Role.CUSTOMER]:
                    output = Output(_RECEIVE, result=True, msg=entry.msg, unread=1)
                    step.send(self._connections[connection_id], output)
        return step


class OneBatchLate:
    """A store that says a batch is safe, and writes it when the next one comes."""

    def __init__(self, store: Sink) -> None:
        self._store = store
        self._batch: Sequence[Record] = ()

    def commit(self, records: Sequence[Record]) -> None:
        """Store what came before ``records``."""
        late, self._batch = self._batch, list(records)
        self._store.commit(late)


FAULTS: Final = (
    Fault(
        "duplicate-delivery",
        "Every text is delivered twice to each connection.",
        ("delivery-once",),
        bend_frames(_deliver_twice),
    ),
    Fault(
        "lost-delivery",
        "The second of every three texts for a connection never arrives.",
        ("delivery-stored",),
        bend_frames_anew(_lose_some),
    ),
    Fault(
        "lost-staff-image",
        "Images of staff are acknowledged and never delivered.",
        ("delivery-stored",),
        bend_hall(LosingImages),
    ),
    Fault(
        "one-device-only",
        "Of several connections of a customer only the first receives what staff says.",
        ("delivery-stored",),
        bend_hall(OneDeviceOnly),
    ),
    Fault(
        "ack-before-commit",
        "An answer leaves before its message is stored; a crash loses the last ones.",
        ("delivery-stored",),
        bend_storing(OneBatchLate),
        found_by=FoundBy.RESTART,
    ),
    Fault(
        "reordered-delivery",
        "The second of every three texts for a connection arrives after the frame that follows it.",
        ("delivery-order",),
        bend_frames_anew(_swap_some),
    ),
    Fault(
        "lost-with-its-sender",
        "What nobody has read yet is lost when the customer who said it leaves.",
        ("delivery-stored", "offer-waits"),
        bend_hall(LostWithItsSender),
    ),
    Fault(
        "misrouted-delivery",
        "Texts also reach a customer of another conversation.",
        ("isolation",),
        bend_hall(Misrouting),
    ),
    Fault(
        "misrouted-to-staff",
        "Bound staff also receive what other customers say to their colleagues.",
        ("isolation",),
        bend_hall(StaffReadsAll),
    ),
    Fault(
        "misrouted-replay",
        "Who logs in is also sent what other customers have not read.",
        ("isolation",),
        bend_hall(StrangersReplay),
    ),
    Fault(
        "devices-not-told",
        "An account's other connections are not told what it says.",
        ("device-echo",),
        bend_hall(Unmirrored),
    ),
    Fault(
        "refused-delivered",
        "A title with an unknown number is refused, and delivered all the same.",
        ("delivery-refused-never",),
        bend_hall(DeliveringRefused),
    ),
)
