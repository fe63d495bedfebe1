"""The board by OTLP over HTTP, set up by OpenTelemetry's own environment variables.

Locust's exporter tells of its request events, of which a load here makes none per message; this
one tells of the load's own figures, from the process that shows them. What the SDK logs can hold
headers and addresses with keys, so nothing of it is repeated: failures are counted.
"""

import logging
import math
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from urllib.parse import urlsplit

from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.metrics import CallbackOptions, Meter, Observation
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource

from harness.errors import UsageError, shown
from harness.telemetry.board import INSTRUMENTS, Board, Instrument, Kind

INTERVAL = "OTEL_METRIC_EXPORT_INTERVAL"
SERVICE = "OTEL_SERVICE_NAME"

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_SPOKEN = "http/protobuf"
_DEFAULT_INTERVAL_MS = 5_000.0
_SHUTDOWN_MS = 5_000.0


class OtlpExport:
    """Exports ``board`` while its context is open; UsageError for an environment that cannot be."""

    def __init__(self, board: Board, run_id: str, environ: Mapping[str, str] = os.environ) -> None:
        self._board, self._run_id = board, run_id
        self._interval_ms = _checked(environ)
        self._service = environ.get(SERVICE) or "chatsocket"
        self._log = _Swallowing()
        self._provider: MeterProvider | None = None

    def __enter__(self) -> "OtlpExport":
        self._log.attach()
        try:
            reader = PeriodicExportingMetricReader(OTLPMetricExporter(), self._interval_ms)
            attributes = {"service.name": self._service, "chatsocket.run.id": self._run_id}
            self._provider = MeterProvider(
                [reader], Resource.create(attributes), shutdown_on_exit=False
            )
            self._instrument(self._provider.get_meter("chatsocket"))
        except Exception as error:  # a wrong certificate, say; the load goes on without
            self._log.failed(type(error).__name__)
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(Exception):  # the load is over, and its result stands
            if self._provider is not None:
                self._provider.shutdown(_SHUTDOWN_MS)
        self._log.detach()

    def troubles(self) -> list[str]:
        """A sentence when exports failed."""
        if not self._log.failures:
            return []
        times = "once" if self._log.failures == 1 else f"{self._log.failures} times"
        return [f"the export to OpenTelemetry failed {times} ({self._log.why})"]

    def _instrument(self, meter: Meter) -> None:
        by_name: dict[str, list[Instrument]] = {}
        for each in INSTRUMENTS:
            by_name.setdefault(each.name, []).append(each)
        for name, same in by_name.items():
            counts = same[0].kind is Kind.COUNTER
            make = meter.create_observable_counter if counts else meter.create_observable_gauge
            make(name, [_Callback(self._board, same)], same[0].unit, same[0].meaning)


class _Callback:
    def __init__(self, board: Board, instruments: list[Instrument]) -> None:
        self._board, self._instruments = board, instruments

    def __call__(self, _: CallbackOptions) -> Iterable[Observation]:
        reading = self._board.reading
        return [
            Observation(reading[each.key], each.attributes)
            for each in self._instruments
            if each.key in reading
        ]


_NOBODY = logging.NullHandler()


class _Swallowing(logging.Handler):
    """Counts the SDK's errors in place of their being printed."""

    def __init__(self) -> None:
        super().__init__()
        self.failures = 0
        self.why = ""
        self._logger = logging.getLogger("opentelemetry")

    def attach(self) -> None:
        self._propagated, self._logger.propagate = self._logger.propagate, False
        self._logger.addHandler(self)

    def detach(self) -> None:
        """Threads of the SDK go on for a moment; what they say then is nobody's business."""
        self._logger.addHandler(_NOBODY)
        self._logger.removeHandler(self)
        self._logger.propagate = self._propagated

    def failed(self, why: str) -> None:
        self.failures, self.why = self.failures + 1, why

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno < logging.ERROR:
            return
        facts = record.args if isinstance(record.args, tuple) else ()
        status = next((fact for fact in facts if isinstance(fact, int)), None)
        kind = next((type(fact).__name__ for fact in facts if isinstance(fact, Exception)), "")
        self.failed(f"HTTP status {status}" if status else kind or "no answer in time")


def _checked(environ: Mapping[str, str]) -> float:
    """The interval in ms, when the environment can be exported to."""
    protocol = _first(environ, _PROTOCOLS)
    if protocol not in ("", _SPOKEN):
        raise UsageError(
            f"--otel speaks OTLP as {_SPOKEN}, and the environment asks for {shown(protocol)}",
            f"set {_PROTOCOLS[1]}={_SPOKEN}",
        )
    if not _is_http(_first(environ, _ENDPOINTS) or "http://localhost:4318"):
        raise UsageError(
            f"{_ENDPOINTS[1]} is no http:// or https:// address", "give the collector's address"
        )
    text = environ.get(INTERVAL) or str(_DEFAULT_INTERVAL_MS)
    try:
        interval_ms = float(text)
    except ValueError:
        interval_ms = 0.0
    if not 0 < interval_ms < math.inf:
        raise UsageError(f"{INTERVAL}={shown(text)} is no number of milliseconds")
    return interval_ms


def _first(environ: Mapping[str, str], names: Iterable[str]) -> str:
    return next((environ[name].strip() for name in names if environ.get(name)), "")


def _is_http(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
