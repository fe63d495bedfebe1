"""Faults of replay: what was missed comes not at all, twice, in another order, or too late."""

# ruff: noqa: ARG002 - what overrides keeps the signature

from typing import Any, Final

from reference_server.conversation import Connection, Conversation, Entry
from reference_server.faults.bending import bend_hall
from reference_server.faults.fault import Fault
from reference_server.hall import Hall, Step
from reference_server.outgoing import OutMsg
from schemas.words import Role


class Forgetting(Hall):
    """Nothing is replayed."""

    def _replay(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        return


class ForgettingStaff(Hall):
    """Nothing is replayed to staff."""

    def _replay(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        if connection.side is Role.CUSTOMER:
            super()._replay(connection, conversation, step)


class NewestOnly(Hall):
    """Only the newest of what was missed is replayed."""

    def _catch_up(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        for entry in conversation.unsent(connection)[-1:]:
            self._deliver(connection, conversation, entry, step)


class NewestFirst(Hall):
    """What was missed comes newest first."""

    def _catch_up(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        for entry in reversed(conversation.unsent(connection)):
            self._deliver(connection, conversation, entry, step)


class Doubling(Hall):
    """What was missed comes twice."""

    def _replay(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        missed = conversation.unsent(connection)
        super()._replay(connection, conversation, step)
        for entry in missed:
            self._deliver(connection, conversation, entry, step)


class AfterTheNew(Hall):
    """What was missed waits for the next new message, and comes after it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._waiting: dict[int, list[Entry]] = {}

    def _replay(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        self._waiting[connection.id] = conversation.unsent(connection)

    def _deliver(
        self,
        to: Connection,
        conversation: Conversation,
        entry: Entry,
        step: Step,
        count: int | None = None,
    ) -> None:
        super()._deliver(to, conversation, entry, step, count)
        for late in self._waiting.pop(to.id, ()):
            super()._deliver(to, conversation, late, step, count)


class Everything(Hall):
    """What the other side said is replayed, read or not."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._history: dict[tuple[str, Role], list[Entry]] = {}

    def _publish(
        self, sender: Connection, conversation: Conversation, msg: OutMsg, step: Step
    ) -> None:
        super()._publish(sender, conversation, msg, step)
        entry = Entry(conversation.newest, sender.side, conversation.last_ms, msg)
        self._history.setdefault((conversation.sn, sender.side), []).append(entry)

    def _replay(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        sent = connection.sent_of(conversation)
        for entry in self._history.get((conversation.sn, connection.side.other), ()):
            if entry.position > sent:
                self._deliver(connection, conversation, entry, step)


class CountingUp(Hall):
    """Replayed frames count 1, 2, 3."""

    def _catch_up(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        for number, entry in enumerate(conversation.unsent(connection), 1):
            self._deliver(connection, conversation, entry, step, number)


class CountingDown(Hall):
    """Replayed frames count what is still to come."""

    def _catch_up(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        entries = conversation.unsent(connection)
        for number, entry in enumerate(entries):
            self._deliver(connection, conversation, entry, step, len(entries) - number)


FAULTS: Final = (
    Fault(
        "replay-missing",
        "What was missed is never sent.",
        ("replay-unread",),
        bend_hall(Forgetting),
    ),
    Fault(
        "replay-missing-for-staff",
        "Staff that takes a case is not sent what was said before.",
        ("replay-unread",),
        bend_hall(ForgettingStaff),
    ),
    Fault(
        "replay-newest-only",
        "Of what was missed only the newest message comes.",
        ("replay-unread",),
        bend_hall(NewestOnly),
    ),
    Fault(
        "replay-newest-first",
        "What was missed comes newest first.",
        ("replay-order",),
        bend_hall(NewestFirst),
    ),
    Fault(
        "replay-after-new",
        "What was missed comes after the next new message.",
        ("replay-order",),
        bend_hall(AfterTheNew),
    ),
    Fault(
        "replay-doubled",
        "What was missed comes twice.",
        ("delivery-once",),
        bend_hall(Doubling),
    ),
    Fault(
        "replay-everything",
        "What has been read is replayed as well.",
        ("replay-read-not",),
        bend_hall(Everything),
    ),
    Fault(
        "replay-counts-up",
        "Replayed frames count 1, 2, 3 instead of the whole.",
        ("replay-count",),
        bend_hall(CountingUp),
    ),
    Fault(
        "replay-counts-down",
        "Replayed frames count what is still to come.",
        ("replay-count",),
        bend_hall(CountingDown),
    ),
)
