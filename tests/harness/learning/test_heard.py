"""Messages as heard: secrets out, excerpts short."""

import tomllib

import orjson
import pytest
from hypothesis import given, strategies

from harness.learning.heard import SHOWN_CHARS, Heard, read


def hide(text):
    return text.replace("s3cret", "***")


@pytest.mark.parametrize("data", [b"", b"[]", b"7", b"{", b"\xff", b'{"a":NaN}', b"[" * 2000])
def test_what_is_no_object_is_not_read(data):
    assert read(data, hide) is None


def test_secrets_are_gone_wherever_they_stand():
    value = {"a": "x s3cret y", "s3cret": ["s3cret", {"b": "s3cret"}], "n": 3}
    assert read(orjson.dumps(value), hide) == {
        "a": "x *** y",
        "***": ["***", {"b": "***"}],
        "n": 3,
    }


def test_deep_nesting_is_cut():
    assert read(b'{"a":' + b"[" * 500 + b"]" * 500 + b"}", hide) is not None


def test_an_excerpt_shows_what_was_asked_for():
    frame = {"MsgStatus": "Receive", "NoReadQty": 3, "msg": {"content": "x" * 100, "time": "t"}}
    shown = Heard("C1", frame, 0.0).excerpt("NoReadQty", "msg.content")
    assert shown == (
        f'C1 <- {{"MsgStatus": "Receive", "NoReadQty": 3, "msg": {{"content": "{"x" * 60}…"}}}}'
    )


def test_members_that_are_not_as_documented_are_survived():
    odd = Heard("C1", {"MsgStatus": [], "NoReadQty": True, "msg": 7, "Result": "true"}, 0.0)
    assert (odd.count, odd.msg, odd.succeeded, odd.is_answer) == (None, {}, False, False)
    assert "null" in odd.excerpt("msg.content")


anything = strategies.recursive(
    strategies.none() | strategies.integers(-(2**53), 2**53) | strategies.text(),
    lambda inner: strategies.lists(inner) | strategies.dictionaries(strategies.text(), inner),
    max_leaves=20,
)


@given(strategies.text(max_size=20), anything, anything)
def test_any_excerpt_is_one_bounded_line_that_fits_into_a_comment(who, status, msg):
    shown = Heard(who, {"MsgStatus": status, "msg": msg}, 0.0).excerpt("Error", "msg.content")
    assert len(shown) <= SHOWN_CHARS + 10 * len(who) + 4
    assert tomllib.loads(f"# {shown}\na = 1\n") == {"a": 1}
