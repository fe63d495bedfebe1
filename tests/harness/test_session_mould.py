"""A mould: what it accepts, the judge in full accepts, and the session takes as the same answer."""

import json
from typing import Any

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from harness.events import Pending
from harness.session_mould import Mould, mould_of
from schemas.judge import FrameJudge
from schemas.messages import InMsg, encode, image, receipt, text
from schemas.plain_frames import PlainSend, _is_date_time
from tests.harness.session_talk import Talk

TIME = "2026-11-22T10:00:00.123+08:00"
JUDGE = FrameJudge()
SAID = st.builds(text, st.text(max_size=12), read=st.booleans())


def frame(message: InMsg, **changes: Any) -> dict[str, Any]:
    msg = {
        "SendSn": "C1",
        "SendName": '陳"content"大文',
        "SendType": "customer",
        "type": message.type,
        "content": message.content,
        "time": TIME,
        "read": False,
        "titletype": message.titletype,
        "location": None,
        "info": None,
    }
    return {"MsgStatus": "Send", "Result": True, "msg": msg | changes, "Error": None}


def pending(message: InMsg) -> Pending:
    return Pending(message, 0, said=encode(message))


def mould(message: InMsg | None = None) -> Mould:
    message = message or text("first: 10")
    made = mould_of(orjson.dumps(frame(message)), pending(message), TIME)
    assert made is not None
    return made


def assert_accepts_alone_what_is_plain(data: bytes, message: InMsg) -> bool:
    """Whether the mould takes it; then the judge finds nothing, and it says what was said."""
    taken = mould().fits(data, pending(message))
    if taken:
        plain = JUDGE.plain(data)
        assert isinstance(plain, PlainSend)
        assert plain.msg.content == message.content
        assert JUDGE.judge(data).findings == ()
        assert (plain.msg.send_sn, plain.msg.type, plain.msg.titletype) == ("C1", "text", None)
    return taken


@given(SAID)
def test_an_answer_to_a_text_fits_unless_it_needs_escapes(message: InMsg) -> None:
    data = orjson.dumps(frame(message, time="2027-01-01T00:00:00Z"))
    taken = assert_accepts_alone_what_is_plain(data, message)
    assert taken == (b"\\" not in encode(message))


PIECES = st.sampled_from(
    [b'"Error":null,', b'"', b":", b",", b"}", b"\\", b"\\u0000", b"\x00", b"\xff", b" ", b"x",
     b'"content":"x",', b'","content":"second', b'"read":true,', b"-", b"9"]
)  # fmt: skip


@example(text("second"), [(1, 0, b'"Error":null,')])
@given(SAID, st.lists(st.tuples(st.integers(-400, 400), st.integers(0, 3), PIECES), max_size=2))
def test_no_damage_fits(message: InMsg, cuts: list[tuple[int, int, bytes]]) -> None:
    data = orjson.dumps(frame(message))
    for at, length, piece in cuts:
        data = data[:at] + piece + data[at:][length:]
    assert_accepts_alone_what_is_plain(data, message)


@pytest.mark.parametrize(
    "changes",
    [
        {"content": "other"},
        {"time": "2026-13-01T00:00:00Z"},
        {"time": ""},
        {"read": True},
        {"SendSn": "C2"},
        {"titletype": "pro"},
        {"location": {"addr": "x", "latitude": 1.0, "longitude": 2.0}},
    ],
)
def test_an_answer_that_differs_elsewhere_does_not_fit(changes: dict[str, Any]) -> None:
    message = text("second")
    assert mould().fits(orjson.dumps(frame(message)), pending(message))
    assert not mould().fits(orjson.dumps(frame(message, **changes)), pending(message))


@pytest.mark.parametrize("message", [image("first: 10"), InMsg("text", "a", False, "pro")])
def test_only_texts_without_a_title_type_have_a_mould(message: InMsg) -> None:
    data = orjson.dumps(frame(message))
    assert mould_of(data, pending(message), TIME) is None
    assert not mould(text(message.content)).fits(data, pending(message))


def test_an_answer_spelled_otherwise_has_no_mould() -> None:
    message = text("您好")
    for data in (json.dumps(frame(message)), json.dumps(frame(text("a")))):
        assert mould_of(data.encode(), pending(message), TIME) is None


def test_what_stands_for_a_time_is_not_kept_when_it_is_long() -> None:
    message = text("second")
    known = _is_date_time.cache_info().currsize
    for number in range(3):
        data = orjson.dumps(frame(message, time=f"{number}" + "9" * 40))
        assert not mould().fits(data, pending(message))
    assert _is_date_time.cache_info().currsize == known


def test_a_very_long_answer_has_no_mould() -> None:
    message = text("a")
    data = orjson.dumps(frame(message, SendName="x" * 9_000))
    assert mould_of(data, pending(message), TIME) is None


def test_a_receipts_answer_makes_a_mould_as_any() -> None:
    data = orjson.dumps(frame(text("second")))
    assert mould(receipt()).fits(data, pending(text("second")))


def whole(frame: dict[str, Any]) -> bytes:
    rest = {"location": None, "info": None}
    return orjson.dumps(frame | {"Error": None, "msg": frame["msg"] | rest})


def accept(talk: Talk, message: InMsg) -> None:
    talk.session.send(message, 0, tag=message)
    data = whole(talk.ack(message))
    plain = JUDGE.plain(data)
    assert isinstance(plain, PlainSend)
    assert talk.session.accepted(plain, data) is not None


def test_the_second_answer_is_known_by_its_bytes() -> None:
    talk = Talk().login()
    accept(talk, text("a"))
    talk.session.send(text("b"), 0, tag="b")
    talk.session.send(text("c"), 0, tag="c")
    entry = talk.session.echoed(whole(talk.ack(text("b"))))
    assert entry is not None
    assert entry.tag == "b"
    assert talk.session.outstanding == 1
    assert talk.session.echoed(whole(talk.ack(text("b")))) is None
    assert talk.session.outstanding == 1


def test_without_an_earlier_answer_nothing_is_known() -> None:
    talk = Talk().login()
    talk.session.send(text("a"), 0)
    assert talk.session.echoed(whole(talk.ack(text("a")))) is None


def test_answers_that_always_differ_are_not_compared_for_ever() -> None:
    talk = Talk().login()
    for number in range(5):
        message = text(f"a{number}")
        talk.session.send(message, 0, tag=message)
        name = {"info": {"name": str(number), "status": "", "price": ""}}
        ack = talk.ack(message)
        data = whole(ack)
        data = orjson.dumps(orjson.loads(data) | {"msg": orjson.loads(data)["msg"] | name})
        plain = JUDGE.plain(data)
        assert isinstance(plain, PlainSend)
        assert talk.session.accepted(plain, data) is not None
    assert talk.session._moulds_left == 0
