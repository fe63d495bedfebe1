"""The run log's records: one JSON object a line in ``run.ndjson``, told apart by ``kind``.

The log is the product: reports, gate and compare read it alone. A log begins with a header and ends
with a footer; one without its footer is a partial run.
"""

from typing import Any

import msgspec

from schemas.clauses import Clause
from schemas.expectations import Expectation
from schemas.findings import Finding
from schemas.histogram import HistogramData
from schemas.ledger_totals import LedgerTotals
from schemas.verdicts import Level, Outcome

LOG_VERSION = "1.3"


class _Record(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", omit_defaults=True):
    """One line of the log."""


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """What was tested. ``profile`` is the target profile without secrets."""

    url: str
    profile_name: str
    profile: dict[str, Any]


class Header(_Record, frozen=True, kw_only=True, tag="header"):
    """The first line: everything needed to understand and repeat the run, secrets left out.

    ``started`` is RFC 3339; ``parts`` names what was asked for: ``conformance``, ``load``.
    """

    log_version: str
    run_id: str
    started: str
    command: list[str]
    seed: int
    parts: list[str]
    target: Target
    versions: dict[str, str]
    machine: dict[str, Any]


class SuitePlanned(_Record, frozen=True, kw_only=True, tag="suite-planned"):
    """How the conformance part was asked to run, so that one case of it can be run again.

    ``options`` are the suite's own, as JSON; ``profile_file`` and ``accounts_file`` are paths, ""
    for none; ``hidden_keys`` are the profile's keys that the header shows without their secrets;
    ``expectations`` are the entries of ``expect_file``.
    """

    options: dict[str, Any]
    hidden_keys: list[str] = []
    profile_file: str = ""
    accounts_file: str = ""
    expect_file: str = ""
    expectations: list[Expectation] = []


class TranscriptLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """One frame, or one event, on one connection of a case.

    ``sent`` is true from the harness to the target; ``what`` is ``text``, ``ping``, ``open``,
    ``close 1000`` and the like; ``payload`` is a bounded excerpt of ``size`` bytes; ``t_ms`` counts
    from the case's start.
    """

    t_ms: float
    actor: str
    sent: bool
    what: str
    payload: str = ""
    size: int = 0
    fin: bool = True


class CaseRecord(_Record, frozen=True, kw_only=True, tag="case"):
    """What became of one conformance case, with the evidence.

    A ``passive`` one checks none of its ``clauses``: it tells what others found of them in passing.
    Of the ``undecided`` among them its outcome says nothing: it never came to judge them, they are
    off, or worse was found beside them. ``own_clauses`` are those of its clauses that the register
    does not have; ``seen_in`` the cases in which one that collects found what it reports.
    ``foreign`` counts what it was sent that nobody of this run has caused: live users, bots.
    ``started_s`` counts from the suite's start. ``expected`` is never in a log: it is the entry by
    which a verdict has changed ``outcome``.
    """

    id: str
    group: str
    level: Level
    outcome: Outcome
    clauses: list[str]
    passive: bool = False
    undecided: list[str] = []
    title: str = ""
    message: str = ""
    profile_line: str = ""
    duration_ms: float = 0.0
    started_s: float = 0.0
    findings: list[Finding] = []
    transcript: list[TranscriptLine] = []
    own_clauses: list[Clause] = []
    seen_in: list[str] = []
    foreign: int = 0
    expected: Expectation | None = None


class LoadPlanned(_Record, frozen=True, kw_only=True, tag="load-planned"):
    """What the load part was asked to do. ``rate`` is customers' messages per second.

    Due times in tokens count from ``epoch_ns``, CLOCK_MONOTONIC of the master's host.
    """

    scenario: str
    model: str
    rate: float
    duration_s: float
    warm_up_s: float
    customers: int
    staff: int
    workers: int
    seed: int
    epoch_ns: int = 0


class Second(_Record, frozen=True, kw_only=True, tag="second"):
    """One second of load since t0, over all workers.

    ``counts`` holds what happened in it (``due``, ``sent``, ``acked``, ``refused``, ``received``,
    ``invalid``) and ``open`` connections; ``latencies`` the histograms by metric.
    """

    second: int
    counts: dict[str, int]
    latencies: dict[str, HistogramData] = {}


class Metric(_Record, frozen=True, kw_only=True, tag="metric"):
    """One latency series of the whole measured window.

    ``latency`` runs from the due time, ``service`` from the time really sent. ``timeouts``,
    ``in_flight`` and ``unsent`` are due but unanswered and rank above every latency.
    Across hosts the clocks may be wrong against each other by ``clock_error_us``; ``negative``
    counts what would have arrived before it was sent: it is in neither histogram.
    """

    name: str
    latency: HistogramData
    service: HistogramData
    timeouts: int = 0
    in_flight: int = 0
    unsent: int = 0
    negative: int = 0
    clock_error_us: int | None = None

    @property
    def unanswered(self) -> int:
        """How many were due and have no latency."""
        return self.timeouts + self.in_flight + self.unsent


class Connections(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the connections. ``close_codes`` counts by code, as text."""

    asked: int = 0
    opened: int = 0
    failed: int = 0
    dropped_by_server: int = 0
    reconnects: int = 0
    close_codes: dict[str, int] = {}


class Rate(msgspec.Struct, frozen=True, kw_only=True):
    """The schedule and how far it was kept. ``asked`` is per second, the rest are messages."""

    asked: float
    due: int
    sent_in_time: int
    unsent: int


class Frames(msgspec.Struct, frozen=True, kw_only=True):
    """Text messages on all connections; ``invalid`` broke a MUST clause by themselves."""

    sent: int = 0
    received: int = 0
    invalid: int = 0


class LoadTotals(_Record, frozen=True, kw_only=True, tag="load-totals"):
    """The sums of a load part, written when it ends."""

    rate: Rate
    connections: Connections
    ledger: LedgerTotals
    frames: Frames
    refused_unexpectedly: int = 0
    participants_missing: int = 0
    workers_lost: int = 0


class Generator(_Record, frozen=True, kw_only=True, tag="generator"):
    """How one worker fared in the measured window; shares are of one core.

    ``open_fds`` and ``ports_used`` are the most at one time, of ``fd_limit`` in the process and of
    ``ports`` on its host (over all source addresses). ``advice`` says what would help where it was
    ``saturated`` or near a limit.
    """

    worker: int
    loop_lag_p99_us: int | None
    schedule_lag_p99_us: int | None
    cpu_share: float | None
    core_wait_share: float | None
    saturated: bool
    reasons: list[str] = []
    gc_pauses: int = 0
    gc_pause_max_us: int = 0
    open_fds: int | None = None
    fd_limit: int | None = None
    ports_used: int | None = None
    ports: int | None = None
    advice: list[str] = []


class Anomaly(_Record, frozen=True, kw_only=True, tag="anomaly"):
    """One example of a ledger word that should be 0, with what is known of the message."""

    word: str
    detail: str
    at_s: float = 0.0
    frames: list[str] = []


class SlowMessage(_Record, frozen=True, kw_only=True, tag="slow"):
    """One of the slowest messages of customers. Both times are until the acknowledgement, from when
    it was due and from when it was really sent; ``at_s`` counts from t0.
    """

    latency_us: int
    service_us: int
    at_s: float
    type: str
    detail: str


class Violation(_Record, frozen=True, kw_only=True, tag="violation"):
    """A clause that frames broke under load: one example and how often it happened.

    ``outcome`` is what the profile makes of it, as with a case.
    """

    finding: Finding
    count: int
    outcome: Outcome = Outcome.FAILED


class OwnFault(_Record, frozen=True, kw_only=True, tag="error"):
    """A fault of the harness itself, with its traceback. A run that has one cannot be green."""

    where: str
    message: str
    traceback: str = ""


class Note(_Record, frozen=True, kw_only=True, tag="note"):
    """Something a reader should know that judges nothing."""

    text: str


class LoadBegan(_Record, frozen=True, kw_only=True, tag="load-began"):
    """The time of day (RFC 3339) from which the load's seconds count, to a tenth of a second."""

    at: str


class Observed(_Record, frozen=True, kw_only=True, tag="observed"):
    """What one source told of the server at one moment; ``at_s`` is negative before the load.

    ``source`` is a metrics page's address or ``process N``; ``local`` marks a process of this
    machine. ``values`` maps a series, named as Prometheus writes it, to its value.
    """

    source: str
    at_s: float
    values: dict[str, float]
    local: bool = False


class Aborted(_Record, frozen=True, kw_only=True, tag="aborted"):
    """The load was ended early, and drained: the threshold ``text`` was missed while it ran.

    ``at_s`` counts from t0; ``value`` is what was measured until then, in the metric's unit, None
    where ``note`` says it.
    """

    text: str
    at_s: float
    value: float | None = None
    note: str = ""


class PartEnded(_Record, frozen=True, kw_only=True, tag="part"):
    """A part of the run is over. ``reason`` says why an incomplete one ended early."""

    name: str
    duration_s: float
    complete: bool
    reason: str = ""


class Footer(_Record, frozen=True, kw_only=True, tag="footer"):
    """The last line. ``records`` counts all lines before it."""

    ended: str
    duration_s: float
    partial: bool
    records: int


Record = (
    Header
    | SuitePlanned
    | CaseRecord
    | LoadPlanned
    | Second
    | Metric
    | LoadTotals
    | Generator
    | Anomaly
    | SlowMessage
    | Violation
    | OwnFault
    | Note
    | LoadBegan
    | Observed
    | Aborted
    | PartEnded
    | Footer
)

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[Record] = msgspec.json.Decoder(Record)


def encode(record: Record) -> bytes:
    """The record as one line of JSON, newline included."""
    return _encoder.encode(record) + b"\n"


def decode(line: bytes) -> Record:
    """The record of one line; msgspec.DecodeError (ValidationError) when it is none."""
    return _decoder.decode(line)
