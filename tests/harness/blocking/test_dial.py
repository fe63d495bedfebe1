"""Where a URL leads, and that a proxy is used when the profile names one."""

import pytest

from harness.blocking.deadline import Deadline
from harness.blocking.dial import Place, Route, dial
from harness.blocking.opening import plain_request, upgrade_request
from harness.errors import TargetUnavailable, Unavailability
from harness.target import Credentials


@pytest.mark.parametrize(
    ("url", "place", "header"),
    [
        ("ws://shop.example/x", Place("shop.example", 80, False), "shop.example"),
        ("wss://shop.example/x", Place("shop.example", 443, True), "shop.example"),
        ("ws://shop.example:443/", Place("shop.example", 443, False), "shop.example:443"),
        ("ws://[::1]:8765/", Place("::1", 8765, False), "[::1]:8765"),
    ],
)
def test_the_place_of_a_url(url, place, header):
    assert Place.of(url) == place
    assert place.header == header


def test_a_proxy_of_the_profile_is_asked_to_connect(scripted, soon):
    def script(connection, key):
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        connection.sendall(connection.recv(5))

    proxy = scripted(script)
    route = Route("ws://shop.example/", proxy=proxy.url.replace("ws:", "http:"))
    sock = dial(Place("shop.example", 80, False), route, soon)
    sock.sendall(b"hello")
    assert sock.recv(5) == b"hello"
    assert proxy.heads[0].startswith("CONNECT shop.example:80 HTTP/1.1\r\n")
    sock.close()


def test_a_proxy_that_says_no_is_told(scripted, soon):
    proxy = scripted(lambda connection, key: connection.sendall(b"HTTP/1.1 403 No\r\n\r\n"))
    route = Route("ws://shop.example/", proxy=proxy.url.replace("ws:", "http:"))
    with pytest.raises(TargetUnavailable, match="proxy") as raised:
        dial(Place("shop.example", 80, False), route, soon)
    assert raised.value.cause is Unavailability.UNREACHABLE


def test_a_name_that_does_not_resolve_is_told():
    with pytest.raises(TargetUnavailable) as raised:
        dial(Place("nowhere.invalid", 80, False), Route("ws://nowhere.invalid/"), Deadline.after(5))
    assert raised.value.cause in (Unavailability.UNRESOLVED, Unavailability.UNREACHABLE)


def test_a_route_does_not_show_its_proxy():
    assert "pw" not in repr(Route("ws://shop.example/", proxy="http://user:pw@proxy:3128"))


def test_the_upgrade_request_has_all_that_the_rfc_asks_for():
    credentials = Credentials("ws://shop.example:81/chat?a=b", (), "https://shop.example", ("x",))
    lines = upgrade_request(credentials, "KEY").encode().decode().split("\r\n")
    assert lines == [
        "GET /chat?a=b HTTP/1.1",
        "Host: shop.example:81",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: KEY",
        "Sec-WebSocket-Version: 13",
        "Origin: https://shop.example",
        "Sec-WebSocket-Protocol: x",
        "",
        "",
    ]


def test_requests_can_be_bent(knock):
    request = plain_request(knock("ws://shop.example/")).by("POST").having("HOST", "other")
    assert request.value("host") == "other"
    assert request.without("Host").value("Host") == ""
    assert request.adding("Host", "x").encode().count(b"Host: ") + 1 == 2
    assert request.encode().startswith(b"POST /?access_token=s3cret HTTP/1.1\r\n")
