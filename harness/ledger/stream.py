"""One connection's frame stream, judged alone: what needs no knowledge of any other connection.

Runs in the swarm for every ``Receive``. Knows what this connection is bound to at each place of its
own stream and which messages it had; whether a message was ever sent, or had to come, is the
master's to say. State follows conversations and gaps, not messages.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum

import msgspec

from harness.ledger.digests import digest_of
from harness.ledger.intervals import IntervalSet
from harness.ledger.observations import CORRUPTED_DIGEST, Opened, Received, corrupted_digest
from harness.load_token import Corrupted, ForeignToken, Token, TokenReader
from schemas.words import MessageType


class Irregularity(StrEnum):
    """What a ``Receive`` is when it is not simply a delivery: a word of the ledger."""

    DUPLICATED = "duplicated"
    REORDERED = "reordered"
    MISROUTED = "misrouted"
    UNEXPECTED = "unexpected"
    CORRUPTED = "corrupted"
    FOREIGN = "foreign"


class Roster(msgspec.Struct, frozen=True):
    """Who takes part in the run. Participants are numbered customers first, from 0.

    ``numbers`` gives the participant of a ``SendSn``; those below ``customers`` are customers, and
    each is also the number of its conversation. ``cases`` gives the conversation that the content
    of a staff word names. Both hold the participants of every worker.
    """

    numbers: Mapping[str, int]
    customers: int
    cases: Mapping[str, int]


class _Lane:
    """What this connection had of one sender in one conversation."""

    __slots__ = ("after", "binding", "received", "untokened")

    def __init__(self, binding: int) -> None:
        self.received = IntervalSet()
        self.binding = binding
        self.after = -1  # the highest seq within the present binding
        self.untokened = 0  # since the highest seq of all

    def take(self, seq: int) -> Irregularity | None:
        highest = self.received.highest
        if not self.received.add(seq):
            return Irregularity.DUPLICATED
        if seq > highest:
            if 0 < seq - highest - 1 == self.untokened:  # the gap is all titles and staff words
                self.received.add_range(highest + 1, seq)
            self.untokened = 0
        if seq < self.after:
            return Irregularity.REORDERED
        self.after = seq
        return None


class ConnectionStream:
    """Judges one connection's ``Receive`` frames and records those that the master must join.

    ``record`` is called with each :class:`Received`; a duplicate, a misroute or a foreign frame
    makes none. With ``receipts_delivered`` (D10, mode ``delivered``) an empty text is nothing odd.
    """

    __slots__ = (
        "_asking",
        "_binding",
        "_bound",
        "_connection",
        "_is_staff",
        "_lanes",
        "_participant",
        "_read",
        "_receipts_delivered",
        "_record",
        "_roster",
    )

    def __init__(
        self,
        opened: Opened,
        reader: TokenReader,
        roster: Roster,
        record: Callable[[Received], None],
        *,
        receipts_delivered: bool = False,
    ) -> None:
        self._connection = opened.connection
        self._participant = opened.participant
        self._is_staff = opened.is_staff
        self._read = reader.read
        self._roster = roster
        self._record = record
        self._receipts_delivered = receipts_delivered
        self._bound: int | None = None if opened.is_staff else opened.participant
        self._binding = 0
        self._asking = 0
        self._lanes: dict[int, _Lane] = {}

    def asking(self) -> None:
        """A staff word was sent: until its answer, frames may still belong to an offer."""
        self._asking += 1

    def bind(self, conversation: int | None) -> None:
        """What this staff connection is bound to from here on (None: idle).

        Call it with the answer to each staff word, accepted or refused, and at login where the URL
        binds (D7).
        """
        self._asking = max(0, self._asking - 1)
        if conversation is not None and conversation != self._bound:
            self._binding += 1  # what is replayed now may be older than what was offered before
        self._bound = conversation

    def receive(
        self, at_ns: int, sn: str | None, message_type: str, titletype: str | None, content: str
    ) -> Irregularity | None:
        """Judge one ``Receive``: ``sn`` is its ``SendSn``, the rest are members of its ``msg``.

        None is an ordinary delivery, offer or replay. ``content`` is "" for null.
        """
        reading = self._read(content)
        if type(reading) is Token:
            return self._tokened(at_ns, reading)
        number = self._roster.numbers.get(sn) if sn is not None else None
        if number is None or type(reading) is ForeignToken:
            known = type(reading) is Corrupted
            return Irregularity.CORRUPTED if known else Irregularity.FOREIGN
        if type(reading) is Corrupted:
            return self._corrupted(at_ns, number, reading)
        return self._untokened(at_ns, number, message_type, titletype, content)

    def _tokened(self, at_ns: int, token: Token) -> Irregularity | None:
        conversation, sender = token.conversation, token.sender
        if conversation != self._bound and not self._admits(conversation, sender):
            return Irregularity.MISROUTED
        judged = self._lane(conversation, sender).take(token.seq)
        if judged is not Irregularity.DUPLICATED:
            self._record(Received(self._connection, conversation, sender, token.seq, 0, -1, at_ns))
        return judged

    def _untokened(
        self, at_ns: int, sender: int, message_type: str, titletype: str | None, content: str
    ) -> Irregularity | None:
        named = self._roster.cases.get(content) if message_type == MessageType.STAFF else None
        conversation = named if named is not None else self._conversation_of(sender)
        if conversation is None or not self._admits(conversation, sender):
            return Irregularity.MISROUTED
        if message_type == MessageType.TEXT and content == "":
            return None if self._receipts_delivered else Irregularity.UNEXPECTED
        self._trace(at_ns, conversation, sender, digest_of(message_type, titletype, content))
        return None

    def _corrupted(self, at_ns: int, sender: int, reading: Corrupted) -> Irregularity:
        conversation = self._conversation_of(sender)
        if conversation is None:
            conversation = reading.claimed.conversation
        if self._admits(conversation, sender):
            claimed = reading.claimed
            fits = (claimed.conversation, claimed.sender) == (conversation, sender)
            digest = corrupted_digest(claimed.seq) if fits else CORRUPTED_DIGEST
            self._trace(at_ns, conversation, sender, digest)
        return Irregularity.CORRUPTED

    def _trace(self, at_ns: int, conversation: int, sender: int, digest: int) -> None:
        lane = self._lane(conversation, sender)
        lane.untokened += 1
        self._record(
            Received(self._connection, conversation, sender, -1, digest, lane.after, at_ns)
        )

    def _conversation_of(self, sender: int) -> int | None:
        """The conversation of a frame that does not say: its customer's, else this connection's."""
        return sender if sender < self._roster.customers else self._bound

    def _admits(self, conversation: int, sender: int) -> bool:
        """Whether a message of ``conversation`` may come at this place of the stream (D7, D13).

        An idle staff connection may be offered any customer's message; one's own words are no leak.
        """
        if conversation == self._bound:
            return True
        if not self._is_staff:
            return False
        idle = self._bound is None or self._asking > 0
        return sender == self._participant or (idle and sender == conversation)

    def _lane(self, conversation: int, sender: int) -> _Lane:
        key = conversation << 32 | sender
        lane = self._lanes.get(key)
        if lane is None:
            lane = self._lanes[key] = _Lane(self._binding)
        elif lane.binding != self._binding:
            lane.binding, lane.after = self._binding, -1
        return lane
