"""A knock is a plain request; whatever answers it, an end included, is a sign of life."""

import socket
import ssl
import threading
import time
from contextlib import closing

import pytest
from msgspec.structs import replace

from harness.blocking.deadline import Deadline
from harness.blocking.dial import Place, Route
from harness.blocking.knock import knock
from harness.target import default_profile

pytestmark = pytest.mark.loopback

SECRET_URL = "?access_token=s3cret"


def knocking(url, latest_s=5.0):
    return knock(Place.of(url), Route(url), Deadline.after(latest_s))


def over(sign):
    """``sign``, once it is answered, or cannot be any more."""
    until = time.monotonic() + 10
    while sign.is_open and time.monotonic() < until:
        time.sleep(0.001)
    return sign


def test_one_byte_is_an_answer(scripted):
    sign = over(knocking(scripted(lambda peer, _: peer.sendall(b"H")).url))
    assert sign.answered_ns > sign.asked_ns
    assert not sign.refused


def test_who_hangs_up_lives(scripted):
    assert over(knocking(scripted(lambda peer, _: None).url)).answered_ns is not None


def test_who_resets_lives(scripted):
    def reset(peer, _):
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    assert over(knocking(scripted(reset).url)).answered_ns is not None


def test_silence_is_no_answer(scripted):
    done = threading.Event()
    sign = over(knocking(scripted(lambda peer, _: done.wait(5)).url, latest_s=0.1))
    done.set()
    assert sign.answered_ns is None
    assert not sign.refused


def test_a_name_of_nobody_is_not_waited_for():
    assert over(knocking("ws://nowhere.invalid/")).refused


def test_what_speaks_no_tls_lives():
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:

        def answer():
            with listener.accept()[0] as peer:
                peer.recv(1)
                peer.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        threading.Thread(target=answer, daemon=True).start()
        url = f"wss://127.0.0.1:{listener.getsockname()[1]}/"
        route = Route(url, ssl.create_default_context())
        sign = over(knock(Place.of(url), route, Deadline.after(5)))
    assert sign.answered_ns is not None


def test_it_is_a_get_of_the_path_without_credentials(scripted):
    server = scripted(lambda peer, _: peer.sendall(b"H"))
    url = server.url.replace("/chat", "/a%20b/{sn}")
    over(knocking(f"{url}{SECRET_URL}"))
    request, *fields = server.heads[0].rstrip().split("\r\n")
    assert request == "GET /a%20b/%7Bsn%7D HTTP/1.1"
    assert [field.partition(":")[0] for field in fields] == ["Host", "Connection"]
    assert "s3cret" not in server.heads[0]


def test_it_has_its_turn_like_anything_said(scripted):
    server, turns = scripted(lambda peer, _: peer.sendall(b"H")), []
    route = Route(server.url)
    route.turn = lambda: turns.append(len(server.heads))
    over(knock(Place.of(server.url), route, Deadline.after(5)))
    assert turns == [0]


@pytest.mark.parametrize(("most", "knocks"), [(0, True), (5, False), (200, True)])
def test_a_target_that_bears_few_connections_gets_none_more(scripted, most, knocks):
    server = scripted(lambda peer, _: peer.sendall(b"H"))
    profile = default_profile(server.url)
    limits = replace(profile.limits, max_connections=most)
    route = Route.of(replace(profile, limits=limits))
    sign = knock(Place.of(server.url), route, Deadline.after(5))
    assert (sign is not None) is knocks
    assert sign is None or over(sign).answered_ns is not None
