"""The board as a page in Prometheus' text format, on loopback alone."""

from collections.abc import Iterable
from threading import Thread
from wsgiref.simple_server import WSGIServer

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from harness.errors import UsageError
from harness.telemetry.board import INSTRUMENTS, Board, Instrument, Kind

HOST = "127.0.0.1"

_Family = CounterMetricFamily | GaugeMetricFamily


class PrometheusPage:
    """Serves ``board`` on ``port`` until it is left; 0 takes a free one.

    UsageError when the port cannot be had.
    """

    def __init__(self, board: Board, port: int, run_id: str) -> None:
        registry = CollectorRegistry()
        registry.register(_BoardCollector(board, run_id))
        try:
            started: tuple[WSGIServer, Thread] = start_http_server(port, HOST, registry)
        except OSError as error:
            why = error.strerror or str(error)
            raise UsageError(
                f"cannot listen on {HOST}:{port}: {why}", "give another port"
            ) from None
        self._server, self._thread = started
        self.url = f"http://{HOST}:{self._server.server_port}/metrics"

    def __enter__(self) -> "PrometheusPage":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop serving, if that has not been done yet."""
        if not self._thread.is_alive():
            return
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _BoardCollector(Collector):
    def __init__(self, board: Board, run_id: str) -> None:
        self._board, self._run_id = board, run_id

    def collect(self) -> Iterable[Metric]:
        """All instruments of which the value is known."""
        yield InfoMetricFamily("chatsocket_load", "Which run this is.", {"run": self._run_id})
        reading = self._board.reading
        families: dict[str, _Family] = {}
        for each in INSTRUMENTS:
            if each.key in reading:
                family = families.setdefault(each.name, _family(each))
                family.add_metric(list(each.attributes.values()), reading[each.key])
        yield from families.values()


def _family(instrument: Instrument) -> _Family:
    kind = CounterMetricFamily if instrument.kind is Kind.COUNTER else GaugeMetricFamily
    return kind(instrument.prometheus_name, instrument.meaning, labels=list(instrument.attributes))
