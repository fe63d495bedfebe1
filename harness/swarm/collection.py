"""The master's sum of all reports: books, latencies, counts; and the run log's records from it.

Pure but for what it is told: reads no clock, sends nothing. Each report is taken once. A second is
written when every live worker has reported past it; what is known only later goes into the totals
and into the first second that is still open.
"""

from collections import Counter
from collections.abc import Iterator

from harness.grading import grade
from harness.ledger.books import Books, LedgerRules
from harness.ledger.intake import Acceptance
from harness.ledger.tally import Anomaly as Example
from harness.ledger.tally import Series as LedgerSeries
from harness.swarm.meter import Meter, SecondData
from harness.swarm.meter import Series as OwnSeries
from harness.swarm.reports import Breach, Census, Refusal, Sighting, SwarmReport, decode_increment
from harness.swarm.setup import Setup
from harness.swarm.vitals import Health, SaturationLimits
from schemas.clauses import clause
from schemas.findings import Finding
from schemas.histogram import Histogram, HistogramData
from schemas.ledger_totals import ANOMALY_WORDS, LedgerTotals
from schemas.records import (
    Anomaly,
    Connections,
    Frames,
    Generator,
    LoadTotals,
    Metric,
    Note,
    OwnFault,
    Rate,
    Record,
    Second,
    Violation,
)

_NS = 1_000_000_000
_MOST_EXAMPLES = 100


