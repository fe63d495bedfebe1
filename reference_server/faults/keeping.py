"""Faults of what goes another way than live: kept and replayed, offered, mirrored or posted."""

import html
from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from reference_server.conversation import Connection, Conversation, Entry
from reference_server.faults.bending import bend_hall
from reference_server.faults.fault import Bend, Fault
from reference_server.hall import Hall, Step
from reference_server.outgoing import OutMsg
from schemas.account_tokens import Identity
from schemas.messages import InMsg
from schemas.words import MessageType, Role

_COLUMN, _PAGE = 4_000, 20
Change = Callable[[OutMsg], OutMsg]


# -- what becomes of a message ---------------------------------------------------------------------


def _escaped(msg: OutMsg) -> OutMsg:
    return replace(msg, content=html.escape(msg.content))


def _without_emoji(msg: OutMsg) -> OutMsg:
    """As a column keeps it that has no room for characters beyond U+FFFF."""
    return replace(msg, content="".join(c if ord(c) < 0x10000 else "?" for c in msg.content))


def _cut(msg: OutMsg) -> OutMsg:
    return replace(msg, content=msg.content[:_COLUMN])


def _in_lower_case(msg: OutMsg) -> OutMsg:
    image = msg.type == MessageType.IMAGE
    return replace(msg, content=msg.content.lower()) if image else msg


def _uninformed(msg: OutMsg) -> OutMsg:
    return replace(msg, info=None)


# -- on which way ----------------------------------------------------------------------------------


def _kept(change: Change, *, offers: bool = True, replays: bool = True) -> Bend:
    """What waited comes otherwise than it was said: in offers, in replays or in both."""

    class Keeping(Hall):
        def _catch_up(self, connection: Connection, conversation: Conversation, step: Step) -> None:
            is_offer = connection.side is Role.STAFF and connection.bound_to is None
            if not (offers if is_offer else replays):
                super()._catch_up(connection, conversation, step)
                return
            for entry in conversation.unsent(connection):
                changed = replace(entry, msg=change(entry.msg))
                self._deliver(connection, conversation, changed, step)

    return bend_hall(Keeping)


def _mirrored(change: Change) -> Bend:
    """What an account says comes otherwise to its other devices."""

    class Mirroring(Hall):
        def _mirror(
            self, sender: Connection, conversation: Conversation, entry: Entry, step: Step
        ) -> None:
            changed = replace(entry, msg=change(entry.msg))
            super()._mirror(sender, conversation, changed, step)

    return bend_hall(Mirroring)


class MirroringImagesTwice(Hall):
    """An image comes twice to the account's other devices."""

    def _mirror(
        self, sender: Connection, conversation: Conversation, entry: Entry, step: Step
    ) -> None:
        for _ in range(2 if entry.msg.type == MessageType.IMAGE else 1):
            super()._mirror(sender, conversation, entry, step)


class NamingThePresent(Hall):
    """What is replayed to a customer is said by whoever attends to it now."""

    def _catch_up(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        present = conversation.bound_to
        if connection.side is Role.STAFF or present is None:
            super()._catch_up(connection, conversation, step)
            return
        name, sn = present.identity.name, present.identity.sn
        for entry in conversation.unsent(connection):
            msg = replace(entry.msg, send_sn=sn, send_name=name)
            self._deliver(connection, conversation, replace(entry, msg=msg), step)


class ReplayingAPage(Hall):
    """Staff that takes a case is sent no more than a page of it."""

    def _catch_up(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        page = _PAGE if connection.bound_to is not None else None
        for entry in conversation.unsent(connection)[-(page or conversation.newest) :]:
            self._deliver(connection, conversation, entry, step)


class CountingOffersTogether(Hall):
    """Idle staff is told how much waits for it in all."""

    def _unread_for(self, to: Connection, conversation: Conversation) -> int:
        if to.side is Role.STAFF and to.bound_to is None:
            return sum(each.unread_by(Role.STAFF) for each in to.offers.values())
        return super()._unread_for(to, conversation)


class ForgettingDevices(Hall):
    """After a case is closed, the customer's first device alone is told anything."""

    def _unbind(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        super()._unbind(connection, conversation, step)
        for device in list(conversation.devices.values())[1:]:
            conversation.devices[device.id] = Connection(-device.id, device.identity)


class ReadingStaffTexts(Hall):
    """Images and topics of staff mark nothing."""

    def handle(self, connection_id: int, message: InMsg, now_ms: int) -> Step:
        staff = self._connections[connection_id].side is Role.STAFF
        if staff and message.type in (MessageType.IMAGE, MessageType.TITLE):
            message = replace(message, read=False)
        return super().handle(connection_id, message, now_ms)


class TrimmingPosts(Hall):
    """Blanks around what is posted are lost."""

    def post(self, connection_id: int, identity: Identity, message: InMsg, now_ms: int) -> Step:
        trimmed = replace(message, content=message.content.strip())
        return super().post(connection_id, identity, trimmed, now_ms)


FAULTS: Final = (
    Fault(
        "posted-words-trimmed",
        "Blanks and line ends around posted words are lost.",
        ("content-text",),
        bend_hall(TrimmingPosts),
    ),
    Fault(
        "kept-words-escaped",
        "Markup in what is replayed is escaped for HTML.",
        ("content-text",),
        _kept(_escaped, offers=False),
    ),
    Fault(
        "kept-emoji-lost",
        "In what waited, characters beyond U+FFFF are question marks.",
        ("content-text",),
        _kept(_without_emoji),
    ),
    Fault(
        "kept-words-cut",
        "Of what waited the first 4,000 characters come.",
        ("content-text",),
        _kept(_cut),
    ),
    Fault(
        "kept-images-lower-case",
        "Image paths that waited come in lower case.",
        ("content-image",),
        _kept(_in_lower_case),
    ),
    Fault(
        "kept-under-another-name",
        "What one staff member said is replayed as said by whoever attends now.",
        ("sender-identity",),
        bend_hall(NamingThePresent),
    ),
    Fault(
        "replay-to-staff-a-page",
        "Staff that takes a case is sent the newest twenty messages of it.",
        ("replay-unread",),
        bend_hall(ReplayingAPage),
    ),
    Fault(
        "offered-words-escaped",
        "Markup in what is offered is escaped for HTML.",
        ("content-text",),
        _kept(_escaped, replays=False),
    ),
    Fault(
        "offered-without-info",
        "Titles that are offered have no info.",
        ("same-msg",),
        _kept(_uninformed, replays=False),
    ),
    Fault(
        "offers-counted-together",
        "Idle staff is told the sum of all that it is offered.",
        ("unread-count",),
        bend_hall(CountingOffersTogether),
    ),
    Fault(
        "mirrored-words-escaped",
        "Markup in what another device said is escaped for HTML.",
        ("content-text",),
        _mirrored(_escaped),
    ),
    Fault(
        "mirrored-without-info",
        "Titles that another device named have no info.",
        ("same-msg",),
        _mirrored(_uninformed),
    ),
    Fault(
        "mirrored-images-twice",
        "Images of another device come twice.",
        ("delivery-once",),
        bend_hall(MirroringImagesTwice),
    ),
    Fault(
        "closing-forgets-devices",
        "After a case is closed the customer's first device alone is told anything.",
        ("delivery-stored",),
        bend_hall(ForgettingDevices),
    ),
    Fault(
        "read-by-staff-texts-only",
        "An image or a topic of staff with read true marks nothing as read.",
        ("read-marks",),
        bend_hall(ReadingStaffTexts),
    ),
)
