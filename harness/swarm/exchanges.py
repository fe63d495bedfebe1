"""The frames of a few messages of one worker: of the slowest, and of those that are asked for.

What was said lately is remembered by reference, and nothing is written out before it is to be told.
Knows no connection, and judges nothing but how long an answer took. Source: measurement §3 (each
anomaly keeps an example with its frames).
"""

from collections import deque
from collections.abc import Callable, Iterable

from harness.events import Pending
from harness.ledger.observations import SendOutcome
from harness.ledger.tally import MessageKey
from harness.swarm.longest import Longest
from harness.swarm.reports import Exchange
from harness.swarm.spoken import Spoken
from schemas.findings import excerpt
from schemas.messages import encode

RECENT, AT_A_TIME = 6_000, 1_000
"""How many messages are remembered, and how many of them between two reports: where more are said,
the first ones. Keeping all would cost each a microsecond, for all that is kept turns cold.
"""

FRAME_CHARS = 1_000
_LOOKED_AT = 2 * FRAME_CHARS  # of a frame, in which secrets are looked for
_KEPT = 4 * _LOOKED_AT + 1  # bytes of an answer: the last one only shows that it goes on
_NOTHING_NS = -(1 << 62)

Said = tuple[int, Pending, bytes]
"""Who said it, what, and the frame that answered (empty for none)."""


class Exchanges:
    """See the module. ``counts`` tells whose latencies say something of the target; ``shown``
    takes secrets out of a text.

    What had its outcome more than ``floor_ns`` after its due time is for :meth:`note`, and nothing
    else: where much is said, one comparison is all that most messages cost.
    """

    __slots__ = ("_asked", "_counts", "_measured_ns", "_recent", "_room", "_shown", "_slowest",
                 "_told", "floor_ns")  # fmt: skip

    def __init__(self, counts: Callable[[int], bool], shown: Callable[[str], str] = str) -> None:
        self._counts, self._shown = counts, shown
        self._recent: deque[Said] = deque(maxlen=RECENT)
        self._room = AT_A_TIME
        self._slowest = Longest[Said]()
        self.floor_ns = _NOTHING_NS
        self._measured_ns = 0
        self._told: set[MessageKey] = set()
        self._asked: list[Exchange] = []

    def start(self, measured_ns: int) -> None:
        """What is due from ``measured_ns`` on may be one of the slowest."""
        self._measured_ns = measured_ns
        self._slowest.open()
        self._set_floor()

    def note(self, said: Said, at_ns: int, outcome: SendOutcome) -> None:
        """A message had its ``outcome`` at ``at_ns``, longer after its due time than the floor."""
        sender, entry, answer = said
        spoken: Spoken = entry.tag
        if spoken.seq < 0:  # a receipt
            return
        said = sender, entry, answer[:_KEPT]
        if self._room:
            self._room -= 1
            self._recent.append(said)
        took_ns = at_ns - spoken.due_ns
        measured = outcome is SendOutcome.ACKED and spoken.due_ns >= self._measured_ns
        if measured and took_ns > self._slowest.floor_ns and self._counts(sender):
            self._slowest.add(took_ns, said)
        self._set_floor()

    def look_up(self, wanted: Iterable[MessageKey]) -> None:
        """Tell these messages with the next report, as far as they are still remembered."""
        keys = set(wanted)
        numbers = {seq for _, _, seq in keys}
        self._asked += [
            self._exchange(said)
            for said in self._recent
            if said[1].tag.seq in numbers and _key(said) in keys
        ]

    def take(self) -> tuple[Exchange, ...]:
        """What was asked for, and what is new among the slowest, since the last call."""
        slowest = {_key(said): said for said in self._slowest.found()}
        new = [self._exchange(said) for key, said in slowest.items() if key not in self._told]
        self._told = set(slowest)
        asked, self._asked = self._asked, []
        self._room = AT_A_TIME
        self._set_floor()
        return (*new, *asked)

    def _set_floor(self) -> None:
        self.floor_ns = _NOTHING_NS if self._room else self._slowest.floor_ns

    def _exchange(self, said: Said) -> Exchange:
        _, entry, answer = said
        sent = encode(entry.message) if entry.message is not None else b""
        return Exchange(*_key(said), self._written(sent), self._written(answer))

    def _written(self, frame: bytes) -> str:
        return excerpt(self._shown(excerpt(frame, _LOOKED_AT)), FRAME_CHARS)


def _key(said: Said) -> MessageKey:
    sender, entry, _ = said
    spoken: Spoken = entry.tag
    return sender, -1 if spoken.conversation is None else spoken.conversation, spoken.seq
