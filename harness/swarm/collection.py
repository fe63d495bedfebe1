"""The master's sum of all reports: books, timeline, counts and evidence.

Pure but for what it is told: reads no clock, sends nothing. Each report is taken once.
"""

from collections import Counter
from collections.abc import Iterator

import msgspec

from harness.clocks.far import FarDeliveries, FarDelivery
from harness.clocks.hosts import Hosts
from harness.ledger.ack_rows import DUE, decode_rows, slowest_of
from harness.ledger.books import Books, LedgerRules
from harness.ledger.deliveries import Route
from harness.ledger.intake import Acceptance
from harness.ledger.rebased import rebased
from harness.ledger.tally import MessageKey, Series
from harness.swarm.exhibits import Exhibits
from harness.swarm.longest import MOST
from harness.swarm.meter import Meter, is_part
from harness.swarm.reports import (
    Breach,
    Census,
    Fault,
    Refusal,
    Sighting,
    SwarmReport,
    Unkept,
    decode_increment,
)
from harness.swarm.setup import Setup
from harness.swarm.slowest import Slowest
from harness.swarm.timeline import Timeline
from harness.swarm.vitals import Health
from schemas.histogram import HistogramData
from schemas.ledger_totals import ANOMALY_WORDS, LedgerTotals
from schemas.load_records import Second

SHOULD_BE_ZERO = (*ANOMALY_WORDS, "in_flight")
_MOST_SIGHTINGS = 100
_CONNECTION_WORDS = ("asked", "opened", "failed", "dropped_by_server", "reconnects")


