"""A real server over real sockets: login, refusals, limits, closings."""

import socket
from urllib.parse import urlsplit

import httpx
import pytest
import websocket

from schemas.account_tokens import Identity, mint
from schemas.messages import confirm, image, receipt, text
from schemas.words import Role

pytestmark = pytest.mark.loopback
BINARY, TEXT = 0x2, 0x1


def test_a_conversation_end_to_end(peer):
    staff, customer = peer.staff("S-talk"), peer.customer("C-talk")
    sent = customer.ask(image("/a.jpg"))
    offered = staff.next()
    assert (sent["MsgStatus"], offered["MsgStatus"]) == ("Send", "Receive")
    assert sent["msg"] == offered["msg"]
    assert (sent["NoReadQty"], offered["NoReadQty"]) == (None, 1)
    assert staff.ask(confirm("C-talk", read=True))["Result"] is True
    assert customer.next()["msg"]["titletype"] == "confirm"
    staff.ask(text("您好"))
    assert customer.next()["msg"]["content"] == "您好"
    assert customer.ask(receipt())["Result"] is True


def test_pipelined_messages_are_answered_in_order(peer):
    customer = peer.customer("C-pipe")
    words = [f"w{n}" for n in range(600)]
    for word in words:
        customer.tell(text(word))
    assert [customer.next()["msg"]["content"] for _ in words] == words


def test_bad_credentials_are_told_so_and_closed_with_1008(peer):
    stranger = mint(Identity("C1", Role.CUSTOMER, "n"), "some other secret, long enough")
    for token in (None, "nonsense", stranger):
        chat = peer.connect(token)
        login = chat.next()
        assert (login["MsgStatus"], login["Result"]) == ("Login", False)
        assert login["Error"]
        assert chat.close_code() == 1008


def test_the_token_may_stand_in_the_query(peer):
    token = mint(Identity("C-query", Role.CUSTOMER, "n"))
    assert peer.connect(None, f"?access_token={token}").next()["Result"] is True


def test_a_refusal_leaves_the_connection_usable(peer):
    customer = peer.customer("C-refused")
    for bad in ("{", "[]", '{"type":"text","content":""}', "\ufeff{}"):
        assert customer.ask(bad)["Result"] is False
    assert customer.ask(text("fine"))["Result"] is True


@pytest.mark.parametrize(
    ("payload", "opcode", "code"),
    [
        (b"\x00\x01", BINARY, 1003),
        (b"\xff\xfe", TEXT, 1007),
        (b'{"type":"text","content":"' + b"x" * 65536 + b'"}', TEXT, 1009),
        (b"x" * 8_000_000, TEXT, 1009),
        (b"", 0x3, 1002),
    ],
)
def test_what_the_limits_close_with(peer, payload, opcode, code):
    customer = peer.customer(f"C-limit-{code}")
    frame = bytearray(websocket.ABNF(1, 0, 0, 0, TEXT, 1, payload).format())
    frame[0] = 0x80 | opcode
    customer.tell(text("before"))
    customer.ws.sock.sendall(frame)
    if code == 1003:
        assert customer.next()["msg"]["content"] == "before"
    assert customer.close_code() == code


def test_a_message_of_exactly_the_limit_is_taken(peer):
    customer = peer.customer("C-limit")
    frame = '{"type":"text","content":"%s"}'
    assert customer.ask(frame % ("x" * (65536 - len(frame) + 2)))["Result"] is True


def test_a_departure_is_noticed_and_the_case_offered_again(peer):
    first = peer.staff("S-gone")
    customer = peer.customer("C-gone")
    assert first.ask(confirm("C-gone"))["Result"] is True
    customer.next()
    customer.ask(text("are you there"))
    first.next()
    first.ws.shutdown()
    second = peer.staff("S-next")
    frame = second.next()
    while frame["msg"]["SendSn"] != "C-gone":
        frame = second.next()
    assert frame["msg"]["content"] == "are you there"


def test_an_unknown_path_is_404(peer):
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        websocket.create_connection(peer.url + "x", timeout=10, http_no_proxy=["127.0.0.1"])
    assert refused.value.status_code == 404


def test_a_handshake_with_garbage_behind_it_harms_nobody(peer):
    address = urlsplit(peer.url)
    with socket.create_connection((address.hostname, address.port), 10) as raw:
        raw.sendall(b"GET /api/ChatSocket/WebSocket HTTP/1.1\r\n\x00garbage\r\n\r\n")
        assert raw.recv(4096).startswith(b"HTTP/1.1 400")
    assert peer.customer("C-after").ask(receipt())["Result"] is True


def test_a_reader_that_never_reads_is_cut_off_and_others_go_on(start):
    """Deliveries fill the sleeper's socket, then its outbox, until the server gives it up."""
    peer = start()
    sleeper, speaker = peer.customer("C-slow"), peer.customer("C-slow")
    health = peer.http.replace("/api/ChatSocket/WebSocket", "/healthz")
    content = "x" * 60_000
    for _ in range(200):
        for _ in range(20):
            speaker.tell(text(content))
        for _ in range(20):
            assert speaker.next()["Result"] is True
        if httpx.get(health, trust_env=False).json()["connections"] == 1:
            break
    assert sleeper.close_code() == 1008
    assert speaker.ask(receipt())["Result"] is True
