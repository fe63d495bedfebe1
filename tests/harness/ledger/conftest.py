"""Histories written by hand, and the books that hear them."""

from collections.abc import Callable
from itertools import count

import pytest
from msgspec.structs import replace

from harness.ledger.books import Books, LedgerRules
from harness.ledger.deliveries import Route
from harness.ledger.intake import Acceptance
from harness.ledger.observations import (
    Bound,
    CloseCause,
    Closed,
    Increment,
    Opened,
    Read,
    Received,
    SendOutcome,
    Sent,
    Unbound,
)
from harness.ledger.tally import Series

C1, S1 = 0, 10  # participants from 10 on are staff
ACKED = SendOutcome.ACKED


class History:
    """Observations of one worker, one tick apart; the books that hear them."""

    def __init__(self, workers=(0,), **rules) -> None:
        self.heard: list[tuple[Series, int, int, int]] = []
        self.routes: list[Route] = []
        self.books = Books(workers, LedgerRules(**rules), self._hear)
        self.pending = 0
        self._tick = count(1_000, 10)
        self._numbers = dict.fromkeys(workers, 0)
        self._seqs: dict[tuple[int, int], int] = {}
        self._seen: list = []
        self._connections = count(1)

    def _hear(self, series, latency_ns, service_ns, at_ns, route) -> None:
        self.heard.append((series, latency_ns, service_ns, at_ns))
        self.routes.append(route)

    def now(self) -> int:
        return next(self._tick)

    def see(self, observation) -> None:
        self._seen.append(observation)

    def open(self, participant: int, worker: int = 0) -> int:
        number = worker << 32 | next(self._connections)
        asked_ns = self.now()
        self.see(Opened(number, participant, participant >= 10, asked_ns, self.now()))
        return number

    def close(self, connection: int) -> None:
        self.see(Closed(connection, self.now(), CloseCause.OURS))

    def bind(self, connection: int, conversation: int = C1) -> None:
        self.see(Bound(connection, conversation, self.now()))

    def unbind(self, connection: int, conversation: int = C1) -> None:
        self.see(Unbound(connection, conversation, self.now()))

    def begin(self, connection: int, sender: int, digest: int = 0, conversation: int = C1) -> Sent:
        """A send whose answer is still to come."""
        seq = self._seqs.get((conversation, sender), 0)
        self._seqs[conversation, sender] = seq + 1
        due_ns, sent_ns = self.now(), self.now()
        return Sent(connection, conversation, sender, seq, digest, due_ns, sent_ns, 0, ACKED)

    def answer(self, sent: Sent, outcome=ACKED) -> int:
        self.see(replace(sent, done_ns=self.now(), outcome=outcome))
        return sent.seq

    def send(self, connection, sender, outcome=ACKED, digest=0, conversation=C1) -> int:
        return self.answer(self.begin(connection, sender, digest, conversation), outcome)

    def get(self, connection: int, sender: int, seq: int, conversation: int = C1) -> int:
        at_ns = self.now()
        self.see(Received(connection, conversation, sender, seq, 0, -1, at_ns))
        return at_ns

    def get_word(self, connection, sender, digest, after=-1, conversation=C1) -> int:
        at_ns = self.now()
        self.see(Received(connection, conversation, sender, -1, digest, after, at_ns))
        return at_ns

    def read(self, connection: int, conversation: int = C1) -> None:
        sent_ns = self.now()
        self.see(Read(connection, conversation, sent_ns, self.now()))

    def report(self, worker: int = 0, counts: dict[str, int] | None = None) -> Acceptance:
        number, self._numbers[worker] = self._numbers[worker], self._numbers[worker] + 1
        seen, self._seen = tuple(self._seen), []
        return self.books.apply(
            Increment(worker, number, seen, counts or {}, self.now(), self.pending)
        )

    def drain(self, *, complete: bool = True) -> dict[str, int]:
        """The words that are not 0."""
        if self._seen:
            self.report()
        return words(self.books.drained(self.now(), complete=complete))

    def words(self) -> dict[str, int]:
        """The words of the ledger, as far as it is judged, that are not 0."""
        return words(self.books.totals)

    def served(self) -> tuple[int, int]:
        """Customer and staff, bound to each other."""
        customer, staff = self.open(C1), self.open(S1)
        self.bind(staff)
        return customer, staff


def words(totals) -> dict[str, int]:
    figures = {name: getattr(totals, name) for name in totals.__struct_fields__}
    assert figures["sent"] == figures["acked"] + figures["refused"] + figures["unknown"]
    assert figures["expected_deliveries"] == (
        figures["delivered"] + figures["lost"] + figures["in_flight"]
    )
    return {name: figure for name, figure in figures.items() if figure}


@pytest.fixture
def history() -> History:
    return History()


@pytest.fixture
def new_history() -> Callable[..., History]:
    """Makes a history with other workers or rules."""
    return History
