"""What the master remembers while it joins: connections, conversations, and the lanes between them.

A *lane* is one sender in one conversation; an *inlet* is where a lane's messages arrive on one
connection. All are mutable state of the join and hold no rule but the order of an inlet's frames.
"""

from collections.abc import Iterator

from harness.ledger.coverage import Coverage, UnreadRuns
from harness.ledger.intervals import IntervalSet
from harness.ledger.observations import Sent

_WORDS_KEPT = 16
_QUEUE_LIMIT = 1_024


class Connection:
    """One connection of the run. ``entitled`` maps its conversations to when that began.

    ``fence_ns``: whatever comes here from now on was written by the server after that time.
    ``held`` is the conversation it was bound to last, from ``held_ns`` to ``released_ns``;
    ``reads`` the last time it marked each conversation as read.
    """

    __slots__ = (
        "binding",
        "entitled",
        "fence_ns",
        "fresh",
        "gone",
        "held",
        "held_ns",
        "inlets",
        "is_staff",
        "number",
        "participant",
        "reads",
        "released_ns",
    )

    def __init__(self, number: int, participant: int, is_staff: bool, fence_ns: int) -> None:
        self.number = number
        self.participant = participant
        self.is_staff = is_staff
        self.fence_ns = fence_ns
        self.gone = False  # with its worker: what it received last was never told
        self.binding = 0
        self.entitled: dict[Conversation, int] = {}
        self.held: Conversation | None = None
        self.held_ns = self.released_ns = 0
        self.inlets: dict[Lane, Inlet] = {}
        self.fresh: set[Inlet] = set()
        self.reads: dict[Conversation, int] = {}

    @property
    def worker(self) -> int:
        """The worker that has it."""
        return self.number >> 32

    def inlet(self, lane: "Lane") -> "Inlet":
        """Where ``lane`` arrives here."""
        found = self.inlets.get(lane)
        if found is None:
            found = self.inlets[lane] = Inlet(self, lane)
        return found


class Conversation:
    """One customer's conversation. ``owing`` counts what each side as a whole still has to get.

    ``opening``: the customer's next message is the first of a case; ``question`` is that message
    until staff has answered it. ``clouded_ns``: a connection that has ended marked the
    conversation as read then, perhaps more than we saw it receive. Both by ``is_staff``.
    """

    __slots__ = ("clouded_ns", "entitled", "lanes", "number", "opening", "owing", "question")

    def __init__(self, number: int) -> None:
        self.number = number
        self.entitled: dict[Connection, int] = {}
        self.lanes: dict[int, Lane] = {}
        self.opening = True
        self.question: Sent | None = None
        self.owing = [0, 0]
        self.clouded_ns = [0, 0]

    def lane(self, sender: int) -> "Lane":
        """The messages of ``sender`` here."""
        found = self.lanes.get(sender)
        if found is None:
            found = self.lanes[sender] = Lane(self, sender)
        return found


class Owed:
    """``count`` expectations that any connection of a side may meet.

    ``orphaned``: named connections, which have ended, should have got it. ``opens``: the first
    message of a case. ``proven``: a connection that had to get it did not.
    """

    __slots__ = ("count", "opens", "orphaned", "proven", "sent")

    def __init__(self, sent: Sent, *, opens: bool = False, orphaned: bool = False) -> None:
        self.sent = sent
        self.count = 1
        self.opens = opens
        self.orphaned = orphaned
        self.proven = False


class Word:
    """An untokened message that was sent; ``open`` expectations of it are unmet."""

    __slots__ = ("digest", "open", "sent_ns", "seq")

    def __init__(self, sent: Sent) -> None:
        self.seq = sent.seq
        self.digest = sent.digest
        self.sent_ns = sent.sent_ns
        self.open = 0


