"""The delivery ledger as a balance: what was sent and expected, and where all of it went."""

from dataclasses import dataclass

from reports.symbols import Tone
from schemas.ledger_totals import ANOMALY_WORDS, LedgerTotals

_MEANING = {
    "sent": "messages that left, receipts not counted",
    "acked": "answered as accepted",
    "refused": "answered as refused",
    "unknown": "never answered; they may have happened",
    "expected_deliveries": "what acknowledged messages owe the other side",
    "delivered": "arrived where they were owed",
    "lost": "proven never to have arrived",
    "in_flight": "neither proven lost nor seen to arrive",
    "duplicated": "the same message again on one connection",
    "reordered": "came after a later message of the same sender",
    "misrouted": "reached a connection that had no right to it",
    "unexpected": "arrived though refused, never sent, or already read",
    "corrupted": "arrived with other content than was sent",
    "unread_wrong": "carried an unread count that no order explains",
    "redelivered": "came once more by offer or replay, as they may",
    "recovered": "arrived although never acknowledged",
    "foreign": "belong to somebody outside this run",
}
_MILD = ("redelivered", "recovered", "foreign")


@dataclass(frozen=True, slots=True)
class Entry:
    """One word of the ledger with its figure; the tone says whether it should worry anyone."""

    word: str
    number: int
    meaning: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Identity:
    """A sum that must add up: ``whole`` = all of ``parts``."""

    whole: Entry
    parts: list[Entry]

    @property
    def holds(self) -> bool:
        """Whether it adds up; where it does not, the ledger itself is at fault."""
        return self.whole.number == sum(part.number for part in self.parts)


@dataclass(frozen=True, slots=True)
class LedgerView:
    """Both identities, the words that should be 0, and those that are merely counted."""

    identities: list[Identity]
    anomalies: list[Entry]
    counted: list[Entry]


def ledger_view(totals: LedgerTotals) -> LedgerView:
    """The view of ``totals``."""

    def entry(word: str) -> Entry:
        return Entry(word, getattr(totals, word), _MEANING[word], _tone(word, totals))

    return LedgerView(
        identities=[
            Identity(entry("sent"), [entry("acked"), entry("refused"), entry("unknown")]),
            Identity(
                entry("expected_deliveries"),
                [entry("delivered"), entry("lost"), entry("in_flight")],
            ),
        ],
        anomalies=[entry(word) for word in ANOMALY_WORDS],
        counted=[entry(word) for word in _MILD],
    )


def _tone(word: str, totals: LedgerTotals) -> Tone:
    if not getattr(totals, word):
        return Tone.CALM
    if word in ANOMALY_WORDS:
        return Tone.BAD
    return Tone.DOUBT if word in ("in_flight", "unknown") else Tone.CALM
