"""Faults that need company: several devices of one account, several conversations.

Whoever tries one message after another, between two people, meets none of them.
"""

from typing import Any, Final

from reference_server.conversation import Connection, Conversation, Entry
from reference_server.faults.bending import bend_hall
from reference_server.faults.fault import Fault
from reference_server.hall import Hall, Step
from reference_server.outgoing import OutMsg, Output
from schemas.words import MessageType, MsgStatus, Role

_RECEIVE, _TEXT = MsgStatus.RECEIVE, MessageType.TEXT


def _shown(conversation: Conversation, to: Connection, msg: OutMsg) -> Output:
    return Output(_RECEIVE, result=True, msg=msg, unread=conversation.unread_by(to.side))


class LeakingAmongThree(Hall):
    """While three cases are open, what customers say reaches the staff of another case, too."""

    def _attend(self, conversation: Conversation, entry: Entry, step: Step) -> None:
        super()._attend(conversation, entry, step)
        bound = [each for each in self._conversations.values() if each.bound_to is not None]
        others = [each.bound_to for each in bound if each is not conversation]
        if len(bound) >= 3 and others[0] is not None:
            step.send(others[0], _shown(conversation, others[0], entry.msg))


class TellingFormerStaff(Hall):
    """Staff that serves another customer by now still receives what its former one says."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._former: dict[str, Connection] = {}

    def _unbind(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        super()._unbind(connection, conversation, step)
        self._former[conversation.sn] = connection

    def _attend(self, conversation: Conversation, entry: Entry, step: Step) -> None:
        super()._attend(conversation, entry, step)
        former = self._former.get(conversation.sn)
        if former is not None and former.bound_to not in (None, conversation):
            step.send(former, _shown(conversation, former, entry.msg))


class TellingFormerCustomer(Hall):
    """A customer still receives what the staff of its former case says to the next customer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._served: dict[int, Conversation] = {}

    def _unbind(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        super()._unbind(connection, conversation, step)
        self._served[connection.id] = conversation

    def _publish(
        self, sender: Connection, conversation: Conversation, msg: OutMsg, step: Step
    ) -> None:
        super()._publish(sender, conversation, msg, step)
        former = self._served.get(sender.id)
        if former is not None and former is not conversation and msg.type == _TEXT:
            for device in former.devices.values():
                step.send(device, _shown(former, device, msg))


class SharingAnAccount(Hall):
    """All bound connections of a staff account receive what the customer of one of them says."""

    def _attend(self, conversation: Conversation, entry: Entry, step: Step) -> None:
        super()._attend(conversation, entry, step)
        mine = conversation.bound_to
        for each in list(self._connections.values()) if mine is not None else []:
            same = mine is not None and each is not mine and each.is_same_account(mine)
            if same and each.bound_to is not None:
                step.send(each, _shown(conversation, each, entry.msg))


class ForgettingThirdDevices(Hall):
    """Of a customer's connections the first two are sent what staff says."""

    def _deliver(
        self,
        to: Connection,
        conversation: Conversation,
        entry: Entry,
        step: Step,
        count: int | None = None,
    ) -> None:
        if to.side is Role.STAFF or to in list(conversation.devices.values())[:2]:
            super()._deliver(to, conversation, entry, step, count)


class LeavingTogether(Hall):
    """When one of a customer's connections leaves, the others are sent nothing more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._silenced: set[int] = set()

    def leave(self, connection_id: int) -> Step:
        gone = self._connections[connection_id]
        step = super().leave(connection_id)
        if gone.side is Role.CUSTOMER:
            self._silenced.update(self._conversations[gone.identity.sn].devices)
        return step

    def _deliver(
        self,
        to: Connection,
        conversation: Conversation,
        entry: Entry,
        step: Step,
        count: int | None = None,
    ) -> None:
        if to.id not in self._silenced:
            super()._deliver(to, conversation, entry, step, count)


class MirroringToLater(Hall):
    """The first of a customer's connections is not told what the others say."""

    def _others_of(self, sender: Connection, conversation: Conversation) -> list[Connection]:
        first = next(iter(conversation.devices.values()), None)
        return [each for each in super()._others_of(sender, conversation) if each is not first]


FAULTS: Final = (
    Fault(
        "leak-among-three",
        "While three cases are open, customers' words reach the staff of another case, too.",
        ("isolation",),
        bend_hall(LeakingAmongThree),
    ),
    Fault(
        "former-staff-told",
        "Staff that serves another customer still receives what its former one says.",
        ("isolation",),
        bend_hall(TellingFormerStaff),
    ),
    Fault(
        "former-customer-told",
        "A customer still receives what its former staff says to the next customer.",
        ("isolation",),
        bend_hall(TellingFormerCustomer),
    ),
    Fault(
        "staff-account-shared",
        "All connections of a staff account receive what the customer of one of them says.",
        ("isolation",),
        bend_hall(SharingAnAccount),
    ),
    Fault(
        "third-device-forgotten",
        "Of three connections of a customer the last is sent nothing.",
        ("delivery-stored",),
        bend_hall(ForgettingThirdDevices),
    ),
    Fault(
        "leaving-device-silences",
        "When one of a customer's connections leaves, the others are sent nothing more.",
        ("delivery-stored",),
        bend_hall(LeavingTogether),
    ),
    Fault(
        "first-device-not-told",
        "The first of a customer's connections is not told what the others say.",
        ("device-echo",),
        bend_hall(MirroringToLater),
    ),
)
