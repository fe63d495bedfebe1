"""The Prometheus page: what a scrape sees."""

import socket
import urllib.request

import pytest
from prometheus_client.parser import text_string_to_metric_families

from harness.errors import UsageError
from harness.telemetry import INSTRUMENTS, Board, PrometheusPage

pytestmark = pytest.mark.loopback


def scrape(url: str) -> dict[tuple[str, str], float]:
    with urllib.request.urlopen(url, timeout=10) as answer:
        text = answer.read().decode()
    return {
        (sample.name, ",".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_every_number_of_the_board_is_on_the_page() -> None:
    board = Board()
    board.put({each.key: place for place, each in enumerate(INSTRUMENTS)})
    with PrometheusPage(board, 0, "r1") as page:
        found = scrape(page.url)
        assert len(found) == len(INSTRUMENTS) + 1
        assert found["chatsocket_load_info", "r1"] == 1
        assert found["chatsocket_load_messages_sent_total", ""] == 1
        assert found["chatsocket_load_ack_latency_seconds", "0.99"] == len(INSTRUMENTS) - 1
        board.put({"sent": 99})
        assert scrape(page.url) == {
            ("chatsocket_load_info", "r1"): 1,
            ("chatsocket_load_messages_sent_total", ""): 99,
        }


def test_the_page_is_gone_afterwards_and_was_on_loopback() -> None:
    with PrometheusPage(Board(), 0, "r1") as page:
        assert page.url.startswith("http://127.0.0.1:")
    with pytest.raises(OSError, match="refused"):
        scrape(page.url)


def test_a_port_that_is_taken_is_the_users_mistake() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(UsageError, match=r"cannot listen on 127\.0\.0\.1:\d+: .*in use"):
            PrometheusPage(Board(), taken.getsockname()[1], "r1")
