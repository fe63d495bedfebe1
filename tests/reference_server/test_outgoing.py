"""What the honest server writes is what the wire's schemas and clauses allow."""

import json

from reference_server.hall import Hall
from reference_server.outgoing import encode, refused
from schemas.account_tokens import Identity
from schemas.judge import FrameJudge
from schemas.messages import assignment, confirm, image, receipt, text, title
from schemas.modes import Tier
from schemas.registry import WireDialect
from schemas.words import MsgStatus, Role, TitleType

NOW = 1_800_000_000_000


def everything_the_hall_says() -> list[bytes]:
    hall = Hall()
    steps = [
        hall.login(1, Identity("C1", Role.CUSTOMER, "王小明")),
        hall.login(2, Identity("S1", Role.STAFF, "客服")),
        hall.login(3, Identity("C1", Role.CUSTOMER, "王小明")),
    ]
    said = [
        (1, title(TitleType.PRO, "P-1001")),
        (2, confirm("C1", read=True)),
        (1, title(TitleType.ORDER, "O-5001")),
        (1, title(TitleType.OTHER, "退貨")),
        (1, title(TitleType.PRO, "unknown")),
        (1, text('a\x01"\\\n')),
        (2, image("/a.jpg")),
        (1, receipt()),
        (2, assignment("C1")),
        (2, text("unbound")),
    ]
    steps += [hall.handle(number, message, NOW) for number, message in said]
    return [encode(frame.output) for step in steps for frame in step.frames]


def test_every_frame_satisfies_the_strict_tier():
    judge = FrameJudge(dialect=WireDialect(tier=Tier.STRICT))
    frames = everything_the_hall_says()
    assert len(frames) > 20
    for frame in frames:
        assert judge.judge(frame).findings == ()


def test_all_members_are_there_in_the_page_s_spelling():
    frame = json.loads(everything_the_hall_says()[3])
    assert list(frame) == ["MsgStatus", "Result", "msg", "Error", "NoReadQty"]
    assert list(frame["msg"]) == [
        "SendSn",
        "SendName",
        "SendType",
        "type",
        "content",
        "time",
        "read",
        "titletype",
        "location",
        "info",
    ]
    assert list(frame["msg"]["info"]) == ["name", "status", "price"]


def test_a_refusal_has_a_reason_and_no_message():
    frame = json.loads(encode(refused("No.", MsgStatus.LOGIN)))
    assert frame == {
        "MsgStatus": "Login",
        "Result": False,
        "msg": None,
        "Error": "No.",
        "NoReadQty": None,
    }
