"""What the server bears, over sockets: origins, places, pace, slow readers, silence."""

import socket
import time
from urllib.parse import urlsplit

import httpx
import pytest
import websocket

from schemas.account_tokens import Identity, mint
from schemas.messages import confirm, receipt, text
from schemas.words import Role

pytestmark = pytest.mark.loopback
TOKEN = mint(Identity("C1", Role.CUSTOMER, "n"))
SHOP = "https://shop.example"


def refused_status(peer, **more) -> int:
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        peer.connect(TOKEN, **more)
    return refused.value.status_code


def raw(peer) -> socket.socket:
    address = urlsplit(peer.url)
    return socket.create_connection((address.hostname, address.port), 10)


def ends(connection: socket.socket) -> float:
    """How long it takes until the other side ends the connection."""
    begun = time.monotonic()
    with connection:
        try:
            while connection.recv(4096):
                pass
        except ConnectionResetError:
            pass
    return time.monotonic() - begun


def test_only_pages_of_allowed_origins_get_in_and_programs_without_one(start):
    peer = start("--allow-origin", SHOP, "--allow-origin", "http://localhost:3000/")
    assert refused_status(peer, origin="https://evil.example") == 403
    assert refused_status(peer, origin="null") == 403
    for origin in (None, SHOP, SHOP.upper(), "http://localhost:3000"):
        assert peer.connect(TOKEN, origin=origin).next()["Result"] is True
    headers = {"Authorization": f"Bearer {TOKEN}"}
    body = {"type": "text", "content": "hi"}
    for origin, status in (("https://evil.example", 403), (SHOP, 200)):
        post = httpx.post(
            peer.http, json=body, headers={**headers, "Origin": origin}, trust_env=False
        )
        assert post.status_code == status


def test_without_a_list_every_origin_gets_in(peer):
    assert peer.connect(TOKEN, origin="https://anywhere.example").next()["Result"] is True


def test_an_origin_must_be_one(refusal):
    for wrong in ("shop.example", "https://shop.example/path", "ftp://shop.example", ""):
        assert "is no origin" in refusal("--allow-origin", wrong)


def test_when_all_places_are_taken_newcomers_are_told_so_and_one_that_leaves_makes_room(start):
    peer = start("--max-connections", "2")
    first, _ = peer.customer("C2"), peer.customer("C3")
    assert refused_status(peer) == 503
    first.ws.close()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            assert peer.connect(TOKEN).next()["Result"] is True
            break
        except websocket.WebSocketBadStatusException:
            continue
    assert refused_status(peer) == 503


def test_an_account_may_be_kept_from_holding_many_connections(start):
    peer = start("--max-connections-per-account", "2")
    kept = [peer.customer("C1"), peer.customer("C1")]
    third = peer.connect(TOKEN)
    login = third.next()
    assert (login["MsgStatus"], login["Result"]) == ("Login", False)
    assert "2 connections" in login["Error"]
    assert third.close_code() == 1008
    assert peer.login("C1", Role.STAFF)
    assert peer.customer("C2").ask(receipt())["Result"] is True
    assert kept[0].ask(receipt())["Result"] is True


def test_an_account_s_limit_is_told_by_http_where_logins_are(start):
    peer = start("--max-connections-per-account", "1", "--login-reject", "http")
    kept = peer.customer("C1")
    assert refused_status(peer) == 429
    assert kept.ask(receipt())["Result"] is True


def test_who_sends_too_fast_is_refused_message_by_message_and_others_are_not(start):
    peer = start("--max-messages-per-s", "5")
    staff, customer = peer.staff(), peer.customer()
    assert staff.ask(confirm("C1"))["Result"] is True
    assert customer.next()["MsgStatus"] == "Receive"
    for number in range(20):
        customer.tell(text(str(number)))
    answers = [customer.next() for _ in range(20)]
    accepted = [each["msg"]["content"] for each in answers if each["Result"]]
    assert 5 <= len(accepted) < 20
    assert all("slowly" in each["Error"] for each in answers if not each["Result"])
    assert [staff.next()["msg"]["content"] for _ in accepted] == accepted
    assert staff.ask(text("hi"))["Result"] is True


def test_a_slow_reader_s_backlog_may_be_short(start):
    peer = start("--max-backlog", "10")
    sleeper, speaker = peer.customer("C-slow"), peer.customer("C-slow")
    health = peer.http.replace("/api/ChatSocket/WebSocket", "/healthz")
    content = "x" * 60_000
    for _ in range(400):  # more than sockets hold, less than the 32 MiB that always bound it
        assert speaker.ask(text(content))["Result"] is True
        if httpx.get(health, trust_env=False).json()["connections"] == 1:
            break
    else:
        pytest.fail("the sleeper is still there")
    assert sleeper.close_code() == 1008
    assert speaker.ask(receipt())["Result"] is True


def test_a_connection_that_says_nothing_or_half_a_request_is_ended(start):
    peer = start("--handshake-s", "1")
    half = raw(peer)
    half.sendall(b"GET /api/ChatSocket/WebSocket HTTP/1.1\r\nHost: a\r\n")
    body = raw(peer)
    body.sendall(
        b"POST /api/ChatSocket/WebSocket HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{"
    )
    silent = raw(peer)
    for each in (half, body, silent):
        assert ends(each) < 5


def test_every_request_of_a_connection_has_its_deadline(start):
    peer = start("--handshake-s", "1")
    twice = raw(peer)
    twice.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
    assert twice.recv(4096).startswith(b"HTTP/1.1 200")
    twice.sendall(b"GET /healthz HTTP/1.1\r\nHo")
    assert ends(twice) < 5


def test_a_connection_that_said_what_it_wants_may_stay(start):
    peer = start("--handshake-s", "1")
    customer = peer.customer()
    assert ends(raw(peer)) >= 0.9
    assert customer.ask(receipt())["Result"] is True


def test_a_peer_that_answers_no_ping_is_given_up_and_one_that_does_is_not(start):
    peer = start("--ping-s", "1")
    silent, alive = peer.customer("C1"), peer.customer("C2")
    alive.ws.settimeout(0.2)
    begun = time.monotonic()
    health = peer.http.replace("/api/ChatSocket/WebSocket", "/healthz")
    while httpx.get(health, trust_env=False).json()["connections"] == 2:
        assert time.monotonic() - begun < 10
        with pytest.raises(websocket.WebSocketTimeoutException):
            alive.ws.recv()
    assert silent.close_code() == 1011
    alive.ws.settimeout(10)
    assert alive.ask(receipt())["Result"] is True