class _Merged:
    """One second, or one series, over all processes."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.latencies: dict[str, Histogram] = {}

    def add(self, name: str, data: HistogramData) -> None:
        self.latencies.setdefault(name, Histogram()).merge(data)


class Collection:
    """See the module. ``workers`` are the indices that take part."""

    def __init__(self, setup: Setup, workers: int, epoch_ns: int) -> None:
        self._setup = setup
        self._epoch_ns = epoch_ns
        self._meter = Meter()
        capabilities = setup.profile.capabilities
        rules = LedgerRules(
            multi_device=capabilities.multi_device, replays=capabilities.replay_unread
        )
        self.books = Books(range(workers), rules, self._joined)
        self.closed: LedgerTotals | None = None
        self.refusals: Counter[tuple[str, str]] = Counter()
        self.connections: Counter[str] = Counter()
        self.counts: Counter[str] = Counter()
        self.finals = 0
        self.lost: set[int] = set()
        self._close_codes: Counter[str] = Counter()
        self._censuses: dict[int, Census] = dict.fromkeys(range(workers), Census())
        self._numbers: Counter[int] = Counter()
        self._health = {worker: Health() for worker in range(workers)}
        self._seconds: dict[int, _Merged] = {}
        self._first_open = 0
        self._latency = _Merged()
        self._service = _Merged()
        self._violations: dict[tuple[str, str], list[int]] = {}
        self._findings: dict[tuple[str, str], Finding] = {}
        self._sightings: list[Sighting] = []
        self._faults: list[OwnFault] = []
        self._t0_ns: int | None = None

    # In

    def start(self, t0_ns: int) -> None:
        """The run's t0 is known."""
        self._t0_ns = t0_ns
        self._meter.start(t0_ns, self._setup.plan.warm_up_s)

    def take(self, report: SwarmReport) -> Iterator[None]:
        """Count a report, piece by piece: between pieces the caller may do other work."""
        worker = report.worker
        if worker in self.lost or report.number != self._numbers[worker]:
            return
        self._numbers[worker] += 1
        for data in report.increments:
            self._apply(data)
            yield
        self._add_seconds(report.seconds)
        self._add_seconds(self._meter.take())
        if report.vitals is not None:
            self._health[worker].add(report.vitals)
        self._censuses[worker] = report.census
        self._add_counts(report)
        self._add_evidence(report)
        self.finals += report.final

    def lose(self, worker: int) -> None:
        """``worker`` is gone and will not report again."""
        if worker in self.lost:
            return
        self.lost.add(worker)
        self._censuses.pop(worker, None)
        if self.closed is None:
            self.books.worker_lost(worker)

    def close(self, at_ns: int, *, complete: bool) -> None:
        """Close the books: what connections do afterwards is no longer of interest."""
        if self.closed is None:
            self.closed = self.books.drained(at_ns, complete=complete)
            self._add_seconds(self._meter.take())

    # Questions

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
        )

    @property
    def ledger(self) -> LedgerTotals:
        """The ledger as it stands."""
        return self.closed if self.closed is not None else self.books.totals

    @property
    def worst_refusals(self) -> list[Refusal]:
        """Why connections failed."""
        return [Refusal(cause, detail, count) for (cause, detail), count in self.refusals.items()]

    def latency(self, name: str) -> HistogramData:
        """The measured latencies of one series so far."""
        found = self._latency.latencies.get(name)
        return found.data() if found is not None else HistogramData()

    @property
    def invalid(self) -> int:
        """Frames that broke a MUST by themselves."""
        return self.counts["frames_invalid"]

    @property
    def anomalies(self) -> int:
        """How often a word of the ledger came up that proves a violation."""
        ledger = self.ledger
        return sum(getattr(ledger, word) for word in ANOMALY_WORDS)

    @property
    def faults(self) -> int:
        """Faults of our own."""
        return self.counts["faults"]

    # Out

    def finished_seconds(self, now_ns: int, *, everything: bool = False) -> Iterator[Second]:
        """The seconds that nothing more can be added to, in order; each is given once."""
        if self._t0_ns is None:
            return
        known_ns = now_ns if everything else min(now_ns, self.census.at_ns)
        end = (known_ns - self._t0_ns) // _NS + (1 if everything else 0)
        while self._first_open < end:
            number = self._first_open
            self._first_open += 1
            merged = self._seconds.pop(number, None) or _Merged()
            yield Second(
                second=number,
                counts=dict(merged.counts) | {"open": self.census.open},
                latencies={name: h.data() for name, h in sorted(merged.latencies.items())},
            )

    def totals(self, due: int) -> list[Record]:
        """Everything that is written at the end. ``due`` messages were due until the stop."""
        sent = self.counts["scheduled_sent"]
        unsent = max(due - sent, 0)
        return [
            *self._metrics(unsent),
            self._load_totals(due, unsent),
            *(self._generator(worker) for worker in self._health),
            *self._anomalies(),
            *self._judged_violations(),
            *self._faults,
            *self._notes(),
        ]

    def _metrics(self, unsent: int) -> Iterator[Metric]:
        ledger = self.ledger
        names = dict.fromkeys([*OwnSeries, *LedgerSeries])
        for name in names:
            latency = self.latency(name)
            service = self._service.latencies.get(name)
            timeouts = self.counts[f"timeouts_{name}"]
            in_flight = late = 0
            if name == LedgerSeries.DELIVER:
                timeouts, in_flight = ledger.lost, ledger.in_flight
            if name in (OwnSeries.ACK, LedgerSeries.DELIVER):
                late = unsent
            if latency.count or timeouts or in_flight or late:
                yield Metric(
                    name=str(name),
                    latency=latency,
                    service=service.data() if service is not None else HistogramData(),
                    timeouts=timeouts,
                    in_flight=in_flight,
                    unsent=late,
                )

    def _load_totals(self, due: int, unsent: int) -> LoadTotals:
        connections = {
            word: self.connections[word]
            for word in Connections.__struct_fields__
            if word != "close_codes"
        }
        plan = self._setup.plan
        return LoadTotals(
            rate=Rate(
                asked=plan.rate, due=due, sent_in_time=self.counts["sent_in_time"], unsent=unsent
            ),
            connections=Connections(**connections, close_codes=dict(self._close_codes)),
            ledger=self.ledger,
            frames=Frames(
                sent=self.counts["frames_sent"],
                received=self.counts["frames_received"],
                invalid=self.invalid,
            ),
            refused_unexpectedly=self.counts["refused_unexpectedly"],
            participants_missing=self.counts["participants_missing"],
            workers_lost=len(self.lost),
        )

    def _generator(self, worker: int) -> Generator:
        health = self._health[worker]
        reasons = health.reasons(SaturationLimits())
        return Generator(
            worker=worker,
            loop_lag_p99_us=health.loop_lag_p99_us,
            schedule_lag_p99_us=health.schedule_lag_p99_us,
            cpu_share=health.cpu_share,
            core_wait_share=health.core_wait_share,
            saturated=bool(reasons),
            reasons=reasons,
        )

    def _anomalies(self) -> Iterator[Anomaly]:
        for seen in self._sightings:
            yield Anomaly(
                word=seen.word,
                detail=seen.detail,
                at_s=self._at_s(seen.at_ns),
                frames=list(seen.frames),
            )
        for example in self.books.examples:
            at_s = self._at_s(example.at_ns)
            yield Anomaly(word=example.word, detail=self._described(example), at_s=at_s)

    def _judged_violations(self) -> Iterator[Violation]:
        for key, (count,) in self._violations.items():
            finding = self._findings[key]
            outcome = grade(clause(finding.clause), self._setup.profile)
            yield Violation(finding=finding, count=count, outcome=outcome)

    def _notes(self) -> Iterator[Note]:
        for refusal in sorted(self.worst_refusals, key=lambda refusal: -refusal.count)[:10]:
            detail = f" ({refusal.detail})" if refusal.detail else ""
            yield Note(text=f"{refusal.count} connects failed: {refusal.cause}{detail}")
        if not self._setup.profile.data.products and not self._setup.profile.data.orders:
            yield Note(text="no product or order numbers in [data]: such titles were not sent")

    # Inside

    def _apply(self, data: bytes) -> None:
        if self.closed is not None:
            return
        acceptance = self.books.apply(decode_increment(data))
        if acceptance is Acceptance.GAP:
            self._faults.append(
                OwnFault(where="collection", message="a report of a worker is missing")
            )

    def _joined(self, series: LedgerSeries, latency_ns: int, service_ns: int, at_ns: int) -> None:
        self._meter.latency(series, at_ns - latency_ns, at_ns - service_ns, at_ns)

    def _add_seconds(self, seconds: dict[int, SecondData]) -> None:
        for number, data in seconds.items():
            merged = self._second(number)
            merged.counts.update(data.counts)
            for name, histogram in data.warm.items():
                merged.add(name, histogram)
            for name, histogram in data.latency.items():
                merged.add(name, histogram)
                self._latency.add(name, histogram)
            for name, histogram in data.service.items():
                self._service.add(name, histogram)

    def _second(self, number: int) -> _Merged:
        """The second's sums; those of the time before t0 are shown nowhere."""
        if number >= 0:
            number = max(number, self._first_open)
        return self._seconds.setdefault(number, _Merged())

    def _add_counts(self, report: SwarmReport) -> None:
        self.counts.update(report.counts)
        for word in ("asked", "opened", "failed", "dropped_by_server", "reconnects"):
            self.connections[word] += getattr(report.connections, word)
        self._close_codes.update(report.connections.close_codes)
        for refusal in report.refusals:
            self.refusals[refusal.cause, refusal.detail] += refusal.count

    def _add_evidence(self, report: SwarmReport) -> None:
        for breach in report.breaches:
            self._add_breach(breach)
        room = _MOST_EXAMPLES - len(self._sightings)
        self._sightings.extend(report.sightings[: max(room, 0)])
        for fault in report.faults:
            record = OwnFault(where=fault.where, message=fault.message, traceback=fault.traceback)
            self._faults.append(record)

    def _add_breach(self, breach: Breach) -> None:
        key = breach.finding.clause, breach.finding.pointer
        self._violations.setdefault(key, [0])[0] += breach.count
        self._findings.setdefault(key, breach.finding)

    def _described(self, example: Example) -> str:
        setup = self._setup
        sender = setup.account(example.sender).sn if example.sender >= 0 else "somebody"
        where = setup.customer_sn(example.conversation) if example.conversation >= 0 else "?"
        what = (
            f"message {example.seq} of {sender}" if example.seq >= 0 else f"a message of {sender}"
        )
        times = (("due", example.due_ns), ("sent", example.sent_ns), ("answered", example.done_ns))
        told = ", ".join(f"{word} at {self._at_s(ns):.3f} s" for word, ns in times if ns)
        place = f"connection {example.connection}" if example.connection >= 0 else "its side"
        return f"{what} in the conversation of {where}, for {place}" + (f": {told}" if told else "")

    def _at_s(self, at_ns: int) -> float:
        """Seconds since t0, or since the epoch of a run that never started."""
        origin = self._t0_ns if self._t0_ns is not None else self._epoch_ns
        return round((at_ns - origin) / _NS, 6)
