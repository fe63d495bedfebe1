"""The opening handshake where the library alone would leave something out."""

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
