"""The OTLP export: what a collector receives, and that nothing of the set-up is told."""

import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)

from harness.errors import UsageError
from harness.telemetry import INSTRUMENTS, Board, OtlpExport

FULL = {each.key: place for place, each in enumerate(INSTRUMENTS)}


class Collector(ThreadingHTTPServer):
    """Receives exports and answers ``status``."""

    status = 200

    def __init__(self) -> None:
        self.received: list[tuple[dict[str, str], ExportMetricsServiceRequest]] = []
        self.third = threading.Event()
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        request = ExportMetricsServiceRequest.FromString(body)
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.received.append((headers | {":path": self.path}, request))
        if len(self.server.received) >= 3:
            self.server.third.set()
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    with Collector() as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}"
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20hidden")
        yield server
        server.shutdown()


def exported(board: Board) -> OtlpExport:
    with OtlpExport(board, "r1") as export:
        pass
    return export


@pytest.mark.loopback
def test_a_collector_receives_every_number_with_the_run(collector: Collector) -> None:
    board = Board()
    board.put(FULL)
    assert exported(board).troubles() == []
    headers, request = collector.received[-1]
    assert headers[":path"] == "/v1/metrics"
    assert headers["authorization"] == "Bearer hidden"
    (resource,) = request.resource_metrics
    attributes = {each.key: each.value.string_value for each in resource.resource.attributes}
    assert attributes["chatsocket.run.id"] == "r1"
    assert attributes["service.name"] == "chatsocket"
    metrics = {each.name: each for each in resource.scope_metrics[0].metrics}
    assert set(metrics) == {each.name for each in INSTRUMENTS}
    sent = metrics["chatsocket.load.messages.sent"]
    assert sent.sum.is_monotonic
    assert sent.sum.data_points[0].as_int == FULL["sent"]
    points = metrics["chatsocket.load.ack.latency"].gauge.data_points
    assert {point.attributes[0].value.string_value for point in points} == {"0.5", "0.99"}
    assert "hidden" not in str(request)


@pytest.mark.loopback
def test_it_exports_while_it_runs(collector: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_METRIC_EXPORT_INTERVAL", "20")
    board = Board()
    board.put(FULL)
    with OtlpExport(board, "r1"):
        assert collector.third.wait(20)


@pytest.mark.loopback
def test_a_collector_that_refuses_is_counted_and_told_without_secrets(
    collector: Collector, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    collector.status = 401
    board = Board()
    board.put(FULL)
    assert exported(board).troubles() == [
        "the export to OpenTelemetry failed once (HTTP status 401)"
    ]
    assert "hidden" not in caplog.text + "".join(capfd.readouterr())


@pytest.mark.loopback
def test_headers_that_cannot_be_read_are_not_repeated(
    collector: Collector,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "hidden\x01")
    exported(Board())
    assert "hidden" not in caplog.text + "".join(capfd.readouterr())


@pytest.mark.loopback
def test_nobody_there_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "0.2")
    board = Board()
    board.put(FULL)
    (trouble,) = exported(board).troubles()
    assert trouble.startswith("the export to OpenTelemetry failed once (")


def test_what_the_sdk_says_afterwards_is_not_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    with OtlpExport(Board(), "run"):
        pass
    monkeypatch.setattr(logging.getLogger(), "handlers", [])  # pytest's own
    logging.getLogger("opentelemetry.sdk").error("Exporter already shutdown, ignoring batch")
    assert capsys.readouterr().err == ""


def test_an_export_that_cannot_be_set_up_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    variable = "OTEL_PYTHON_EXPORTER_OTLP_HTTP_METRICS_CREDENTIAL_PROVIDER"
    monkeypatch.setenv(variable, "hidden")
    (trouble,) = exported(Board()).troubles()
    assert "hidden" not in trouble


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, "the environment asks for 'grpc'"),
        ({"OTEL_EXPORTER_OTLP_METRICS_PROTOCOL": "http/json"}, "asks for 'http/json'"),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "collector:4318"}, "is no http:// or https:// address"),
        ({"OTEL_METRIC_EXPORT_INTERVAL": "0"}, "='0' is no number of milliseconds"),
        ({"OTEL_METRIC_EXPORT_INTERVAL": "nan"}, "='nan' is no number of milliseconds"),
    ],
)
def test_an_environment_that_cannot_be_is_the_users_mistake(
    environ: dict[str, str], sentence: str
) -> None:
    with pytest.raises(UsageError) as caught:
        OtlpExport(Board(), "r1", environ)
    assert sentence in str(caught.value)
