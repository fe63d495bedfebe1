"""What the master remembers while it joins: connections, conversations, and the lanes between them.

A *lane* is one sender in one conversation; an *inlet* is where a lane's messages arrive on one
connection. All are mutable state of the join and hold no rule but the order of an inlet's frames.
"""

from typing import NamedTuple

from harness.ledger.coverage import Coverage, UnreadRuns
from harness.ledger.intervals import IntervalSet
from harness.ledger.observations import Sent
from harness.ledger.order import FrameOrder, Place
from harness.ledger.owed import Owed, OwedMessages

_WORDS_KEPT = 16
_WORDS_KEPT_IN_DOUBT = 256


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
        "is_slow",
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
        self.is_slow = False  # reads late on purpose
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
    conversation as read until then, perhaps more than we saw it receive. Both by ``is_staff``.
    ``intruded``: staff from outside the run has spoken here. ``staffed``: staff takes part in the
    run, so that somebody may come.
    """

    __slots__ = (
        *("clouded_ns", "entitled", "lanes", "number", "opening", "owing", "question", "intruded"),
        "staffed",
    )

    def __init__(self, number: int, *, staffed: bool) -> None:
        self.number = number
        self.staffed = staffed
        self.entitled: dict[Connection, int] = {}
        self.lanes: dict[int, Lane] = {}
        self.opening = True
        self.question: Sent | None = None
        self.owing = [0, 0]
        self.clouded_ns = [0, 0]
        self.intruded = False

    def lane(self, sender: int) -> "Lane":
        """The messages of ``sender`` here."""
        found = self.lanes.get(sender)
        if found is None:
            found = self.lanes[sender] = Lane(self, sender)
        return found


class Word:
    """An untokened message that was sent; ``open`` expectations of it are unmet."""

    __slots__ = ("connection", "digest", "open", "sent_ns", "seq")

    def __init__(self, sent: Sent) -> None:
        self.connection = sent.connection
        self.seq = sent.seq
        self.digest = sent.digest
        self.sent_ns = sent.sent_ns
        self.open = 0


class Lane:
    """One sender's messages in one conversation: what was sent, and what is not settled yet.

    ``early`` holds receipts whose ``Sent`` is not known yet, ``strays`` untokened ones that fit no
    message yet, ``messages_owed`` what the other side as a whole has to get.
    """

    __slots__ = (
        "conversation",
        "doubted",
        "early",
        "forgotten",
        "from_staff",
        "messages_owed",
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
        self.doubted: set[int] = set()  # may be what came as another: no proof of loss
        self.messages_owed = OwedMessages(awaited=self.from_staff or conversation.staffed)
        self.early: dict[int, list[Receipt]] = {}
        self.words: list[Word] = []
        self.forgotten = -1  # the latest untokened message that is remembered no more
        self.strays: list[Stray] = []
        self.read = Coverage()

    @property
    def owed(self) -> dict[int, Owed]:
        """By number, what the other side as a whole has to get: changed and taken out here."""
        return self.messages_owed.by_number

    def remember(self, sent: Sent) -> None:
        """Keep an untokened message, and the latest few that are settled.

        More of them while some receipt is not known yet.
        """
        self.words.append(Word(sent))
        if len(self.words) > (_WORDS_KEPT_IN_DOUBT if self.strays else _WORDS_KEPT):
            settled = next((old for old in self.words[:-1] if not old.open), None)
            if settled is not None:
                self.words.remove(settled)
                self.forgotten = max(self.forgotten, settled.seq)

    def word(self, seq: int) -> Word | None:
        """The untokened message with this number, if it is still remembered."""
        return next((word for word in self.words if word.seq == seq), None)

    @property
    def size(self) -> int:
        """How many entries this keeps."""
        exceptions = self.refused.gaps + len(self.unknown) + len(self.doubted)
        waiting = len(self.early) + len(self.strays) + len(self.messages_owed)
        return self.sent.gaps + exceptions + waiting + len(self.words) + len(self.read) + 1


class Receipt(NamedTuple):
    """One arrival, with the fence of its connection at that time."""

    inlet: "Inlet"
    at_ns: int
    fence_ns: int


class Stray(Place):
    """An untokened receipt; ``after`` is the token in front of it."""

    __slots__ = ("after", "at_ns", "fence_ns", "inlet")

    def __init__(self, inlet: "Inlet", digest: int, after: int, at_ns: int) -> None:
        super().__init__(digest, inlet.connection.binding)
        self.inlet = inlet
        self.after = after
        self.at_ns = at_ns
        self.fence_ns = inlet.connection.fence_ns

    @property
    def is_corrupted(self) -> bool:
        """Whether this had a token, and the check was wrong."""
        return self.digest < 0


class Inlet:
    """Where one lane arrives on one connection.

    ``owed`` are the messages that named it (kind 1), ``latest`` is the highest received for sure,
    ``guessed`` are those of which one or the other was received.
    """

    __slots__ = ("connection", "guessed", "lane", "latest", "order", "owed", "received", "unread")

    def __init__(self, connection: Connection, lane: Lane) -> None:
        self.connection = connection
        self.lane = lane
        self.received = IntervalSet()
        self.guessed = IntervalSet()
        self.owed: dict[int, Sent] = {}
        self.unread = UnreadRuns()
        self.latest = -1
        self.order = FrameOrder(connection.binding)

    def had(self, seq: int, at_ns: int, *, sure: bool = True) -> bool:
        """Message ``seq`` was received; False when it was before."""
        if not self.received.add(seq):
            return False
        if sure and seq > self.latest:
            self.latest = seq
        if self.connection.is_staff != self.lane.from_staff:
            self.unread.add(seq, at_ns)
            self.connection.fresh.add(self)
        return True

    @property
    def size(self) -> int:
        """How many entries this keeps."""
        places = self.received.gaps + self.guessed.gaps + len(self.order)
        return places + len(self.owed) + len(self.unread) + 1
