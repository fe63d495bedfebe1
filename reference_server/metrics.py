"""The server in Prometheus' text format: connections, messages, queues, commits, the process."""

from collections.abc import Iterable

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector

from reference_server.service import Service
from schemas.words import Role

MEDIA_TYPE = CONTENT_TYPE_LATEST


class Metrics:
    """What a running service can be asked for."""

    def __init__(self, service: Service) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_ServiceCollector(service))
        ProcessCollector(registry=self._registry)

    def text(self) -> bytes:
        """Everything, now."""
        return generate_latest(self._registry)


class _ServiceCollector(Collector):
    """Reads the service when it is asked, so that counting costs messages next to nothing."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def collect(self) -> Iterable[Metric]:
        """All families of the chat."""
        service, tally = self._service, self._service.tally
        yield _by_role(service)
        yield GaugeMetricFamily(
            "chatsocket_conversations", "Customers ever seen.", value=service.conversations
        )
        yield _waiting(service)
        yield CounterMetricFamily(
            "chatsocket_messages_received", "Text messages from clients.", value=tally.received
        )
        yield _frames(service)
        yield CounterMetricFamily(
            "chatsocket_records_stored", "Records in committed batches.", value=tally.stored
        )
        yield from tally.commit_seconds.collect()


def _by_role(service: Service) -> Metric:
    family = GaugeMetricFamily("chatsocket_connections", "Logged-in connections.", labels=["role"])
    for role in Role:
        family.add_metric([role], service.connections_by(role))
    return family


def _waiting(service: Service) -> Metric:
    family = GaugeMetricFamily(
        "chatsocket_waiting",
        "Records and frames that wait for a commit, and frames not yet with the system.",
        labels=["queue"],
    )
    family.add_metric(["records"], service.waiting_records)
    family.add_metric(["commit"], service.waiting_for_commit)
    family.add_metric(["sending"], service.waiting_to_be_sent)
    return family


def _frames(service: Service) -> Metric:
    family = CounterMetricFamily(
        "chatsocket_frames", "Frames to clients.", labels=["status", "result"]
    )
    for (status, result), count in sorted(service.tally.frames.items()):
        family.add_metric([status, str(result).lower()], count)
    return family
