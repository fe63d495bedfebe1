"""The latest live numbers, and what each is called, counted in and means."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

Reading = Mapping[str, float]
"""Values by an instrument's ``key``; one that is not known is absent."""


class Kind(Enum):
    """Whether a value only grows."""

    COUNTER = "counter"
    GAUGE = "gauge"


@dataclass(frozen=True, slots=True)
class Instrument:
    """One number. ``name`` is OpenTelemetry's, with dots; ``unit`` is UCUM's: ``s``, ``1``."""

    key: str
    name: str
    kind: Kind
    meaning: str
    unit: str = "1"
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def prometheus_name(self) -> str:
        """The same as Prometheus writes it, without the ``_total`` of counters."""
        seconds = "_seconds" if self.unit == "s" else ""
        return self.name.replace(".", "_") + seconds


_PREFIX = "chatsocket.load"
_LATENCY = "Time from due until acknowledged, over the run so far."

INSTRUMENTS = (
    Instrument("due", f"{_PREFIX}.messages.due", Kind.COUNTER, "Customers' messages due."),
    Instrument("sent", f"{_PREFIX}.messages.sent", Kind.COUNTER, "Customers' messages sent."),
    Instrument("acked", f"{_PREFIX}.messages.acked", Kind.COUNTER, "Messages acknowledged."),
    Instrument("delivered", f"{_PREFIX}.messages.delivered", Kind.COUNTER, "Deliveries."),
    Instrument("received", f"{_PREFIX}.frames.received", Kind.COUNTER, "Frames received."),
    Instrument("invalid", f"{_PREFIX}.frames.invalid", Kind.COUNTER, "Frames against a MUST."),
    Instrument("anomalies", f"{_PREFIX}.anomalies", Kind.GAUGE, "Ledger words that should be 0."),
    Instrument("failed_connects", f"{_PREFIX}.connects.failed", Kind.COUNTER, "Failed connects."),
    Instrument("errors", f"{_PREFIX}.errors", Kind.COUNTER, "Faults of the load generator itself."),
    Instrument("logged_in", f"{_PREFIX}.connections", Kind.GAUGE, "Connections logged in."),
    Instrument("rate", f"{_PREFIX}.rate", Kind.GAUGE, "Customers' messages in the last second."),
    Instrument("elapsed_s", f"{_PREFIX}.elapsed", Kind.GAUGE, "Time since the load began.", "s"),
    *(
        Instrument(
            f"ack_{word}_s", f"{_PREFIX}.ack.latency", Kind.GAUGE, _LATENCY, "s", {"quantile": q}
        )
        for word, q in (("p50", "0.5"), ("p99", "0.99"))
    ),
)


class Board:
    """Holds the latest reading; written by one thread, read by any."""

    def __init__(self) -> None:
        self._reading: Reading = {}

    @property
    def reading(self) -> Reading:
        """The latest; empty before the first."""
        return self._reading

    def put(self, reading: Reading) -> None:
        """Replace the reading."""
        self._reading = reading
