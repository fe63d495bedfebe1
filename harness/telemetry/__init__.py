"""A load's live numbers for monitoring: a Prometheus page on loopback, and OpenTelemetry by OTLP.

Both read the latest reading of one board. Neither knows who fills it, and neither can end a run.
"""

from harness.telemetry.board import INSTRUMENTS, Board, Instrument, Reading
from harness.telemetry.otlp import OtlpExport
from harness.telemetry.prometheus_page import PrometheusPage

__all__ = ["INSTRUMENTS", "Board", "Instrument", "OtlpExport", "PrometheusPage", "Reading"]
