"""Plain HTTP exchanges are whole, bounded, or said to be neither."""

import pytest

from harness.blocking.deadline import Deadline
from harness.blocking.dial import Route
from harness.blocking.exchange import MAX_BODY_BYTES, exchange
from harness.blocking.opening import plain_request
from harness.blocking.wire import Cause, Wire


@pytest.fixture
def ask(scripted, diary, knock):
    """Post {} to a server that does ``script``."""

    def go(script, seconds=5):
        server, deadline = scripted(script), Deadline.after(seconds)
        credentials = knock(server.url)
        with Wire.to(credentials, Route(server.url), diary, deadline) as wire:
            answer = exchange(wire, plain_request(credentials, "POST"), b"{}", deadline)
        return answer, server

    return go


def sends(data):
    return lambda connection, key: connection.sendall(data)


def test_an_answer_with_its_headers_and_body(ask, transcript, findings):
    wire = b"HTTP/1.1 200 OK\r\nContent-Type: text/json\r\nContent-Length: 2\r\n\r\n{}"
    answer, server = ask(sends(wire))
    assert (answer.status, answer.header("content-type"), answer.body) == (200, "text/json", b"{}")
    assert "content-length: 2" in server.heads[0].lower()
    assert not any("s3cret" in line.payload for line in transcript.lines())
    assert findings == []


def test_chunks_are_joined(ask):
    wire = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
    assert ask(sends(wire))[0].body == b"{}"


def test_an_endless_body_is_cut(ask):
    def script(connection, key):
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65536)

    assert len(ask(script)[0].body) == MAX_BODY_BYTES


def test_silence_is_none(ask):
    assert ask(lambda connection, key: connection.recv(1), seconds=0.1)[0] is None


def test_no_answer_at_all_is_the_end(ask):
    assert ask(lambda connection, key: None)[0].cause is Cause.EOF


def test_what_is_not_http_is_a_violation(ask):
    assert ask(sends(b"hello there\r\n\r\n"))[0].cause is Cause.VIOLATION
