"""Faults that strike by chance, for load runs to count: each stroke is one word of the ledger.

Only deliveries are struck that the ledger must expect: of texts and images, just said, to who is
entitled to them (measurement §3). What is replayed or offered is left alone.
"""

from collections.abc import Callable
from typing import Final

import msgspec
from msgspec.structs import replace

from reference_server.conversation import Connection, Conversation, Entry
from reference_server.faults.bending import bend_hall
from reference_server.faults.doses import a_share
from reference_server.faults.fault import Bend, Deed, Fault
from reference_server.faults.swapping import bend_order
from reference_server.hall import Hall, Step
from reference_server.outgoing import OutMsg, Output
from reference_server.parts import Parts
from schemas.fault_journal import Did
from schemas.fault_listing import FoundBy
from schemas.words import MessageType, MsgStatus, Role

_TOKENED: Final = (MessageType.TEXT, MessageType.IMAGE)


class Stroke(msgspec.Struct, frozen=True):
    """One delivery that chance has struck; ``deliver`` is what would have been done."""

    to: Connection
    conversation: Conversation
    entry: Entry
    step: Step
    others: tuple[Connection, ...]
    deliver: Callable[[Entry], None]


Strike = Callable[[Deed, Stroke], None]


def _striking(strike: Strike) -> Bend:
    """A share of the deliveries that may be struck goes through ``strike`` instead."""

    def bend(parts: Parts, deed: Deed) -> Parts:
        return bend_hall(_hall(strike, deed))(parts, deed)

    return bend


def _hall(strike: Strike, deed: Deed) -> type[Hall]:
    class Striking(Hall):
        _live = False

        def _publish(
            self, sender: Connection, conversation: Conversation, msg: OutMsg, step: Step
        ) -> None:
            self._live = True
            super()._publish(sender, conversation, msg, step)
            self._live = False

        def _deliver(
            self,
            to: Connection,
            conversation: Conversation,
            entry: Entry,
            step: Step,
            count: int | None = None,
        ) -> None:
            def deliver(entry: Entry) -> None:
                super(Striking, self)._deliver(to, conversation, entry, step, count)

            entitled = to.side is Role.CUSTOMER or conversation.bound_to is to
            tokened = entry.msg.type in _TOKENED
            if self._live and entitled and tokened and deed.befalls():
                others = tuple(
                    device
                    for each in self._conversations.values()
                    if each is not conversation
                    for device in each.devices.values()
                )
                strike(deed, Stroke(to, conversation, entry, step, others, deliver))
            else:
                deliver(entry)

    return Striking


def _lose(deed: Deed, stroke: Stroke) -> None:
    """It counts as sent, so that no replay makes up for it on this connection."""
    stroke.to.note_sent(stroke.conversation, stroke.entry.position)
    deed.note(Did.LOST, stroke.entry.msg, to_sn=stroke.to.identity.sn)


def _duplicate(deed: Deed, stroke: Stroke) -> None:
    stroke.deliver(stroke.entry)
    stroke.deliver(stroke.entry)
    deed.note(Did.DUPLICATED, stroke.entry.msg, to_sn=stroke.to.identity.sn)


def _corrupt(deed: Deed, stroke: Stroke) -> None:
    """The last character is another one; a token at the beginning stays whole."""
    content = stroke.entry.msg.content[:-1] + "\ufffd"
    stroke.deliver(replace(stroke.entry, msg=replace(stroke.entry.msg, content=content)))
    deed.note(Did.CORRUPTED, stroke.entry.msg, to_sn=stroke.to.identity.sn)


def _misroute(deed: Deed, stroke: Stroke) -> None:
    """A customer of another conversation receives it too, with a count that is its own."""
    stroke.deliver(stroke.entry)
    if stroke.others:
        stranger = deed.random.choice(stroke.others)
        unread = stroke.conversation.unread_by(stranger.side)
        output = Output(MsgStatus.RECEIVE, result=True, msg=stroke.entry.msg, unread=unread)
        stroke.step.send(stranger, output)
        deed.note(Did.MISROUTED, stroke.entry.msg, to_sn=stranger.identity.sn)


def _by_chance(name: str, intent: str, clauses: tuple[str, ...], bend: Bend, word: Did) -> Fault:
    return Fault(
        name,
        intent,
        clauses,
        bend,
        takes=a_share("0.01"),
        found_by=FoundBy.LOAD,
        moves=(word,),
        by_chance=True,
    )


FAULTS: Final = (
    _by_chance(
        "loss",
        "A share of the deliveries never arrives.",
        ("delivery-stored",),
        _striking(_lose),
        Did.LOST,
    ),
    _by_chance(
        "duplication",
        "A share of the deliveries comes twice.",
        ("delivery-once",),
        _striking(_duplicate),
        Did.DUPLICATED,
    ),
    _by_chance(
        "reordering",
        "A share of the deliveries changes places with the sender's next one.",
        ("delivery-order",),
        bend_order(),
        Did.REORDERED,
    ),
    _by_chance(
        "misrouting",
        "A share of the deliveries also reaches a customer of another conversation.",
        ("isolation",),
        _striking(_misroute),
        Did.MISROUTED,
    ),
    _by_chance(
        "corruption",
        "A share of the deliveries has another last character.",
        ("content-text", "same-msg"),
        _striking(_corrupt),
        Did.CORRUPTED,
    ),
)
