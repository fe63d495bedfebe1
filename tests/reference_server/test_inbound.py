"""What a client may send: a table of messages and what becomes of each."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference_server.inbound import Blame, Refusal, judge, judge_members
from schemas.messages import InMsg, encode, receipt

ACCEPTED = {
    "text": ({"type": "text", "content": "hi"}, InMsg("text", "hi")),
    "null read is false": ({"type": "text", "content": "hi", "read": None}, InMsg("text", "hi")),
    "spaces are content": ({"type": "text", "content": " "}, InMsg("text", " ")),
    "receipt": ({"type": "text", "content": "", "read": True}, receipt()),
    "receipt without content": ({"type": "text", "read": True}, receipt()),
    "receipt with null content": ({"type": "text", "content": None, "read": True}, receipt()),
    "titletype on text means nothing": (
        {"type": "text", "content": "hi", "titletype": "whatever"},
        InMsg("text", "hi"),
    ),
    "titletype on image means nothing": (
        {"type": "image", "content": "/a.jpg", "titletype": "pro"},
        InMsg("image", "/a.jpg"),
    ),
    "title": (
        {"type": "title", "content": "P-1001", "titletype": "pro", "read": True},
        InMsg("title", "P-1001", read=True, titletype="pro"),
    ),
    "staff": (
        {"type": "staff", "content": "C1", "titletype": "confirm"},
        InMsg("staff", "C1", titletype="confirm"),
    ),
    "unknown members": (
        {"type": "text", "content": "hi", "Type": 7, "extra": {"a": [1]}},
        InMsg("text", "hi"),
    ),
    "U+0000": ({"type": "text", "content": "a\0b"}, InMsg("text", "a\0b")),
}

REFUSED = {
    "no type": {"content": "hi"},
    "null type": {"type": None, "content": "hi"},
    "unknown type": {"type": "video", "content": "hi"},
    "type in another case": {"type": "Text", "content": "hi"},
    "member in another case": {"Type": "text", "content": "hi"},
    "type is a number": {"type": 1, "content": "hi"},
    "content is a number": {"type": "text", "content": 1},
    "content is a list": {"type": "text", "content": ["hi"]},
    "read is a number": {"type": "text", "content": "hi", "read": 1},
    "read is a string": {"type": "text", "content": "hi", "read": "true"},
    "titletype is a number, on text too": {"type": "text", "content": "hi", "titletype": 1},
    "empty text": {"type": "text", "content": ""},
    "no content": {"type": "text"},
    "empty image": {"type": "image", "content": "", "read": True},
    "empty title": {"type": "title", "content": "", "titletype": "pro", "read": True},
    "title without titletype": {"type": "title", "content": "P-1001"},
    "title with a staff word": {"type": "title", "content": "P-1001", "titletype": "confirm"},
    "staff with a topic": {"type": "staff", "content": "C1", "titletype": "pro"},
    "staff without a word": {"type": "staff", "content": "C1", "titletype": None},
}

SYNTAX = {
    "nothing": "",
    "half an object": '{"type":',
    "single quotes": "{'type':'text'}",
    "trailing comma": '{"type":"text",}',
    "trailing bytes": '{"type":"text","content":"hi"} x',
    "two objects": '{"type":"text","content":"hi"}{"type":"text","content":"hi"}',
    "NaN in an unknown member": '{"type":"text","content":"hi","x":NaN}',
    "Infinity": '{"type":"text","content":"hi","x":Infinity}',
    "bad escape in an unknown member": '{"type":"text","content":"hi","x":"\\q"}',
    "raw control character": '{"type":"text","content":"\x01"}',
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_accepted(name):
    members, message = ACCEPTED[name]
    assert judge(json.dumps(members)) == message


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name):
    refusal = judge(json.dumps(REFUSED[name]))
    assert isinstance(refusal, Refusal)
    assert refusal.blame is Blame.MEANING
    assert refusal.error


@pytest.mark.parametrize("name", SYNTAX)
def test_not_json(name):
    refusal = judge(SYNTAX[name])
    assert isinstance(refusal, Refusal)
    assert refusal.blame is Blame.SYNTAX


@pytest.mark.parametrize("value", ["[]", "null", "true", "7", '"text"', "[{}]"])
def test_json_that_is_no_object(value):
    refusal = judge(value)
    assert isinstance(refusal, Refusal)
    assert refusal.blame is Blame.MEANING


@pytest.mark.parametrize(
    "odd",
    [
        '{"type":"text","type":"text","content":"hi"}',
        '\ufeff{"type":"text","content":"hi"}',
        '{"type":"text","content":"\\ud800"}',
        '{"type":"text","content":"hi","x":1e999}',
        '{"type":"text","content":"hi","x":' + "9" * 5000 + "}",
        '{"type":"text","content":"hi","x":' + "[" * 5000 + "]" * 5000 + "}",
    ],
)
def test_arguable_json_is_accepted_or_refused_but_never_raises(odd):
    assert isinstance(judge(odd), InMsg | Refusal)


def test_bytes_that_are_no_utf_8():
    assert isinstance(judge(b'{"type":"text","content":"\xff"}'), Refusal)


@given(st.text())
def test_any_text_is_judged(data):
    assert isinstance(judge(data), InMsg | Refusal)


@given(
    st.dictionaries(
        st.sampled_from(["type", "content", "read", "titletype", "other"]),
        st.none() | st.booleans() | st.integers() | st.sampled_from(["text", "title", "pro", ""]),
    )
)
def test_what_is_accepted_is_accepted_again_when_said_by_the_book(members):
    message = judge_members(members)
    if isinstance(message, InMsg):
        assert judge(encode(message)) == message
