"""What a running server says of itself in numbers."""

import time

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from schemas.messages import confirm, text

pytestmark = pytest.mark.loopback


def scrape(peer) -> dict[str, float]:
    answer = httpx.get(peer.http.replace("/api/ChatSocket/WebSocket", "/metrics"), trust_env=False)
    assert answer.headers["content-type"].startswith("text/plain")
    return {
        sample.name
        + "".join(f" {value}" for _, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_everything_is_counted_where_it_happens(start):
    peer = start()
    customer, staff = peer.customer(), peer.staff()
    assert customer.ask(text("a"))["Result"] is True
    assert customer.ask("{")["Result"] is False
    assert staff.next()["MsgStatus"] == "Receive"
    numbers = scrape(peer)
    assert numbers["chatsocket_connections customer"] == 1
    assert numbers["chatsocket_connections staff"] == 1
    assert numbers["chatsocket_conversations"] == 1
    assert numbers["chatsocket_messages_received_total"] == 2
    assert numbers["chatsocket_frames_total true Login"] == 2
    assert numbers["chatsocket_frames_total true Send"] == 1
    assert numbers["chatsocket_frames_total false Send"] == 1
    assert numbers["chatsocket_frames_total true Receive"] == 1
    assert numbers["chatsocket_records_stored_total"] == 2
    assert numbers["chatsocket_commit_seconds_count"] >= 1
    assert numbers["chatsocket_waiting records"] == 0
    assert numbers["chatsocket_waiting commit"] == 0
    assert numbers["chatsocket_waiting sending"] == 0
    assert numbers["process_cpu_seconds_total"] > 0


def test_who_left_is_counted_out(start):
    peer = start()
    customer = peer.customer()
    customer.ws.close()
    deadline = time.monotonic() + 10
    while scrape(peer)["chatsocket_connections customer"]:
        assert time.monotonic() < deadline


def test_frames_for_one_who_does_not_read_are_waiting(start):
    peer = start()
    staff, sleeper = peer.staff(), peer.customer()
    assert staff.ask(confirm("C1"))["Result"] is True
    for _ in range(400):
        assert staff.ask(text("x" * 60_000))["Result"] is True
        if scrape(peer)["chatsocket_waiting sending"]:
            break
    else:
        pytest.fail("nothing ever waited")
    assert sleeper.next()["MsgStatus"] == "Receive"
