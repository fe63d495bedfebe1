"""Faults of what is unread and replayed that only some messages, sides or logins meet."""

from collections import Counter
from typing import Any, Final

from msgspec.structs import replace

from reference_server.conversation import Connection, Conversation, Entry
from reference_server.faults.bending import bend_hall
from reference_server.faults.fault import Fault
from reference_server.hall import Hall, Step
from schemas.account_tokens import Identity
from schemas.messages import InMsg
from schemas.words import MessageType, Role

_TEXT, _STAFF = MessageType.TEXT, MessageType.STAFF
_NEWEST, _LATER_MS = 100, 1_000


class ReplayingTexts(Hall):
    """Of what was missed, images and topics never come."""

    def _catch_up(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        for entry in conversation.unsent(connection):
            if entry.msg.type in (_TEXT, _STAFF):
                self._deliver(connection, conversation, entry, step)


class ReplayingOnce(Hall):
    """What was replayed counts as read."""

    def _replay(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        super()._replay(connection, conversation, step)
        conversation.mark_read(connection.side, conversation.newest)


class ReplayingTheNewest(Hall):
    """Of much that was missed the newest hundred come."""

    def _catch_up(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        for entry in conversation.unsent(connection)[-_NEWEST:]:
            self._deliver(connection, conversation, entry, step)


class ReplayingOffers(Hall):
    """Whoever confirms is sent all that is unread, even what it was offered before."""

    def _replay(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        if connection.side is Role.CUSTOMER:
            super()._replay(connection, conversation, step)
            return
        for entry in conversation.unread[Role.STAFF]:
            self._deliver(connection, conversation, entry, step)


class ReplayingOwn(Hall):
    """Who logs in is sent the last words of its own, too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._own: dict[str, Entry] = {}

    def _attend(self, conversation: Conversation, entry: Entry, step: Step) -> None:
        self._own[conversation.sn] = entry
        super()._attend(conversation, entry, step)

    def _replay(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        own = self._own.get(conversation.sn)
        if connection.side is Role.CUSTOMER and own is not None:
            self._deliver(connection, conversation, own, step)
        super()._replay(connection, conversation, step)


class Redating(Hall):
    """What is replayed shows a later time than it was said at."""

    def _catch_up(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        time = self._composer._time_text(conversation.last_ms + _LATER_MS)
        for entry in conversation.unsent(connection):
            late = replace(entry, msg=replace(entry.msg, time=time))
            self._deliver(connection, conversation, late, step)


class ClearingAtClosing(Hall):
    """What a customer who is away has not read is gone when its case is closed."""

    def _unbind(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        if not conversation.devices:
            conversation.mark_read(Role.CUSTOMER, conversation.newest)
        super()._unbind(connection, conversation, step)


class CountingTexts(Hall):
    """Images and topics do not count."""

    def _unread_for(self, to: Connection, conversation: Conversation) -> int:
        return sum(entry.msg.type in (_TEXT, _STAFF) for entry in conversation.unread[to.side])


class CountingWords(Hall):
    """Staff words do not count."""

    def _unread_for(self, to: Connection, conversation: Conversation) -> int:
        return sum(entry.msg.type != _STAFF for entry in conversation.unread[to.side])


class ReadingByTexts(Hall):
    """An image or a topic with ``read`` true marks nothing."""

    def handle(self, connection_id: int, message: InMsg, now_ms: int) -> Step:
        reads = message.read and message.type in (_TEXT, _STAFF)
        return super().handle(connection_id, replace(message, read=reads), now_ms)


class CountingFromLogin(Hall):
    """What was unread when a connection logged in does not count on it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._from: Counter[int] = Counter()

    def login(self, connection_id: int, identity: Identity, wanted: str = "") -> Step:
        step = super().login(connection_id, identity, wanted)
        conversation = self._conversations.get(identity.sn)
        if identity.role is Role.CUSTOMER and conversation is not None:
            self._from[connection_id] = conversation.unread_by(Role.CUSTOMER)
        return step

    def _mark_read(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        self._from[connection.id] = 0
        super()._mark_read(connection, conversation, step)

    def _unread_for(self, to: Connection, conversation: Conversation) -> int:
        return max(0, super()._unread_for(to, conversation) - self._from[to.id])


class CountingEchoes(Hall):
    """What an account says counts as unread on its other connections."""

    def _mirror(
        self, sender: Connection, conversation: Conversation, entry: Entry, step: Step
    ) -> None:
        for device in self._others_of(sender, conversation):
            unread = self._unread_for(device, conversation) + 1
            self._deliver(device, conversation, entry, step, unread)


class ReadingForItself(Hall):
    """Each connection counts for itself: what one has read is unread on the others."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._unread_here: Counter[int] = Counter()

    def _mark_read(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        self._unread_here[connection.id] = 0
        super()._mark_read(connection, conversation, step)

    def _deliver(
        self,
        to: Connection,
        conversation: Conversation,
        entry: Entry,
        step: Step,
        count: int | None = None,
    ) -> None:
        self._unread_here[to.id] += entry.side is not to.side
        here = self._unread_here[to.id] if to.side is Role.CUSTOMER else count
        super()._deliver(to, conversation, entry, step, here)


class ForgettingTheUnread(Hall):
    """When staff leaves, what it left unread does not count for the next."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._before: Counter[str] = Counter()

    def _bind(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        self._before[conversation.sn] = conversation.unread_by(Role.STAFF)
        super()._bind(connection, conversation, step)

    def _mark_read(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        super()._mark_read(connection, conversation, step)
        left = self._before[conversation.sn]
        self._before[conversation.sn] = min(left, conversation.unread_by(Role.STAFF))

    def _unread_for(self, to: Connection, conversation: Conversation) -> int:
        whole = super()._unread_for(to, conversation)
        return whole if to.side is Role.CUSTOMER else whole - self._before[conversation.sn]


FAULTS: Final = (
    Fault(
        "replay-texts-only",
        "Of what was missed, images and topics never come.",
        ("replay-unread",),
        bend_hall(ReplayingTexts),
    ),
    Fault(
        "replay-once",
        "What was replayed counts as read, and does not come again.",
        ("replay-unread",),
        bend_hall(ReplayingOnce),
    ),
    Fault(
        "replay-newest-hundred",
        "Of more than a hundred missed messages the oldest never come.",
        ("replay-unread",),
        bend_hall(ReplayingTheNewest),
    ),
    Fault(
        "replay-after-closing-empty",
        "What a customer who is away has not read is gone when its case is closed.",
        ("replay-unread",),
        bend_hall(ClearingAtClosing),
    ),
    Fault(
        "replay-repeats-offers",
        "Whoever confirms is sent all that is unread, even what it was offered before.",
        ("delivery-once",),
        bend_hall(ReplayingOffers),
    ),
    Fault(
        "replay-own-words",
        "Who logs in is sent the last words of its own, too.",
        ("unread-own-messages",),
        bend_hall(ReplayingOwn),
    ),
    Fault(
        "replay-redated",
        "What is replayed shows a later time than it was said at.",
        ("same-msg",),
        bend_hall(Redating),
    ),
    Fault(
        "unread-texts-only",
        "Images and topics do not count as unread.",
        ("unread-count",),
        bend_hall(CountingTexts),
    ),
    Fault(
        "unread-without-staff-words",
        "Confirms and closings do not count as unread.",
        ("unread-count",),
        bend_hall(CountingWords),
    ),
    Fault(
        "unread-from-login",
        "What was unread when a connection logged in does not count on it.",
        ("unread-count",),
        bend_hall(CountingFromLogin),
    ),
    Fault(
        "unread-from-confirm",
        "What one staff member left unread does not count for the next.",
        ("unread-count",),
        bend_hall(ForgettingTheUnread),
    ),
    Fault(
        "echoes-unread",
        "What an account says counts as unread on its other connections.",
        ("unread-own-messages",),
        bend_hall(CountingEchoes),
    ),
    Fault(
        "read-by-texts-only",
        "An image or a topic with read true marks nothing as read.",
        ("read-marks",),
        bend_hall(ReadingByTexts),
    ),
    Fault(
        "read-per-connection",
        "What one connection of a customer has read is unread on the others.",
        ("read-marks",),
        bend_hall(ReadingForItself),
    ),
)
