"""The opening handshake where the library alone would leave something out."""

import socket
from contextlib import suppress
from urllib.parse import urlsplit

import httpx
import pytest

pytestmark = pytest.mark.loopback
HANDSHAKE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


@pytest.mark.parametrize("version", ["8", "250", "x"])
def test_another_version_is_told_which_one_is_spoken(peer, version):
    headers = HANDSHAKE | {"Sec-WebSocket-Version": version}
    answer = httpx.get(peer.http, headers=headers)
    assert (answer.status_code, answer.headers["Sec-WebSocket-Version"]) == (426, "13")


def test_a_request_without_a_version_is_refused(peer):
    answer = httpx.get(peer.http, headers=HANDSHAKE)
    assert answer.status_code == 400


def test_a_request_with_too_long_a_line_is_told_so(peer):
    headers = HANDSHAKE | {"Sec-WebSocket-Version": "13", "X-Padding": "x" * 20_000}
    assert httpx.get(peer.http, headers=headers).status_code == 431


def test_old_http_opens_nothing(peer):
    place = urlsplit(peer.http)
    fields = HANDSHAKE | {"Host": place.netloc, "Sec-WebSocket-Version": "13"}
    lines = [f"GET {place.path} HTTP/1.0", *(f"{name}: {value}" for name, value in fields.items())]
    with socket.create_connection((place.hostname, place.port), timeout=5) as peer_socket:
        peer_socket.sendall("\r\n".join([*lines, "", ""]).encode())
        assert peer_socket.recv(100).split()[1] == b"426"


def test_what_comes_behind_a_violation_is_discarded(peer):
    """The write side is shut by then: an answer to these pings would be an error of the server."""
    chat = peer.customer()
    bad_text, ping = bytes.fromhex("8181 00000000 ff"), bytes.fromhex("8980 00000000")
    chat.ws.sock.sendall(bad_text)
    assert chat.close_code() == 1007
    with suppress(OSError):
        for _ in range(100):
            chat.ws.sock.sendall(ping)
    assert chat.ws.sock.recv(100) == b""


def test_a_ping_in_one_write_with_a_violation_is_no_error_of_the_server(start):
    server = start()
    chat = server.customer()
    bad_text, ping = bytes.fromhex("8181 00000000 ff"), bytes.fromhex("8980 00000000")
    chat.ws.sock.sendall(bad_text + ping)
    assert chat.close_code() == 1007
    chat.ws.shutdown()
    server.process.terminate()
    _, told = server.process.communicate(timeout=10)
    assert told == ""
