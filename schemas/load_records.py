"""The run log's records of a load part: what was asked for, its seconds, and what it came to."""

import msgspec

from schemas.findings import Finding
from schemas.histogram import HistogramData
from schemas.ledger_totals import LedgerTotals
from schemas.log_record import LogRecord
from schemas.verdicts import Outcome


class LoadPlanned(LogRecord, frozen=True, kw_only=True, tag="load-planned"):
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


class Second(LogRecord, frozen=True, kw_only=True, tag="second"):
    """One second of load since t0, over all workers.

    ``counts`` holds what happened in it and ``open`` connections; ``latencies`` the histograms by
    metric. Of the words (``due``, ``sent``, ``acked``, ``refused``, ``received``, ``invalid``) one
    that is absent did not happen. Those behind error rates and rates reached (``sent_in_time``, by
    the due time, ``refused_unexpectedly``, ``unknown``, ``connects``, ``failed_connects``,
    ``dropped_by_server``, ``reconnects``) are told even when they are 0.
    """

    second: int
    counts: dict[str, int]
    latencies: dict[str, HistogramData] = {}


class Metric(LogRecord, frozen=True, kw_only=True, tag="metric"):
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


class LoadTotals(LogRecord, frozen=True, kw_only=True, tag="load-totals"):
    """The sums of a load part, written when it ends."""

    rate: Rate
    connections: Connections
    ledger: LedgerTotals
    frames: Frames
    refused_unexpectedly: int = 0
    participants_missing: int = 0
    workers_lost: int = 0


class Generator(LogRecord, frozen=True, kw_only=True, tag="generator"):
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


class Anomaly(LogRecord, frozen=True, kw_only=True, tag="anomaly"):
    """One example of a ledger word that should be 0, with what is known of the message.

    ``captions`` say of each of the ``frames``, in order, which one it is; both are cut.
    """

    word: str
    detail: str
    at_s: float = 0.0
    frames: list[str] = []
    captions: list[str] = []


class SlowMessage(LogRecord, frozen=True, kw_only=True, tag="slow"):
    """One of the slowest messages of customers. Both times are until the acknowledgement, from when
    it was due and from when it was really sent; ``at_s`` counts from t0. ``frames`` are the frame
    that was sent and the one that answered it, cut.
    """

    latency_us: int
    service_us: int
    at_s: float
    type: str
    detail: str
    frames: list[str] = []


class Violation(LogRecord, frozen=True, kw_only=True, tag="violation"):
    """A clause that frames broke under load: one example and how often it happened.

    ``outcome`` is what the profile makes of it, as with a case.
    """

    finding: Finding
    count: int
    outcome: Outcome = Outcome.FAILED


class LoadBegan(LogRecord, frozen=True, kw_only=True, tag="load-began"):
    """The time of day (RFC 3339) from which the load's seconds count, to a tenth of a second."""

    at: str


class Observed(LogRecord, frozen=True, kw_only=True, tag="observed"):
    """What one source told of the server at one moment; ``at_s`` is negative before the load.

    ``source`` is a metrics page's address or ``process N``; ``local`` marks a process of this
    machine. ``values`` maps a series, named as Prometheus writes it, to its value.
    """

    source: str
    at_s: float
    values: dict[str, float]
    local: bool = False


class Aborted(LogRecord, frozen=True, kw_only=True, tag="aborted"):
    """The load was ended early, and drained: the threshold ``text`` was missed while it ran.

    ``at_s`` counts from t0; ``value`` is what was measured until then, in the metric's unit, None
    where ``note`` says it.
    """

    text: str
    at_s: float
    value: float | None = None
    note: str = ""
