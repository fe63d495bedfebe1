"""One frame judged by itself: which clause each kind of damage breaks, and no other."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schemas.clauses import register
from schemas.json_flaws import FlawKind
from schemas.json_text import read
from schemas.judge import FrameJudge
from schemas.modes import Tier
from schemas.registry import Direction, WireDialect, compiled

MESSAGE: dict[str, Any] = {
    "SendSn": "C1",
    "SendName": "陳大文",
    "SendType": "customer",
    "type": "title",
    "content": "P-1001",
    "time": "2026-11-22T10:00:00.123+08:00",
    "read": False,
    "titletype": "pro",
    "location": {"addr": "台北", "latitude": 25.03, "longitude": 121},
    "info": {"name": "壺", "status": "on sale", "price": "320"},
}
RECEIVE: dict[str, Any] = {
    "MsgStatus": "Receive",
    "Result": True,
    "msg": MESSAGE,
    "Error": None,
    "NoReadQty": 1,
}
LOGIN: dict[str, Any] = {"MsgStatus": "Login", "Result": True}


def clauses(frame: object, **dialect: Any) -> list[str]:
    judge = FrameJudge(Direction.SERVER, WireDialect(**dialect))
    data = frame if isinstance(frame, bytes) else json.dumps(frame).encode()
    return [finding.clause for finding in judge.judge(data).findings]


def in_clauses(frame: object) -> list[str]:
    judge = FrameJudge(Direction.CLIENT)
    return [finding.clause for finding in judge.judge(json.dumps(frame)).findings]


def damaged(*path: str, value: object) -> dict[str, Any]:
    copy: dict[str, Any] = json.loads(json.dumps(RECEIVE))
    node = copy
    for name in path[:-1]:
        node = node[name]
    node[path[-1]] = value
    return copy


def without(*path: str) -> dict[str, Any]:
    copy: dict[str, Any] = json.loads(json.dumps(RECEIVE))
    node = copy
    for name in path[:-1]:
        node = node[name]
    del node[path[-1]]
    return copy


@pytest.mark.parametrize(
    "frame",
    [
        RECEIVE,
        LOGIN,
        LOGIN | {"msg": None, "Error": "", "NoReadQty": None},
        {"MsgStatus": "Send", "Result": False, "Error": "no such order", "msg": {"type": "dance"}},
        damaged("msg", "location", value=None),
        damaged("NoReadQty", value=0),
        damaged("msg", "SendName", value=None),
    ],
)
def test_an_honest_frame_has_no_findings(frame: dict[str, Any]) -> None:
    assert clauses(frame) == []


STRING_MEMBERS = ["SendSn", "SendName", "SendType", "type", "content", "time", "titletype"]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("MsgStatus",), 1),
        (("Result",), "true"),
        (("msg",), []),
        (("Error",), 5),
        (("NoReadQty",), "1"),
        (("NoReadQty",), 1.5),
        *(((("msg", name)), 7) for name in STRING_MEMBERS),
        (("msg", "read"), 0),
        (("msg", "location"), "here"),
        (("msg", "info"), []),
        (("msg", "location", "addr"), 1),
        (("msg", "location", "latitude"), "25"),
        (("msg", "location", "longitude"), True),
        (("msg", "info", "name"), {}),
        (("msg", "info", "status"), 1),
        (("msg", "info", "price"), 320),
    ],
)
def test_a_wrong_json_type_breaks_that_members_clause_alone(
    path: tuple[str, ...], value: object
) -> None:
    expected = ["-".join(("out", *path, "type")).lower()]
    assert clauses(damaged(*path, value=value)) == expected
    assert clauses(damaged(*path, value=value), tier=Tier.LITERAL) == expected


@pytest.mark.parametrize(
    ("frame", "broken"),
    [
        (without("MsgStatus"), "out-msgstatus-present"),
        (damaged("MsgStatus", value="receive"), "out-msgstatus-word"),
        (without("Result"), "out-result-present"),
        (damaged("Result", value=None), "out-result-present"),
        ({"MsgStatus": "Send", "Result": False}, "out-error-on-failure"),
        ({"MsgStatus": "Send", "Result": False, "Error": ""}, "out-error-on-failure"),
        ({"MsgStatus": "Send", "Result": False, "Error": None}, "out-error-on-failure"),
        (damaged("Error", value="oops"), "out-no-error-on-success"),
        (without("NoReadQty"), "out-receive-unread-count"),
        (damaged("NoReadQty", value=None), "out-receive-unread-count"),
        (damaged("NoReadQty", value=-1), "out-receive-unread-count"),
        (without("msg"), "out-receive-msg"),
        (damaged("msg", value=None), "out-receive-msg"),
        (LOGIN | {"NoReadQty": 3}, "out-unread-only-in-receive"),
        (LOGIN | {"NoReadQty": 0}, "out-unread-zero-elsewhere"),
        (damaged("msg", "type", value="Text"), "out-type-word"),
        (without("msg", "type"), "out-type-word"),
        (damaged("msg", "titletype", value="confirm"), "out-titletype-word"),
        (damaged("msg", "titletype", value=None), "out-titletype-word"),
        (damaged("msg", "SendType", value="client"), "send-type-word"),
        (damaged("msg", "time", value="2026-11-22T10:00:00"), "time-format"),
        (damaged("msg", "time", value="2026-13-22T10:00:00Z"), "time-format"),
        (damaged("msg", "read", value=True), "msg-read-false"),
        (damaged("msg", "location", "latitude", value=90.5), "location-range"),
        (damaged("msg", "location", "longitude", value=-181), "location-range"),
        (LOGIN | {"noReadQty": 1}, "out-member-spelling"),
        (damaged("msg", "send_sn", value="C1"), "out-member-spelling"),
        (LOGIN | {"Version": 2}, "out-extra-member"),
        (damaged("msg", "info", "stock", value=3), "out-extra-member"),
        (b"[]", "out-json-object"),
        (b"", "out-json-object"),
        (b'{"MsgStatus":"Login","Result":true} x', "out-json-object"),
        (b'{"MsgStatus":"Login","Result":true,"msg":NaN}', "out-json-object"),
        (b'{"MsgStatus":"Login\xff"}', "rfc-text-utf8"),
    ],
)
def test_damage_breaks_exactly_its_clause(frame: object, broken: str) -> None:
    assert clauses(frame) == [broken]


@pytest.mark.parametrize(
    ("frame", "broken"),
    [
        ({"type": "text", "content": "hi"}, []),
        ({"type": "text", "content": "", "read": True}, []),
        ({"type": "text", "content": "", "read": False}, ["in-content-present"]),
        ({"type": "image", "content": None, "read": True}, ["in-content-present"]),
        ({"type": "title", "content": "P-1", "titletype": "confirm"}, ["in-titletype-word"]),
        ({"type": "staff", "content": "C1", "titletype": "assignment"}, []),
        ({"type": "dance", "content": "x"}, ["in-type-word"]),
        ({"type": "text", "content": 5}, ["in-content-type"]),
        ({"type": "text", "content": "x", "unknown": 1}, []),
        ({"Type": "text", "content": "x"}, ["in-type-word", "in-member-spelling"]),
    ],
)
def test_client_frames_are_judged_too(frame: dict[str, Any], broken: list[str]) -> None:
    assert in_clauses(frame) == broken


def test_words_of_the_dialect_replace_the_documented_ones() -> None:
    frame = damaged("msg", "SendType", value="guest")
    assert clauses(frame, send_types=("guest", "clerk")) == []
    assert clauses(RECEIVE, send_types=("guest", "clerk")) == ["send-type-word"]


def test_an_assertion_whose_clause_is_off_is_not_made() -> None:
    frame = damaged("msg", "read", value=True)
    assert clauses(frame, off=frozenset({"msg-read-false"})) == []


def test_findings_of_a_hostile_frame_are_bounded() -> None:
    frame = {f"member{number}": number for number in range(5_000)} | {"x" * 50_000: 1}
    findings = FrameJudge().judge(json.dumps(frame)).findings
    assert len(findings) < 50
    assert all(len(finding.frame) < 3_000 and len(finding.actual) < 300 for finding in findings)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(-2, 2) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from([*RECEIVE, *MESSAGE, "x"]), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*RECEIVE, "other"]), JSON), st.sampled_from(list(Tier)))
def test_both_validators_give_the_same_verdict(frame: dict[str, Any], tier: Tier) -> None:
    validators = compiled(Direction.SERVER, WireDialect(tier=tier))
    assert validators.fast.is_valid(frame) == validators.full.is_valid(frame)


@given(JSON | st.binary(max_size=40))
def test_every_finding_names_a_clause_of_the_register(frame: object) -> None:
    data = frame if isinstance(frame, bytes) else json.dumps(frame).encode()
    for finding in FrameJudge().judge(data).findings:
        assert register()[finding.clause].level is finding.level


def test_a_server_that_adds_a_member_to_every_frame_is_told_once_a_frame() -> None:
    assert clauses(RECEIVE | {"Version": 2}) == ["out-extra-member"]
    assert clauses(damaged("msg", "time", value="now") | {"Version": 2}) == [
        "time-format",
        "out-extra-member",
    ]


def test_depth_that_no_message_could_print_is_judged_all_the_same() -> None:
    deep = b"[" * 900 + b"]" * 900
    judged = FrameJudge().judge(b'{"MsgStatus":' + deep + b',"Result":true}')
    assert [finding.clause for finding in judged.findings] == [
        "out-deep-nesting",
        "out-msgstatus-type",
    ]


TEXT_CLAUSES = {
    FlawKind.DUPLICATE_MEMBER: "out-duplicate-member",
    FlawKind.NULL_CHARACTER: "out-null-character",
    FlawKind.LONE_SURROGATE: "out-lone-surrogate",
    FlawKind.NUMBER_RANGE: "out-number-range",
    FlawKind.BYTE_ORDER_MARK: "out-byte-order-mark",
    FlawKind.NESTING: "out-deep-nesting",
}
PIECES = st.sampled_from(
    [
        '"Error":null',
        '"Error":""',
        '"NoReadQty":1',
        '"NoReadQty" : 9007199254740993',
        '"msg":{"type":"text","content":"a:b"}',
        '"msg":{"type":"text","content":"\\u003a","content":": \\" :"}',
        '"msg":{"type":"text","content":"\\u0000","time":"2026-11-22T10:00:00Z"}',
        '"msg":{"type":"text","content":"\\ud83d"}',
        '"x":1e400',
        '"x":' + "[" * 70 + "]" * 70,
        '"Res\\u0075lt" \n: true',
    ]
)


@example(['"NoReadQty":1', '"msg":{"type":"text","content":"\\u0000"}'], "", True)
@given(st.lists(PIECES, max_size=4), st.sampled_from(["", "\ufeff"]), st.booleans())
def test_the_fast_path_hides_no_flaw_of_the_text(
    pieces: list[str], begin: str, as_bytes: bool
) -> None:
    text = begin + "{" + ",".join(['"MsgStatus":"Receive"', '"Result":true', *pieces]) + "}"
    flaws = {TEXT_CLAUSES[flaw.kind] for flaw in read(text).flaws}
    found = {f.clause for f in FrameJudge().judge(text.encode() if as_bytes else text).findings}
    assert found & set(TEXT_CLAUSES.values()) == flaws
