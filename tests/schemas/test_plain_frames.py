"""Plain frames: what is accepted at once, the judge in full accepts, with the same value."""

import copy
import json
from typing import Any

import msgspec
import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schemas.judge import FrameJudge
from schemas.modes import Tier
from schemas.plain_frames import PlainMsg, PlainReceive, PlainSend
from schemas.registry import Direction, WireDialect
from tests.schemas.schema_frames import frames

MESSAGE: dict[str, Any] = {
    "SendSn": "C1",
    "SendName": "陳大文",
    "SendType": "customer",
    "type": "text",
    "content": "at 10:00, http://shop",
    "time": "2026-11-22T10:00:00.123+08:00",
    "read": False,
    "titletype": None,
    "location": None,
    "info": None,
}
SEND: dict[str, Any] = {"MsgStatus": "Send", "Result": True, "msg": MESSAGE, "Error": None}
RECEIVE = SEND | {"MsgStatus": "Receive", "NoReadQty": 3}
TITLE = SEND | {
    "msg": MESSAGE
    | {
        "type": "title",
        "content": "P-1001",
        "titletype": "pro",
        "location": {"addr": "台北", "latitude": 25.03, "longitude": 121},
        "info": {"name": "壺", "status": "on sale", "price": "320"},
    }
}
WHOLE = [SEND, RECEIVE, TITLE, SEND | {"NoReadQty": None, "Error": ""}]
DIALECTS = [
    WireDialect(),
    WireDialect(tier=Tier.LITERAL),
    WireDialect(types=("text", "image"), send_types=("buyer", "staff")),
    WireDialect(topics=("pro",), staff_words=("take", "leave"), off=frozenset({"time-format"})),
]
VALUES = st.sampled_from(
    [None, True, False, 0, 1, -1, 1.0, 2**53, 2**63, 1e300, "", "text", "title", "staff", "pro",
     "confirm", "customer", "a:b", "2026-11-22T10:00:00Z", "2026-02-30T10:00:60.1-23:59",
     "2026-11-22T24:00:00Z", "2026-11-22T10:00:00Z\n", "壺", [], {}, {"addr": "x"}]
)  # fmt: skip
PLACES = st.sampled_from(
    [
        *((name,) for name in RECEIVE),
        *(("msg", name) for name in MESSAGE),
        *(("msg", "location", name) for name in ("addr", "latitude", "longitude", "x")),
        *(("msg", "info", name) for name in ("name", "status", "price")),
        ("Extra",),
        ("msg", "Extra"),
    ]
)


def assert_sound(data: bytes) -> bool:
    """Whether ``data`` is plain under some dialect; then its judge must find nothing."""
    accepted = False
    for dialect in DIALECTS:
        judge = FrameJudge(dialect=dialect)
        plain = judge.plain(data)
        if plain is not None:
            judged = judge.judge(data)
            assert judged.findings == (), data
            assert judged.value is not None
            assert same(plain, judged.value), data
            accepted = True
    return accepted


def same(plain: PlainSend | PlainReceive, value: dict[str, Any]) -> bool:
    """Whether both hold the same members."""
    return bool(msgspec.to_builtins(plain) == value)


def changed(frame: dict[str, Any], changes: list[tuple[tuple[str, ...], Any]]) -> dict[str, Any]:
    frame = copy.deepcopy(frame)
    for path, value in changes:
        node: Any = frame
        for name in path[:-1]:
            node = node.get(name) if isinstance(node, dict) else None
        if isinstance(node, dict):
            node[path[-1]] = value
    return frame


@pytest.mark.parametrize("frame", WHOLE)
def test_an_ordinary_frame_is_plain(frame: dict[str, Any]) -> None:
    for text in (json.dumps(frame, ensure_ascii=False), orjson.dumps(frame).decode()):
        assert assert_sound(text.encode())
        assert FrameJudge().plain(text.encode()) is not None


@given(st.sampled_from(WHOLE), st.lists(st.tuples(PLACES, VALUES), max_size=2))
def test_what_is_plain_is_valid(
    frame: dict[str, Any], changes: list[tuple[tuple[str, ...], Any]]
) -> None:
    assert_sound(orjson.dumps(changed(frame, changes)))


@given(frames(Direction.SERVER))
def test_what_is_plain_is_valid_over_frames_of_the_schemas(frame: object) -> None:
    assert_sound(json.dumps(frame).encode())


PIECES = st.sampled_from(
    [b'"Error":null', b'"Result":true', b'"MsgStatus":"Send"', b'"msg":null', b":", b'":"', b"\\",
     b"\\u003a", b"\\u0000", b"\\ud83d", b"\\/", b'\\"', b"\x00", b"\xff", b"\xed\xa0\x80", b"\n",
     b"\xef\xbb\xbf", b",", b"}", b"{", b"-0", b"0", b"1.0", b"1e2", b"NaN", b"\xf4\x90\x80\x80",
     b'"content":"x",', b'"NoReadQty":0,', b'"time" : "2026-11-22T10:00:00Z",', b"\x7f", b" "]
)  # fmt: skip


@example(SEND, [(1, 0, b'"Error":null,')])
@example(RECEIVE, [(1, 0, b'"Result":true,'), (-3, 1, b"")])
@given(
    st.sampled_from(WHOLE),
    st.lists(st.tuples(st.integers(-400, 400), st.integers(0, 2), PIECES), max_size=3),
)
def test_no_flaw_of_the_text_is_plain(
    frame: dict[str, Any], cuts: list[tuple[int, int, bytes]]
) -> None:
    data = orjson.dumps(frame)
    for at, length, piece in cuts:
        data = data[:at] + piece + data[at:][length:]
    assert_sound(data)


@given(st.sampled_from(WHOLE), st.data())
def test_a_repeated_member_is_not_plain(frame: dict[str, Any], data: st.DataObject) -> None:
    text = orjson.dumps(frame).decode()
    inside = data.draw(st.booleans())
    node = frame["msg"] if inside else frame
    name = data.draw(st.sampled_from(sorted(node)))
    piece = f"{json.dumps(name)}:{json.dumps(node[name], ensure_ascii=False)},"
    opening = '"msg":{' if inside else "{"
    repeated = text.replace(opening, opening + piece, 1)
    assert FrameJudge().plain(repeated.encode()) is None
    assert FrameJudge().judge(repeated.encode()).findings


def test_a_client_frame_is_left_to_the_judge() -> None:
    assert FrameJudge(Direction.CLIENT).plain(orjson.dumps(SEND)) is None


def test_a_frame_of_a_plain_kind_shows_its_message() -> None:
    plain = FrameJudge().plain(orjson.dumps(RECEIVE))
    assert isinstance(plain, PlainReceive)
    assert isinstance(plain.msg, PlainMsg)
    assert (plain.msg.content, plain.unread) == ("at 10:00, http://shop", 3)
