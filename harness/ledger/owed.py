"""What a side as a whole still has to get of one lane, kept small as long as nobody asks for it.

Customers may say very much before staff comes, if any comes at all. Knows no connection and judges
nothing.
"""

from array import array
from collections import Counter

import msgspec
import numpy as np

from harness.ledger.ack_rows import COLUMNS, KIND, KINDS, Rows, ack_row, sents_of
from harness.ledger.observations import Sent

_SHOWN = 20  # of those that are only counted: as many as there are examples of an anomaly
_NONE: Counter[str] = Counter()  # one for all of whom none is only counted


class Owed(msgspec.Struct, eq=False, gc=False):
    """``count`` expectations that any connection of a side may meet.

    ``orphaned``: named connections, which have ended, should have got it. ``opens``: the first
    message of a case. ``proofs``: the numbers of connections that had to get it and did not. There
    may be very many: what they refer to is plain, so that nobody need look for cycles in them.
    """

    sent: Sent
    opens: bool = False
    orphaned: bool = False
    count: int = 1
    proofs: tuple[int, ...] = ()


class Unheard(msgspec.Struct, frozen=True):
    """So many messages by type that nobody had to get, and the first of them."""

    kinds: Counter[str]
    first: list[Sent]

    @property
    def count(self) -> int:
        """How many they are."""
        return self.kinds.total()


class OwedMessages:
    """See the module. Plain ones, of which nothing is known but their sending, are rows."""

    __slots__ = ("_counted", "_rows", "_values", "awaited")

    def __init__(self, *, awaited: bool) -> None:
        """Not ``awaited``: nobody will ever come for these, so that all but a few are counted."""
        self.awaited = awaited
        self._values: dict[int, Owed] = {}
        self._rows = array("q")
        self._counted = _NONE if awaited else Counter()

    @property
    def by_number(self) -> dict[int, Owed]:
        """Each as a value, to be changed and taken out; of no use for those that nobody awaits."""
        if self._rows:
            self._values |= {sent.seq: Owed(sent) for sent in sents_of(self._as_rows())}
            self._rows = array("q")
        return self._values

    def add(self, owed: Owed) -> None:
        """One more."""
        sent = owed.sent
        if not self.awaited and len(self) >= _SHOWN:
            self._counted[sent.kind] += 1
            return
        if owed.opens or sent.digest or sent.sender != sent.conversation or sent.kind not in KINDS:
            self._values[sent.seq] = owed
            return
        self._rows.frombytes(
            ack_row(
                KINDS.index(sent.kind),
                sent.connection,
                sent.sender,
                sent.seq,
                sent.due_ns,
                sent.sent_ns,
                sent.done_ns,
            )
        )

    def add_rows(self, rows: Rows) -> None:
        """Plain ones."""
        if not self.awaited:
            room = max(_SHOWN - len(self), 0)
            rows, rest = rows[:room], rows[room:]
            self._counted += _kinds(rest)
        self._rows.frombytes(rows.tobytes())

    def take_plain(self) -> Unheard:
        """The plain ones, which are out then."""
        rows, self._rows = self._as_rows(), array("q")
        kinds, self._counted = _kinds(rows) + self._counted, Counter()
        return Unheard(kinds, sents_of(rows[:_SHOWN]))

    def __len__(self) -> int:
        """How many are kept."""
        return len(self._values) + len(self._rows) // COLUMNS

    def _as_rows(self) -> Rows:
        return np.frombuffer(self._rows, np.int64).reshape(-1, COLUMNS)


def _kinds(rows: Rows) -> Counter[str]:
    counts = np.bincount(rows[:, KIND], minlength=len(KINDS)).tolist()
    return Counter({kind: count for kind, count in zip(KINDS, counts, strict=True) if count})
