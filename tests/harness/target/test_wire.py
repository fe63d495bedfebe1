"""How a profile changes the frame schemas."""

import pytest

from harness.target import wire_dialect
from harness.target.reading import profile_from
from schemas.judge import FrameJudge
from schemas.registry import Direction, WireDialect

FRAME = (
    b'{"MsgStatus":"Receive","Result":true,"NoReadQty":1,"msg":{"SendSn":"a","SendName":"b",'
    b'"SendType":"%s","type":"text","content":"c","time":"%s","read":%s}}'
)


def judged(dialect: dict[str, object], frame: bytes) -> set[str]:
    profile = profile_from({"url": "ws://h/x", "dialect": dialect}, "p.toml")
    judge = FrameJudge(Direction.SERVER, wire_dialect(profile))
    return {finding.clause for finding in judge.judge(frame).findings}


def test_the_default_profile_is_the_default_dialect() -> None:
    assert wire_dialect(profile_from({"url": "ws://h/x"}, "p.toml")) == WireDialect()


@pytest.mark.parametrize(
    ("dialect", "frame", "clause"),
    [
        (
            {"time_formats": ["%Y/%m/%d"]},
            FRAME % (b"staff", b"2026/11/22", b"false"),
            "time-format",
        ),
        ({"time_formats": "off"}, FRAME % (b"staff", b"noon", b"false"), "time-format"),
        (
            {"msg_read": "echo"},
            FRAME % (b"staff", b"2026-11-22T10:00:00Z", b"true"),
            "msg-read-false",
        ),
        (
            {"send_types": ["buyer", "clerk"]},
            FRAME % (b"clerk", b"2026-11-22T10:00:00Z", b"false"),
            "send-type-word",
        ),
    ],
)
def test_a_frame_is_held_to_the_words_of_the_profile(
    dialect: dict[str, object], frame: bytes, clause: str
) -> None:
    assert judged({}, frame) == {clause}
    assert judged(dialect, frame) == set()
