"""A JSON text read token by token: what is no JSON, what parsers read differently, where."""

import json
import math

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schemas.json_flaws import MAX_DEPTH, FlawKind
from schemas.json_text import MAX_FLAWS, read

GRAMMAR = '{}[]:,"\\ \n\tu0dE18eD-+.truefalsnNaIity\u0001é'


def kinds(data: bytes | str) -> list[FlawKind]:
    return [flaw.kind for flaw in read(data).flaws]


@pytest.mark.parametrize(
    ("data", "kind", "at", "pointer"),
    [
        ('{"a":1,}', FlawKind.SYNTAX, 7, ""),
        ('{"a":[1,{"b" 2}]}', FlawKind.SYNTAX, 13, "/a/1/b"),
        ("", FlawKind.SYNTAX, 0, ""),
        ('{"a":[0,NaN]}', FlawKind.NOT_A_NUMBER, 8, "/a/1"),
        ("{} x", FlawKind.TRAILING, 3, ""),
        (b'{"\xff":1}', FlawKind.NOT_UTF8, 2, ""),
        ("\ufeff{}", FlawKind.BYTE_ORDER_MARK, 0, ""),
        ('{"a/b":{"x":1,"x":2}}', FlawKind.DUPLICATE_MEMBER, 15, "/a~1b"),
        ('{"a":"x\\ud800"}', FlawKind.LONE_SURROGATE, 7, "/a"),
        ('{"a":"x\\u0000"}', FlawKind.NULL_CHARACTER, 7, "/a"),
        ('{"a":[1e400]}', FlawKind.NUMBER_RANGE, 6, "/a/0"),
        ('{"a":-9007199254740993}', FlawKind.NUMBER_RANGE, 5, "/a"),
    ],
)
def test_a_flaw_is_named_with_its_place(
    data: bytes | str, kind: FlawKind, at: int, pointer: str
) -> None:
    [flaw] = read(data).flaws
    assert (flaw.kind, flaw.at, flaw.pointer) == (kind, at, pointer)
    assert (read(data).text is None) is kind.fatal


def test_nesting_is_counted_with_the_outermost_container() -> None:
    assert kinds("[" * MAX_DEPTH + "]" * MAX_DEPTH) == []
    assert kinds("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)) == [FlawKind.NESTING]


def test_what_lies_too_deep_is_cut_out_with_everything_inside() -> None:
    deep = "[" * 200 + '1e999,"\\ud800"' + "]" * 200
    text = read(f'{{"a":{deep},"b":"\\udfff"}}').text
    assert text is not None
    value = json.loads(text)
    assert value["b"] == "\ufffd"
    assert text.count("null") == 1


@pytest.mark.parametrize("text", ['"\\ud83d\\ude00"', '"\\\\ud800"', '"\\\\u0000"', '"\\u00e9"'])
def test_whole_characters_have_no_flaw(text: str) -> None:
    assert kinds(text) == []


def test_each_half_of_a_broken_pair_is_replaced() -> None:
    assert read('["\\ude00\\ud83d","\\ud83dx\\ude00","\\ud83d\\ud83d\\ude00"]').text == (
        '["\ufffd\ufffd","\ufffdx\ufffd","\ufffd\\ud83d\\ude00"]'
    )


def test_repeated_members_are_all_named_up_to_a_bound() -> None:
    assert kinds('{"a":1,"a":2,"\\u0061":3}') == [FlawKind.DUPLICATE_MEMBER] * 2
    assert kinds('{"a":{"a":1},"b":[{"a":1},{"a":2}]}') == []
    assert len(kinds("{" + ",".join(['"a":1'] * 1000) + "}")) == MAX_FLAWS


def test_decoded_text_that_is_no_unicode_is_no_utf8() -> None:
    assert kinds('"\ud800"') == [FlawKind.NOT_UTF8]


@pytest.mark.parametrize(
    "data",
    [b"[" * 200_000, b'{"a":' * 50_000, b'"' + b"\\u0041" * 100_000, b"[" + b"1e999," * 50_000],
)
def test_hostile_texts_take_no_recursion_and_little_time(data: bytes) -> None:
    assert read(data).text is None


def _refuse(word: str) -> None:
    raise ValueError(word)


def standard_library_takes(text: str) -> bool:
    try:
        json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return False
    return True


@given(st.text(GRAMMAR, max_size=30))
@example("-0.0e-0")
@example("[1.]")
@example('"\\u12"')
def test_the_grammar_is_the_standard_librarys(text: str) -> None:
    assert (read(text).text is not None) is standard_library_takes(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(JSON.filter(lambda value: value not in (math.inf, -math.inf)), st.data())
def test_a_damaged_text_is_judged_like_the_standard_library_does(
    value: object, data: st.DataObject
) -> None:
    text = json.dumps(value, ensure_ascii=data.draw(st.booleans()), allow_nan=True)
    at = data.draw(st.integers(0, len(text)))
    text = text[:at] + data.draw(st.text(GRAMMAR, max_size=2)) + text[at + 1 :]
    assert (read(text).text is not None) is standard_library_takes(text)


@given(st.text(GRAMMAR, max_size=30) | JSON.map(json.dumps))
def test_the_fast_parser_takes_every_text_that_a_reading_leaves(text: str) -> None:
    reading = read(text)
    if reading.text is not None:
        orjson.loads(reading.text)


@given(JSON)
def test_a_text_without_flaws_is_left_as_it_is(value: object) -> None:
    text = json.dumps(value)
    reading = read(text)
    assert reading.text == text or reading.flaws
