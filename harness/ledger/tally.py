"""The ledger's running figures, and the few examples kept of each anomaly."""

from collections import Counter
from collections.abc import Container, Mapping
from enum import StrEnum

import msgspec

from schemas.ledger_totals import LedgerTotals

EXAMPLES_PER_WORD = 20


class Series(StrEnum):
    """The delivery latencies, never mixed. Source: measurement §4.

    A first receipt that kind 1 named is ``deliver`` (customers' messages) or ``staff_deliver``;
    ``offer`` is a conversation's first message reaching staff; any other first receipt is
    ``replay`` or ``staff_replay``; ``first_answer`` runs to the first tokened staff message.
    """

    DELIVER = "deliver"
    DELIVER_TEXT = "deliver.text"
    DELIVER_IMAGE = "deliver.image"
    DELIVER_TITLE = "deliver.title"
    STAFF_DELIVER = "staff_deliver"
    OFFER = "offer"
    REPLAY = "replay"
    STAFF_REPLAY = "staff_replay"
    FIRST_ANSWER = "first_answer"


DELIVER_BY_KIND = {
    "text": Series.DELIVER_TEXT,
    "image": Series.DELIVER_IMAGE,
    "title": Series.DELIVER_TITLE,
}
"""``deliver`` once more by message type: totals only."""


MessageKey = tuple[int, int, int]
"""Which message of the run: its sender, its conversation, and its number in that."""


class Anomaly(msgspec.Struct, frozen=True, kw_only=True):
    """One example of a ledger word. Numbers are participants, -1 and 0 stand for "not known".

    ``connection`` is where the message arrived or should have (-1: the side as a whole); ``at_ns``
    when it arrived, or when it was given up.
    """

    word: str
    conversation: int
    sender: int
    seq: int = -1
    connection: int = -1
    due_ns: int = 0
    sent_ns: int = 0
    done_ns: int = 0
    at_ns: int = 0

    @property
    def key(self) -> MessageKey:
        """Which message it was."""
        return self.sender, self.conversation, self.seq


class Tally:
    """Counts by word. ``outstanding`` expectations are part of ``in_flight`` until they end."""

    __slots__ = (
        "_examples",
        "_shown",
        "acked",
        "corrupted",
        "delivered",
        "duplicated",
        "expected_deliveries",
        "foreign",
        "frames",
        "in_flight",
        "in_flight_by_kind",
        "lost",
        "lost_by_kind",
        "misrouted",
        "outstanding",
        "recovered",
        "redelivered",
        "refused",
        "reordered",
        "sent",
        "unexpected",
        "unknown",
        "unread_wrong",
    )

    def __init__(self, shown: Container[MessageKey] = ()) -> None:
        """``shown``: of what to keep examples rather."""
        self._shown = shown
        self.sent = self.acked = self.refused = self.unknown = 0
        self.expected_deliveries = self.delivered = self.lost = self.in_flight = 0
        self.outstanding = self.redelivered = self.recovered = 0
        self.duplicated = self.reordered = self.misrouted = self.unexpected = 0
        self.corrupted = self.foreign = self.unread_wrong = 0
        self.frames: Counter[str] = Counter()
        self.lost_by_kind: Counter[str] = Counter()
        self.in_flight_by_kind: Counter[str] = Counter()
        self._examples: dict[str, list[Anomaly]] = {}

    def add(self, counts: Mapping[str, int]) -> None:
        """Add what a worker judged alone; what is no such word is a counter of frames."""
        for word, count in counts.items():
            match word:
                case "duplicated":
                    self.duplicated += count
                case "reordered":
                    self.reordered += count
                case "misrouted":
                    self.misrouted += count
                case "unexpected":
                    self.unexpected += count
                case "corrupted":
                    self.corrupted += count
                case "foreign":
                    self.foreign += count
                case "unread_wrong":
                    self.unread_wrong += count
                case _:
                    self.frames[word] += count

    def note(self, example: Anomaly) -> None:
        """Keep ``example`` unless its word has enough of them, or none better."""
        kept = self._examples.setdefault(example.word, [])
        if len(kept) < EXAMPLES_PER_WORD:
            kept.append(example)
        elif example.key in self._shown:
            places = (n for n, other in enumerate(kept) if other.key not in self._shown)
            place = next(places, None)
            if place is not None:
                kept[place] = example

    @property
    def examples(self) -> tuple[Anomaly, ...]:
        """The examples kept, grouped by word."""
        return tuple(example for kept in self._examples.values() for example in kept)

    def totals(self) -> LedgerTotals:
        """The figures at this moment."""
        words = {
            word: getattr(self, word)
            for word in LedgerTotals.__struct_fields__
            if word != "in_flight"
        }
        return LedgerTotals(**words, in_flight=self.in_flight + self.outstanding)
