"""What an honest server makes of a client's bytes, where several rules could apply."""

import pytest

from schemas.json_texts import Expectation
from schemas.judge import FrameJudge
from schemas.modes import Tier
from schemas.registry import Direction, WireDialect
from schemas.treatment import ACCEPTED, Treatment, treatment


def of(data: bytes | str, **dialect: object) -> Treatment:
    judge = FrameJudge(Direction.CLIENT, WireDialect(**dialect))  # type: ignore[arg-type]
    return treatment(data, judge.judge(data))


@pytest.mark.parametrize(
    ("data", "clause"),
    [
        ('{"type":"dance","content":5}', "refuse-member-type"),
        ('\ufeff{"type":"dance"}', "refuse-unknown-type"),
        ('{"type":"text","content":"\\ud800","read":1}', "refuse-member-type"),
        ("\ufeff[]", "refuse-non-object"),
        ('{"type":"text","type":"text",', "refuse-json-syntax"),
        ('{"Type":"text","content":"x"}', "refuse-unknown-type"),
    ],
)
def test_a_reason_to_refuse_counts_whatever_else_is_odd(data: str, clause: str) -> None:
    assert of(data) == Treatment(Expectation.REFUSE, clause)


def test_a_wrong_member_that_is_repeated_may_be_read_either_way() -> None:
    assert of('{"type":"text","content":"x","content":5}').expectation is Expectation.EITHER


def test_what_only_the_tester_finds_strange_is_accepted() -> None:
    assert of('{"type":"text","content":"x","Content":"y"}') == ACCEPTED


def test_a_dialects_own_words_are_no_bad_input() -> None:
    frame = '{"type":"staff","content":"C1","titletype":"take"}'
    assert of(frame).clause == "refuse-titletype"
    assert of(frame, staff_words=("take", "drop")) == ACCEPTED
    assert of('{"type":"dance","content":"x"}', tier=Tier.LITERAL) == ACCEPTED
