"""Each rule for the server's opening handshake, broken one at a time."""

import pytest

from harness.wire_handshake import (
    MAX_HEAD_BYTES,
    HeadReader,
    Offer,
    accept_value,
    judge_head,
    parse_head,
)

KEY = "dGhlIHNhbXBsZSBub25jZQ=="  # RFC 6455 §1.3
ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
OFFER = Offer(KEY, subprotocols=("chat.v1", "chat.v2"))
GOOD = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Accept": ACCEPT}


def head(status_line="HTTP/1.1 101 Switching Protocols", *extra, **changes):
    fields = GOOD | {name.replace("_", "-"): value for name, value in changes.items()}
    lines = [f"{name}: {value}" for name, value in fields.items() if value is not None]
    return "\r\n".join([status_line, *lines, *extra, "", ""]).encode("latin-1")


def test_the_accept_value_is_that_of_the_rfc():
    assert accept_value(KEY) == ACCEPT


@pytest.mark.parametrize(
    "raw",
    [
        head(),
        head("HTTP/1.1 101"),
        head(Upgrade="WebSocket", Connection="keep-alive, upgrade"),
        head(Sec_WebSocket_Protocol="chat.v2"),
        head(Server="uvicorn"),
        b"HTTP/1.1 403 Forbidden\r\n\r\n",
        b"HTTP/1.0 400 Bad Request\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\n" + head().split(b"\r\n", 1)[1].replace(b"\r", b""),
    ],
)
def test_allowed_answers_are_not_findings(raw):
    assert list(judge_head(raw, OFFER)) == []


@pytest.mark.parametrize(
    ("raw", "slug"),
    [
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "rfc-101-response"),
        (b"HTTP/1.1 abc\r\n\r\n", "rfc-101-response"),
        (head("HTTP/1.0 101 Switching Protocols"), "rfc-101-response"),
        (b"HTTP/1.1 101 x\r\n" + b"a" * MAX_HEAD_BYTES, "rfc-101-response"),
        (head(Upgrade=None), "rfc-upgrade-header"),
        (head(Upgrade="h2c"), "rfc-upgrade-header"),
        (head(Connection=None), "rfc-connection-header"),
        (head(Connection="keep-alive"), "rfc-connection-header"),
        (head(Sec_WebSocket_Accept=None), "rfc-accept-value"),
        (head(Sec_WebSocket_Accept=ACCEPT.lower()), "rfc-accept-value"),
        (
            head("HTTP/1.1 101 x", f"Sec-WebSocket-Accept: {ACCEPT}"),
            "rfc-accept-value",
        ),
        (head(Sec_WebSocket_Protocol="mqtt"), "rfc-unoffered-subprotocol"),
        (head(Sec_WebSocket_Protocol="chat.v1, chat.v2"), "rfc-unoffered-subprotocol"),
        (
            head(
                "HTTP/1.1 101 x",
                "Sec-WebSocket-Protocol: chat.v2",
                Sec_WebSocket_Protocol="chat.v1",
            ),
            "rfc-unoffered-subprotocol",
        ),
        (head(Sec_WebSocket_Extensions="permessage-deflate; x=1"), "rfc-unoffered-extension"),
    ],
)
def test_each_broken_rule_is_found_under_its_own_clause(raw, slug):
    assert [finding.clause for finding in judge_head(raw, OFFER)] == [slug]


def test_an_extension_that_was_offered_may_be_chosen():
    raw = head(Sec_WebSocket_Extensions="permessage-deflate; client_max_window_bits=10")
    assert list(judge_head(raw, Offer(KEY, extensions=("permessage-deflate",)))) == []


def test_a_head_is_collected_byte_by_byte_and_the_rest_kept():
    reader, raw = HeadReader(), head() + b"\x81"
    got = [whole for byte in raw[:-1] if (whole := reader.feed(bytes([byte])))]
    assert got == [head()]
    assert HeadReader().feed(raw) == head()


def test_an_endless_head_is_given_up():
    reader = HeadReader()
    assert reader.feed(b"a" * (MAX_HEAD_BYTES - 1)) is None
    assert len(reader.feed(b"a" * 10) or b"") == MAX_HEAD_BYTES


def test_header_values_are_read_without_regard_to_the_case_of_names():
    parsed = parse_head(head(X_Many="a, b"))
    assert parsed is not None
    assert parsed.tokens("x-many") == ("a", "b")
    assert parsed.all("upgrade") == ("websocket",)
