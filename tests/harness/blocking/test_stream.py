"""What has come is read however late one looks, and an owed answer is put off for a silent peer."""

import socket
import time

import pytest

from harness.blocking.deadline import Deadline
from harness.blocking.dial import Place, Route
from harness.blocking.knock import knock
from harness.blocking.stream import Stream
from harness.blocking.wire import Wire

PAST_NS = 8_000_000_000


@pytest.fixture
def pair():
    ours, peers = socket.socketpair()
    with ours, peers:
        yield Stream(ours, lambda _: None, lambda _: None), peers


def test_a_deadline_long_past_does_not_hide_what_lies_there(pair):
    stream, peer = pair
    peer.sendall(b"in time")
    stream.deadline = Deadline(time.monotonic_ns() - PAST_NS)
    assert stream.recv(100) == b"in time"
    with pytest.raises(TimeoutError):
        stream.recv(100)


def test_every_deadline_that_has_passed_reads_anew(pair):
    stream, peer = pair
    for word in (b"one", b"two"):
        peer.sendall(word)
        stream.deadline = Deadline(time.monotonic_ns() - PAST_NS)
        assert stream.recv(100) == word


@pytest.fixture
def holding_back(scripted):
    """A server that answers a plain request, and the first connection not before ``late_s``."""

    def start(late_s, knocked_s=0.0):
        served = []

        def script(connection, key):
            served.append(connection)
            time.sleep(late_s if len(served) == 1 else knocked_s)
            connection.sendall(b"here")
            connection.recv(1)

        return scripted(script)

    return start


def reading(server, diary, answer_s):
    """What comes of the first connection, and in how many seconds."""
    began = time.monotonic()
    route, place = Route(server.url), Place.of(server.url)
    with Wire(place, route, diary, Deadline.after(5)) as wire:
        wire.stream.send(b"GET / HTTP/1.1\r\n\r\n")
        wire.stream.deadline = Deadline.owed(answer_s)
        try:
            got = wire.stream.recv(4)
        except TimeoutError:
            got = None
    return got, time.monotonic() - began


@pytest.mark.loopback
def test_a_peer_that_lives_and_says_nothing_is_not_waited_for(holding_back, diary):
    got, took_s = reading(holding_back(late_s=3), diary, answer_s=0.5)
    assert got is None
    assert took_s < 2


@pytest.mark.loopback
def test_a_peer_that_stands_still_has_time(holding_back, diary):
    got, _ = reading(holding_back(late_s=0.6, knocked_s=0.4), diary, answer_s=0.3)
    assert got == b"here"


@pytest.mark.loopback
def test_a_peer_that_stands_still_for_good_is_given_up(holding_back, diary):
    got, took_s = reading(holding_back(late_s=5, knocked_s=5), diary, answer_s=0.2)
    assert got is None
    assert 0.8 <= took_s < 3


@pytest.mark.loopback
def test_where_nobody_listens_there_is_no_sign_of_life(unused_tcp_port_of_ours):
    url = f"ws://127.0.0.1:{unused_tcp_port_of_ours}/"
    sign = knock(Place.of(url), Route(url), Deadline.after(5))
    until = time.monotonic() + 5
    while sign.is_open and time.monotonic() < until:
        time.sleep(0.001)
    assert sign.refused


@pytest.fixture
def unused_tcp_port_of_ours():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]
