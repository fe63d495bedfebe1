"""The modes that sockets show: how a login fails, how bad input ends, what meets bytes."""

import httpx
import pytest
import websocket

from schemas.account_tokens import Identity, mint
from schemas.messages import confirm, encode, image, receipt, text
from schemas.words import Role

pytestmark = pytest.mark.loopback


def test_a_login_may_be_rejected_by_http(start):
    peer = start("--login-reject", "http")
    for token in (None, "nonsense"):
        with pytest.raises(websocket.WebSocketBadStatusException) as refused:
            peer.connect(token)
        assert refused.value.status_code == 401
        assert refused.value.resp_headers["www-authenticate"] == "Bearer"
    assert peer.customer().ask(text("a"))["Result"] is True


def test_a_server_may_open_without_a_login_frame(start):
    peer = start("--login-frame", "false")
    customer = peer.connect(mint(Identity("C1", Role.CUSTOMER, "n")))
    assert customer.ask(text("a"))["MsgStatus"] == "Send"
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        peer.connect("nonsense")
    assert refused.value.status_code == 401


@pytest.mark.parametrize(("bad", "code"), [("{", 1007), ("[]", 1008), ('{"type":"x"}', 1008)])
def test_bad_input_may_close_the_connection_and_nobody_else_s(start, bad, code):
    peer = start("--on-bad-input", "close")
    bystander, customer = peer.customer("C2"), peer.customer()
    customer.tell(text("before"))
    customer.tell(bad)
    customer.tell(text("after"))
    assert customer.next()["msg"]["content"] == "before"
    assert customer.close_code() == code
    assert bystander.ask(receipt())["Result"] is True
    staff = peer.staff()
    assert staff.next()["msg"]["content"] == "before"
    assert staff.ask(confirm("C1", read=True))["Result"] is True


def test_no_answer_but_deliveries(start):
    peer = start("--ack", "none")
    staff, customer = peer.staff(), peer.customer()
    for word in ("a", "b"):
        customer.tell(text(word))
        assert staff.next()["msg"]["content"] == word
    customer.tell('{"type":"text","content":"","read":false}')
    assert customer.close_code() == 1008


def test_staff_may_be_bound_by_its_url(start):
    peer = start("--binding", "url")
    customer = peer.customer()
    token = mint(Identity("S1", Role.STAFF, "n"))
    staff = peer.connect(token, "?conversation=C1")
    assert staff.next()["MsgStatus"] == "Login"
    assert staff.ask(text("hello"))["Result"] is True
    assert customer.next()["msg"]["content"] == "hello"
    lost = peer.connect(token)
    assert "conversation=SN" in lost.next()["Error"]
    assert lost.close_code() == 1008


def test_a_binary_message_may_be_read_like_text(start):
    peer = start("--binary", "accept")
    customer = peer.customer()
    customer.ws.send(encode(text("您好")), 0x2)
    assert customer.next()["msg"]["content"] == "您好"
    customer.ws.send(b"\xff", 0x2)
    assert customer.close_code() == 1007


def test_the_size_limit_is_a_mode_and_holds_for_posts_too(start):
    peer = start("--max-message-bytes", "100")
    customer = peer.customer()
    assert customer.ask(text("x" * 30))["Result"] is True
    headers = {"Authorization": f"Bearer {mint(Identity('C1', Role.CUSTOMER, 'n'))}"}
    post = httpx.post(peer.http, json={"content": "x" * 100}, headers=headers, trust_env=False)
    assert post.status_code == 413
    customer.tell(text("x" * 100))
    assert customer.close_code() == 1009


def test_without_the_capability_a_post_is_not_allowed(start):
    peer = start("--http-post", "false")
    assert httpx.post(peer.http, json={}, trust_env=False).status_code == 405
    assert httpx.get(peer.http, trust_env=False).status_code == 426


def test_content_is_completed_and_sanitised_for_everybody(start):
    peer = start("--content-image", "suffix", "--content-text", "any")
    staff, customer = peer.staff(), peer.customer()
    for message, shown in (
        (image("/a.jpg"), "https://img.shop.example/a.jpg"),
        (text("<b>"), "&lt;b&gt;"),
    ):
        assert customer.ask(message)["msg"]["content"] == shown
        assert staff.next()["msg"]["content"] == shown


def test_errors_may_tell_where_they_arose(start):
    customer = start("--clean-errors", "false").customer()
    assert "hall.py" in customer.ask("{")["Error"]


def test_the_literal_tier_keeps_types_and_no_more(start):
    customer = start("--tier", "literal").connect(mint(Identity("C1", Role.CUSTOMER, "n")))
    login = customer.next()
    assert (login["Result"], login["Error"], login["NoReadQty"]) == (True, "OK", 0)