class Collection:
    """See the module. ``workers`` take part, numbered from 0; ``hosts`` knows where they run.

    Times of other hosts are read on the leader's clock as they come. ``far`` holds the deliveries
    from one host to another, which are measured once both clocks are known.
    ``counts`` are the workers' totals by word, ``connections`` what became of connections,
    ``closed`` the ledger once the books are closed, ``finals`` the workers that reported last,
    ``slowest`` a few messages by their latencies, ``exhibits`` the frames of a few messages.
    """

    def __init__(self, setup: Setup, workers: int, hosts: Hosts | None = None) -> None:
        capabilities = setup.profile.capabilities
        rules = LedgerRules(
            multi_device=capabilities.multi_device,
            replays=capabilities.replay_unread,
            staffed=setup.plan.staff > 0,
            linger_ns=int(setup.profile.limits.answer_s * 1e9),
        )
        self.exhibits = Exhibits()
        self.books = Books(range(workers), rules, self._joined, self.exhibits)
        self.closed: LedgerTotals | None = None
        self.hosts = hosts or Hosts()
        self.far = FarDeliveries(self.hosts)
        self.timeline = Timeline()
        self.counts: Counter[str] = Counter()
        self.connections: Counter[str] = Counter()
        self.close_codes: Counter[str] = Counter()
        self.health = {worker: Health() for worker in range(workers)}
        self.breaches: dict[tuple[str, str], Breach] = {}
        self.sightings: list[Sighting] = []
        self.faults: list[Fault] = []
        self._unkept: list[Unkept] = []
        self.finals = 0
        self.lost: set[int] = set()
        self._warm_up_s = setup.plan.warm_up_s
        self._measured_ns = 0
        self._meter = Meter()
        self.slowest = Slowest(setup.tells_of_target)
        self._refusals: Counter[tuple[str, str]] = Counter()
        self._censuses: dict[int, Census] = dict.fromkeys(range(workers), Census())
        self._numbers: Counter[int] = Counter()
        self._unshown: list[tuple[str, HistogramData]] = []

    # In

    def start(self, t0_ns: int) -> None:
        """The run's t0 is known."""
        self.timeline.start(t0_ns)
        self._meter.start(t0_ns, self._warm_up_s)
        self._measured_ns = t0_ns + int(self._warm_up_s * 1e9)
        self.slowest.start(self._measured_ns)

    def take(self, report: SwarmReport) -> Iterator[None]:
        """Count a report, piece by piece: between pieces the caller may do other work."""
        worker = report.worker
        if worker in self.lost or report.number != self._numbers[worker]:
            return
        self._numbers[worker] += 1
        for data in report.increments:
            self._apply(worker, data)
            yield
        self.timeline.add(report.seconds)
        self._add_joined()
        if report.vitals is not None:
            self.health[worker].add(report.vitals)
        self._censuses[worker] = self._by_leader(worker, report.census)
        self._add_counts(report)
        self._add_evidence(report)
        self.finals += report.final

    def lose(self, worker: int, gone_ns: int | None = None) -> None:
        """``worker`` will not report again.

        Its process had certainly ended by ``gone_ns``; None: it is only not heard of any more.
        """
        if worker in self.lost:
            return
        self.lost.add(worker)
        self._censuses.pop(worker, None)
        if self.closed is None:
            self.books.worker_lost(worker, gone_ns=gone_ns)

    def close(self, at_ns: int, *, complete: bool) -> None:
        """Close the books: what connections do afterwards is no longer of interest."""
        if self.closed is None:
            self.closed = self.books.drained(at_ns, complete=complete)
            self._add_joined(everything=True)
            if not (self.closed.lost or self.closed.in_flight):  # else what is missing explains it
                self._count_unkept(self.closed)

    # Out

    @property
    def census(self) -> Census:
        """All live workers' censuses as one; times are the least recent, figures the sums."""
        parts = list(self._censuses.values())
        return Census(
            at_ns=min((part.at_ns for part in parts), default=0),
            joined=sum(part.joined for part in parts),
            open=sum(part.open for part in parts),
            settled=sum(part.settled for part in parts),
            visiting=sum(part.visiting for part in parts),
            outstanding=sum(part.outstanding for part in parts),
            last_frame_ns=max((part.last_frame_ns for part in parts), default=0),
            largest_us=max((part.largest_us for part in parts), default=0),
            away=sum(part.away for part in parts),
        )

    @property
    def ledger(self) -> LedgerTotals:
        """The ledger as it stands."""
        return self.closed if self.closed is not None else self.books.totals

    @property
    def refusals(self) -> list[Refusal]:
        """Why connections failed, the most frequent first."""
        return [
            Refusal(cause, detail, count) for (cause, detail), count in self._refusals.most_common()
        ]

    @property
    def anomalies(self) -> int:
        """How often a word of the ledger came up that proves a violation."""
        ledger = self.ledger
        return sum(getattr(ledger, word) for word in ANOMALY_WORDS)

    def wanted_frames(self) -> list[MessageKey]:
        """The messages whose frames workers are to be asked for now: examples of anomalies, and
        what is lost, as it seems. Each is named once.
        """
        examples = (e for e in self.books.examples if e.seq >= 0 and e.word in SHOULD_BE_ZERO)
        seen = (sighting.about for sighting in self.sightings if sighting.about is not None)
        return self.exhibits.ask([*(e.key for e in examples), *seen, *self.books.overtaken])

    def finished_seconds(self, until_ns: int | None = None) -> Iterator[Second]:
        """The seconds that every live worker has reported past; at the end, at ``until_ns``, all in
        which anything happened.
        """
        census = self.census
        yield from self.timeline.finished(
            census.at_ns if until_ns is None else until_ns, census.open
        )
        if until_ns is not None:
            yield from self.timeline.unfinished(census.open)

    def joined_latencies(self) -> list[tuple[str, HistogramData]]:
        """What the books measured since the last call, by series."""
        shown, self._unshown = self._unshown, []
        return shown

    # Inside

    def _apply(self, worker: int, data: bytes) -> None:
        if self.closed is not None:
            return
        increment = decode_increment(data)
        clock = self.hosts.clock_of(worker)
        if clock is not None:
            increment = rebased(increment, clock.reading.leader_ns)
        accepted = self.books.apply(increment)
        if accepted is Acceptance.APPLIED:
            self.slowest.look(increment.observations)
            rows = decode_rows(increment.acked)
            self.slowest.look(slowest_of(rows[rows[:, DUE] >= self._measured_ns], MOST))
        elif accepted is Acceptance.GAP:
            self.faults.append(Fault("collection", "a report of a worker is missing", ""))

    def _by_leader(self, worker: int, census: Census) -> Census:
        clock = self.hosts.clock_of(worker)
        if clock is None:
            return census
        read = clock.reading.leader_ns
        return msgspec.structs.replace(
            census, at_ns=read(census.at_ns), last_frame_ns=read(census.last_frame_ns)
        )

    def _joined(
        self, series: Series, latency_ns: int, service_ns: int, at_ns: int, route: Route
    ) -> None:
        due_ns, sent_ns = at_ns - latency_ns, at_ns - service_ns
        if self.hosts.apart(*route):
            self.far.add(FarDelivery(series, *route, due_ns, sent_ns, at_ns))
        else:
            self._measure(series, due_ns, sent_ns, at_ns)

    def _measure(self, name: str, due_ns: int, sent_ns: int, at_ns: int) -> None:
        record = self._meter.total if is_part(name) else self._meter.latency
        record(name, due_ns, sent_ns, at_ns)

    def _add_joined(self, *, everything: bool = False) -> None:
        for far in self.far.measure(everything=everything):
            self._measure(far.series, far.due_ns, far.sent_ns, far.at_ns)
        seconds = self._meter.take()
        self.timeline.add(seconds)
        for data in seconds.values():
            shown = (each for each in data.latency.items() if not is_part(each[0]))
            self._unshown.extend(shown)

    def _add_counts(self, report: SwarmReport) -> None:
        self.counts.update(report.counts)
        for word in _CONNECTION_WORDS:
            self.connections[word] += getattr(report.connections, word)
        self.close_codes.update(report.connections.close_codes)
        for refusal in report.refusals:
            self._refusals[refusal.cause, refusal.detail] += refusal.count

    def _count_unkept(self, totals: LedgerTotals) -> None:
        """Nothing is missing, and yet counts told of more: they were wrong."""
        wrong = totals.unread_wrong + len(self._unkept)
        self.closed = msgspec.structs.replace(totals, unread_wrong=wrong)
        for unkept in self._unkept:
            self._add_breach(Breach(unkept.finding, 1))
            self._add_sightings(Sighting("unread_wrong", unkept.detail, unkept.at_ns, ()))

    def _add_evidence(self, report: SwarmReport) -> None:
        for breach in report.breaches:
            self._add_breach(breach)
        self._add_sightings(*report.sightings)
        self.faults.extend(report.faults)
        self._unkept.extend(report.unkept)
        if report.exchanges:
            slowest = [(s.sender, s.conversation, s.seq) for s in self.slowest.found()]
            self.exhibits.add(report.exchanges, slowest)

    def _add_breach(self, breach: Breach) -> None:
        key = breach.finding.clause, breach.finding.pointer
        known = self.breaches.get(key, Breach(breach.finding, 0))
        self.breaches[key] = Breach(known.finding, known.count + breach.count)

    def _add_sightings(self, *sightings: Sighting) -> None:
        room = _MOST_SIGHTINGS - len(self.sightings)
        self.sightings.extend(sightings[: max(room, 0)])
