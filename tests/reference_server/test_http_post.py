"""POST on the chat's path: media types, refusals, and what the conversation sees of it."""

import httpx
import pytest

from schemas.account_tokens import Identity, mint
from schemas.messages import encode, image, text, title
from schemas.words import Role, TitleType

pytestmark = pytest.mark.loopback
FORM = "application/x-www-form-urlencoded"


def post(peer, sn="C-post", role=Role.CUSTOMER, content=b"", **headers):
    token = mint(Identity(sn, role, f"name of {sn}"))
    given = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.post(peer.http, content=content, headers=given, trust_env=False)


@pytest.mark.parametrize("media", ["application/json", "text/json; charset=utf-8", "text/html"])
def test_the_documented_media_types_carry_json(peer, media):
    answer = post(peer, content=encode(text("您好")), Content_Type=media)
    assert (answer.status_code, answer.json()["MsgStatus"]) == (200, "Send")
    assert answer.json()["msg"]["content"] == "您好"


def test_a_form_names_its_fields_like_the_members(peer):
    content = b"type=title&content=P-1001&read=true&titletype=pro&more=1"
    answer = post(peer, content=content, Content_Type=FORM).json()
    assert (answer["Result"], answer["msg"]["titletype"]) == (True, "pro")
    assert answer["msg"]["info"]["name"]
    assert post(peer, content=b"type=text&content=&read=True", Content_Type=FORM).json()["Result"]
    assert not post(peer, content=b"type=text&content=a&read=yes", Content_Type=FORM).json()[
        "Result"
    ]


def test_the_conversation_sees_a_device(peer):
    device, staff = peer.customer("C-dev"), peer.staff("S-dev")
    answer = post(peer, sn="C-dev", content=encode(image("/a.jpg"))).json()
    seen, offered = device.next(), staff.next()
    while offered["msg"]["SendSn"] != "C-dev":
        offered = staff.next()
    assert seen["msg"] == answer["msg"] == offered["msg"]
    assert (seen["NoReadQty"], offered["NoReadQty"]) == (0, 1)


@pytest.mark.parametrize("media", ["application/json", "text/json", "text/html"])
def test_the_answer_follows_accept(peer, media):
    answer = post(peer, content=encode(text("<b>&")), Accept=media)
    assert answer.headers["content-type"] == f"{media}; charset=utf-8"
    assert answer.json()["msg"]["content"] == "<b>&"
    assert (b"<" in answer.content) is (media != "text/html")


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"{", {}, 400),
        (b"\xff", {}, 400),
        (b"type", {"Content_Type": FORM}, 400),
        (b"type=%ff", {"Content_Type": FORM}, 400),
        (b"{}", {"Authorization": "Bearer nobody"}, 401),
        (b" " * 65537, {}, 413),
        (b" " * 2_000_000, {}, 413),
        (b"{}", {"Content_Type": "text/plain"}, 415),
        (b"{}", {"Content_Type": ""}, 415),
        (b"{}", {"Content_Type": "application/json; charset=big5"}, 415),
    ],
)
def test_what_the_call_itself_gets_wrong(peer, content, headers, status):
    answer = post(peer, content=content, **headers)
    assert answer.status_code == status
    body = answer.json()
    assert (body["MsgStatus"], body["Result"]) == ("Send", False)
    assert body["Error"]


def test_what_a_socket_would_refuse_is_refused_with_200(peer):
    for answer in (
        post(peer, content=b"[]"),
        post(peer, content=encode(title(TitleType.PRO, "P-1"))),
        post(peer, sn="S-post", role=Role.STAFF, content=encode(text("a"))),
    ):
        assert (answer.status_code, answer.json()["Result"]) == (200, False)


def test_get_without_an_upgrade_is_426_and_the_rest_405(peer):
    answer = httpx.get(peer.http, trust_env=False)
    assert (answer.status_code, answer.headers["upgrade"]) == (426, "websocket")
    assert httpx.put(peer.http, trust_env=False).status_code == 405


def test_health(peer):
    root = peer.http.partition("/api")[0]
    assert httpx.get(f"{root}/healthz", trust_env=False).json()["status"] == "ok"
    assert httpx.get(f"{root}/nothing", trust_env=False).status_code == 404