class Lane:
    """One sender's messages in one conversation: what was sent, and what is not settled yet.

    ``early`` holds receipts whose ``Sent`` is not known yet, ``strays`` untokened ones that fit no
    message yet, ``owed`` what the other side as a whole has to get.
    """

    __slots__ = (
        "conversation",
        "early",
        "forgetful",
        "from_staff",
        "owed",
        "read",
        "refused",
        "sender",
        "sent",
        "strays",
        "unknown",
        "words",
    )

    def __init__(self, conversation: Conversation, sender: int) -> None:
        self.conversation = conversation
        self.sender = sender
        self.from_staff = sender != conversation.number
        self.sent = IntervalSet()
        self.refused = IntervalSet()
        self.unknown: set[int] = set()
        self.owed: dict[int, Owed] = {}
        self.early: dict[int, list[tuple[Inlet, int]]] = {}
        self.words: list[Word] = []
        self.forgetful = False  # some settled words were dropped
        self.strays: list[Stray] = []
        self.read = Coverage()

    def remember(self, sent: Sent) -> Word:
        """Keep an untokened message, and the latest few that are settled."""
        word = Word(sent)
        self.words.append(word)
        if len(self.words) > _WORDS_KEPT:
            settled = next((old for old in self.words[:-1] if not old.open), None)
            if settled is not None:
                self.words.remove(settled)
                self.forgetful = True
        return word

    def word(self, seq: int) -> Word | None:
        """The untokened message with this number, if it is still remembered."""
        return next((word for word in self.words if word.seq == seq), None)

    @property
    def size(self) -> int:
        """How many entries this keeps."""
        exceptions = self.refused.gaps + len(self.unknown) + len(self.early) + len(self.strays)
        return self.sent.gaps + exceptions + len(self.owed) + len(self.words) + len(self.read) + 1


class Stray:
    """An untokened receipt. ``seq`` is -1 until it is known which message it was."""

    __slots__ = ("after", "at_ns", "binding", "digest", "inlet", "resolved", "seq")

    def __init__(self, inlet: "Inlet", digest: int, after: int, at_ns: int) -> None:
        self.inlet = inlet
        self.digest = digest
        self.after = after
        self.at_ns = at_ns
        self.binding = inlet.connection.binding
        self.seq = -1
        self.resolved = False


class Inlet:
    """Where one lane arrives on one connection. ``owed`` are the messages that named it (kind 1).

    The order of its frames is looked at as far as every untokened one is resolved.
    """

    __slots__ = (
        "_binding",
        "_queue",
        "connection",
        "highest",
        "highest_token",
        "lane",
        "owed",
        "received",
        "unread",
    )

    def __init__(self, connection: Connection, lane: Lane) -> None:
        self.connection = connection
        self.lane = lane
        self.received = IntervalSet()
        self.owed: dict[int, Sent] = {}
        self.unread = UnreadRuns()
        self.highest = self.highest_token = -1  # within the present binding
        self._binding = connection.binding
        self._queue: list[Stray] = []

    def had(self, seq: int, at_ns: int) -> bool:
        """Message ``seq`` was received; False when it was before."""
        if not self.received.add(seq):
            return False
        if self.connection.is_staff != self.lane.from_staff:
            self.unread.add(seq, at_ns)
            self.connection.fresh.add(self)
        return True

    def arrived(self, seq: int) -> bool:
        """A tokened message came. True: it came after an untokened one that was sent later."""
        if self._queue:
            token = Stray(self, 0, -1, 0)
            token.seq, token.resolved = seq, True
            self._queue.append(token)
            return False
        return self._is_late(seq, self.connection.binding, tokened=True)

    def wait_for(self, stray: Stray) -> None:
        """An untokened message came and is not known yet."""
        self._queue.append(stray)

    def late(self) -> Iterator[int]:
        """The messages found to have come late, now that more of the queue is resolved."""
        while self._queue and self._queue[0].resolved:
            place = self._queue.pop(0)
            tokened = place.digest == 0
            if place.seq >= 0 and self._is_late(place.seq, place.binding, tokened=tokened):
                yield place.seq

    def fits_first(self, seq: int) -> bool:
        """Whether ``seq`` lies between what came before and after the oldest of the queue."""
        first, *behind = self._queue
        before = self.highest if first.binding == self._binding else -1
        after = (p.seq for p in behind if p.seq >= 0 and p.binding == first.binding)
        return before < seq < next(after, seq + 1)

    @property
    def oldest(self) -> Stray | None:
        """The first unresolved receipt, when too many wait behind it."""
        return self._queue[0] if len(self._queue) > _QUEUE_LIMIT else None

    def _is_late(self, seq: int, binding: int, *, tokened: bool) -> bool:
        if binding != self._binding:
            self._binding = binding
            self.highest = self.highest_token = -1
        late = self.highest_token < seq < self.highest or (not tokened and seq < self.highest)
        self.highest = max(self.highest, seq)
        if tokened and seq > self.highest_token:
            self.highest_token = seq
        return late

    @property
    def size(self) -> int:
        """How many entries this keeps."""
        return self.received.gaps + len(self.owed) + len(self.unread) + len(self._queue) + 1
