"""The compiled schemas: two validators with one verdict, and what a dialect changes in them."""

from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.judge import FrameJudge
from schemas.modes import Tier
from schemas.registry import Direction, WireDialect, compiled, documents
from tests.schemas.schema_frames import ANYTHING, Frame, damaged, frames

FRAMES = st.sampled_from(list(Direction)).flatmap(
    lambda direction: st.tuples(st.just(direction), frames(direction) | damaged(direction))
)
DIALECTS = st.sampled_from(
    [
        WireDialect(),
        WireDialect(tier=Tier.LITERAL),
        WireDialect(types=("text", "image"), send_types=("guest", "clerk")),
        WireDialect(off=frozenset({"out-type-word", "time-format", "msg-read-false"})),
    ]
)
ERRORS = set[tuple[tuple[str | int, ...], str]]


def explained_by_full(frame: Frame, direction: Direction, dialect: WireDialect) -> ERRORS:
    errors = compiled(direction, dialect).full.iter_errors(frame)
    return {(tuple(error.absolute_path), str(error.validator)) for error in errors}


def explained_by_fast(frame: Frame, direction: Direction, dialect: WireDialect) -> ERRORS:
    errors = compiled(direction, dialect).fast.iter_errors(frame)
    return {(tuple(error.instance_path), str(error.schema_path[-1])) for error in errors}


@settings(max_examples=200)
@given(FRAMES, DIALECTS)
def test_both_validators_give_one_verdict_for_the_same_reasons(
    drawn: tuple[Direction, Frame], dialect: WireDialect
) -> None:
    direction, frame = drawn
    validators = compiled(direction, dialect)
    assert validators.fast.is_valid(frame) == validators.full.is_valid(frame)
    assert explained_by_fast(frame, direction, dialect) == explained_by_full(
        frame, direction, dialect
    )


@given(ANYTHING, st.sampled_from(list(Direction)), DIALECTS)
def test_both_validators_agree_about_what_is_no_frame_at_all(
    value: Any, direction: Direction, dialect: WireDialect
) -> None:
    validators = compiled(direction, dialect)
    assert validators.fast.is_valid(value) == validators.full.is_valid(value)


@settings(max_examples=200)
@given(FRAMES, DIALECTS)
def test_a_judges_findings_stand_where_the_fast_validator_found_them(
    drawn: tuple[Direction, Frame], dialect: WireDialect
) -> None:
    direction, frame = drawn
    data = orjson.dumps(frame)
    findings = FrameJudge(direction, dialect).judge(data).findings
    places = {
        "".join(f"/{part}" for part in path)
        for path, _ in explained_by_fast(frame, direction, dialect)
    }
    beyond = {"member", "zero-elsewhere", "odd-json", "duplicate", "spelling"}
    named = {f.pointer for f in findings if not any(word in f.clause for word in beyond)}
    assert named == places


@pytest.mark.parametrize("direction", Direction)
def test_about_half_of_the_drawn_frames_are_valid(direction: Direction) -> None:
    validator = compiled(direction, WireDialect()).fast
    drawn: list[bool] = []

    @settings(max_examples=200, database=None, derandomize=True)
    @given(frames(direction))
    def draw(frame: Frame) -> None:
        drawn.append(validator.is_valid(frame))

    draw()
    assert 0.25 < sum(drawn) / len(drawn) < 0.75


@given(FRAMES)
def test_a_plain_frame_is_valid_and_holds_documented_members_alone(
    drawn: tuple[Direction, Frame],
) -> None:
    direction, frame = drawn
    validators = compiled(direction, WireDialect())
    closed = set(frame) <= set(
        documents()[f"urn:chatsocket-harness:literal:{direction}"]["properties"]
    )
    if validators.plain.is_valid(frame):
        assert validators.full.is_valid(frame)
        assert closed


@given(FRAMES)
def test_the_strict_tier_takes_nothing_that_the_literal_one_refuses(
    drawn: tuple[Direction, Frame],
) -> None:
    direction, frame = drawn
    if compiled(direction, WireDialect()).fast.is_valid(frame):
        assert compiled(direction, WireDialect(tier=Tier.LITERAL)).fast.is_valid(frame)
