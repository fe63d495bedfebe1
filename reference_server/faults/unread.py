"""Faults of the unread count: what counts, for whom, and from when."""

# ruff: noqa: ARG002 - what overrides keeps the signature

from collections import Counter
from typing import Any, Final

from msgspec.structs import replace

from reference_server.conversation import Connection, Conversation
from reference_server.faults.bending import bend_hall, bend_outputs
from reference_server.faults.fault import Bend, Fault
from reference_server.hall import Hall, Step
from reference_server.outgoing import OutMsg, Output
from schemas.words import Role


def _counted(more: int) -> Bend:
    """Every unread count is higher by so much, never below 0."""

    def changed(output: Output) -> Output:
        return (
            output
            if output.unread is None
            else replace(output, unread=max(0, output.unread + more))
        )

    return bend_outputs(changed)


class NeverReset(Hall):
    """The count is of all that the other side ever said."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._spoken: Counter[tuple[str, Role]] = Counter()

    def _publish(
        self, sender: Connection, conversation: Conversation, msg: OutMsg, step: Step
    ) -> None:
        self._spoken[conversation.sn, sender.side] += 1
        super()._publish(sender, conversation, msg, step)

    def _unread_for(self, to: Connection, conversation: Conversation) -> int:
        return self._spoken[conversation.sn, to.side.other]


class CountingAll(Hall):
    """The count is over all conversations of the server."""

    def _unread_for(self, to: Connection, conversation: Conversation) -> int:
        return sum(each.unread_by(to.side) for each in self._conversations.values())


class CountingOwn(Hall):
    """What the other side has not read counts as well."""

    def _unread_for(self, to: Connection, conversation: Conversation) -> int:
        return sum(conversation.unread_by(side) for side in Role)


class CountingTheSender(Hall):
    """The count is of what the sender's side has not read."""

    def _unread_for(self, to: Connection, conversation: Conversation) -> int:
        return conversation.unread_by(to.side.other)


class Capped(Hall):
    """The count stops at nine."""

    def _unread_for(self, to: Connection, conversation: Conversation) -> int:
        return min(9, super()._unread_for(to, conversation))


FAULTS: Final = (
    Fault(
        "unread-off-by-one", "Every unread count is one too high.", ("unread-count",), _counted(1)
    ),
    Fault(
        "unread-one-behind",
        "Counts are made before the new message is stored.",
        ("unread-count",),
        _counted(-1),
    ),
    Fault(
        "unread-never-reset",
        "The count is of all that the other side ever said; reading does not lower it.",
        ("unread-count", "read-marks"),
        bend_hall(NeverReset),
    ),
    Fault(
        "unread-of-all-conversations",
        "The count is over all conversations of the server.",
        ("unread-count",),
        bend_hall(CountingAll),
    ),
    Fault(
        "unread-of-the-sender",
        "The count is of what the sender's side has not read.",
        ("unread-count",),
        bend_hall(CountingTheSender),
    ),
    Fault("unread-capped", "The count stops at nine.", ("unread-count",), bend_hall(Capped)),
    Fault(
        "own-messages-unread",
        "One's own messages count as unread until the other side has read them.",
        ("unread-own-messages",),
        bend_hall(CountingOwn),
    ),
)
