"""Requests that are written otherwise."""

import pytest

from harness.blocking.opening import Request
from harness.blocking.wire import Cause, Ended
from harness.conformance.raw import Spelt, described, is_open
from harness.wire_handshake import ResponseHead

FIELDS = (("Host", "h"), ("Upgrade", "websocket"))


def test_a_plain_spelling_is_the_same_request():
    assert Spelt("/p", FIELDS).encode() == Request("/p", FIELDS).encode()


@pytest.mark.parametrize(
    ("spelt", "first", "line"),
    [
        (Spelt("/p", FIELDS, version="1.0"), b"GET /p HTTP/1.0", b"Host: h"),
        (Spelt("/p", FIELDS, gap=":"), b"GET /p HTTP/1.1", b"Host:h"),
        (Spelt("/p", FIELDS, tail=" \t"), b"GET /p HTTP/1.1", b"Host: h \t"),
    ],
)
def test_a_request_is_spelt_otherwise(spelt, first, line):
    assert spelt.encode().split(b"\r\n")[:2] == [first, line]


def test_a_spelling_is_kept_when_headers_change():
    changed = Spelt("/p", FIELDS, gap=":").without("Host").by("PUT")
    assert changed.encode() == b"PUT /p HTTP/1.1\r\nUpgrade:websocket\r\n\r\n"


@pytest.mark.parametrize(
    ("answer", "opened", "words"),
    [
        (None, False, "no answer"),
        (ResponseHead(101), True, "HTTP 101"),
        (ResponseHead(404), False, "HTTP 404"),
        (Ended(Cause.EOF), False, "ended by the end of the stream"),
    ],
)
def test_an_answer_is_told_in_words(answer, opened, words):
    assert (is_open(answer), described(answer)) == (opened, words)
