"""The master's ledger of a run: reports of the workers in, totals and latencies out.

What each word means is measurement §3. Pure: reads no clock, starts nothing; judging follows the
times in the reports. State grows with conversations, with what is open and with anomalies.
"""

from collections.abc import Container, Iterable, Mapping, Sequence

import msgspec

from harness.ledger.ack_rows import sents_of
from harness.ledger.deliveries import Deliveries, OnLatency, Route
from harness.ledger.evidence import NEVER_NS
from harness.ledger.intake import Acceptance, AckRun, Event, Intake
from harness.ledger.join import Join
from harness.ledger.observations import Increment
from harness.ledger.presence import Presence
from harness.ledger.tally import Anomaly, MessageKey, Series, Tally
from schemas.ledger_totals import LedgerTotals
from schemas.words import Role

DEFAULT_PATIENCE_NS = 60_000_000_000
DEFAULT_LINGER_NS = 5_000_000_000


class LedgerRules(msgspec.Struct, frozen=True, kw_only=True):
    """What the target's profile and the run say about deliveries.

    ``replays``: what a side has not read is replayed to its next connection (D12). ``patience_ns``:
    longer than any send waits for its answer; until then an untokened receipt may still be
    explained. ``linger_ns``: how long after a connection has ended the server may still handle
    what was sent on it (D25). ``staffed``: staff takes part, so that somebody may hear what waits.
    """

    multi_device: bool = True
    replays: bool = True
    staffed: bool = True
    patience_ns: int = DEFAULT_PATIENCE_NS
    linger_ns: int = DEFAULT_LINGER_NS


def _unheard(series: Series, latency_ns: int, service_ns: int, at_ns: int, route: Route) -> None:
    """Nobody wants the latencies."""


class Books:
    """Joins what ``workers`` (their indices) report. ``on_latency`` hears every joined delivery."""

    def __init__(
        self,
        workers: Iterable[int],
        rules: LedgerRules | None = None,
        on_latency: OnLatency = _unheard,
        shown: Container[MessageKey] = (),
    ) -> None:
        """``shown`` are the messages whose frames are known: examples are rather of those."""
        rules = rules or LedgerRules()
        self._tally = Tally(shown)
        self._intake = Intake(workers)
        deliveries = Deliveries(self._tally, on_latency, multi_device=rules.multi_device)
        self._settle_ns = 0
        self._linger_ns = rules.linger_ns
        self._join = Join(
            deliveries,
            Presence(staffed=rules.staffed),
            patience_ns=rules.patience_ns,
            linger_ns=rules.linger_ns,
            replays=rules.replays,
        )

    def apply(self, increment: Increment) -> Acceptance:
        """Count one report, and judge what every live worker has now reported past."""
        acceptance = self._intake.take(increment)
        if acceptance is Acceptance.APPLIED:
            self._tally.add(increment.counts)
            self._work(self._intake.release())
        return acceptance

    def worker_lost(
        self, worker: int, unaccounted: int | None = None, *, gone_ns: int | None = None
    ) -> bool:
        """``worker`` will not report again; False when that is known or it never took part.

        Its sends past the last report are ``unknown``: ``unaccounted`` of them, or as many as its
        last report had pending. Expectations on its connections are in flight for good, and so is
        what they may have got and read unseen before they were certainly closed at ``gone_ns``
        (None: that is not known of any time).
        """
        gone_ns = NEVER_NS if gone_ns is None else gone_ns + self._linger_ns
        dropped = self._intake.drop(worker, unaccounted, gone_ns)
        if dropped:
            self._work(self._intake.release())
        return dropped

    def drained(self, at_ns: int, *, complete: bool = True) -> LedgerTotals:
        """Close the books: every expectation still open ends now, lost or in flight.

        ``complete`` is False when the drain was cut short, so that absence proves nothing.
        """
        self._work(self._intake.release(everything=True))
        self._join.finish(at_ns, complete=complete)
        return self.totals

    def owing(self, side: Role = Role.STAFF) -> set[int]:
        """Conversations that owe something to ``side`` as a whole: to be visited in the drain."""
        return self._join.owing(to_staff=side is Role.STAFF)

    @property
    def totals(self) -> LedgerTotals:
        """The ledger as far as it is judged."""
        return self._tally.totals()

    @property
    def outstanding(self) -> int:
        """What a drain waits for: open expectations, unanswered sends, unjudged records."""
        return self._tally.outstanding + self._intake.pending + self._intake.waiting

    def unmet(self, kind: str) -> tuple[int, int]:
        """Of customers' messages of a type: expectations lost, and in flight for good."""
        return self._tally.lost_by_kind[kind], self._tally.in_flight_by_kind[kind]

    @property
    def frames(self) -> Mapping[str, int]:
        """The workers' counters that are no words of the ledger."""
        return self._tally.frames

    @property
    def examples(self) -> tuple[Anomaly, ...]:
        """Up to twenty examples of each anomaly."""
        return self._tally.examples

    @property
    def overtaken(self) -> Sequence[MessageKey]:
        """The first tokened messages that seem lost: later ones of the same sender had come."""
        return self._join.overtaken

    def size(self) -> int:
        """How many entries the state has: grows with conversations, not with messages."""
        return self._join.size() + self._intake.waiting

    def _work(self, events: list[tuple[int, Event]]) -> None:
        handlers, advance = self._join.handlers, self._join.advance
        settle_ns = self._settle_ns
        for at_ns, event in events:
            if at_ns >= settle_ns:
                settle_ns = advance(at_ns)
            if type(event) is AckRun:
                settle_ns = self._work_run(event, settle_ns)
            else:
                handlers[type(event)](event)
        horizon_ns = self._intake.horizon_ns
        self._settle_ns = settle_ns if horizon_ns is None else advance(horizon_ns)

    def _work_run(self, run: AckRun, settle_ns: int) -> int:
        """Judge a run, at once where nothing is to be settled in the middle of it."""
        join = self._join
        if run.until_ns < settle_ns:
            join.acked(run.rows)
            return settle_ns
        for sent in sents_of(run.rows):
            if sent.done_ns >= settle_ns:
                settle_ns = join.advance(sent.done_ns)
            join.sent(sent)
        return settle_ns
