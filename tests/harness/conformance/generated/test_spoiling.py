"""Spoiled frames: only what D17 lists as refused is held against a server."""

import json

from hypothesis import assume, given

from harness.conformance.generated.drafts import Draft
from harness.conformance.generated.spelling import Spelling
from harness.conformance.generated.spoiling import (
    WAYS,
    Spoil,
    Wrong,
    must_be_refused,
    spoiled,
    wrongs,
)
from reference_server.inbound import Refusal
from reference_server.inbound import judge as server_judge
from schemas.judge import FrameJudge
from schemas.messages import text
from schemas.registry import Direction

CLIENT = FrameJudge(Direction.CLIENT)
MESSAGE = text("0a1b2c.000001 您好")


@given(wrongs())
def test_the_honest_server_refuses_all_that_must_be(wrong):
    told = spoiled(MESSAGE, wrong)
    assume(must_be_refused(told.encode(), CLIENT) is not None)
    assert isinstance(server_judge(told), Refusal)


def test_every_way_spoils_something():
    for way in range(len(WAYS)):
        found = {
            must_be_refused(spoiled(MESSAGE, Wrong(spoil=Spoil(way, place, what))).encode(), CLIENT)
            for place in range(0, 64, 3)
            for what in range(0, 64, 5)
        }
        assert found - {None}, WAYS[way].__name__


def test_what_is_still_right_is_not_expected_to_be_refused():
    harmless = json.dumps({"type": "text", "content": "a", "x": [1]})
    assert must_be_refused(harmless.encode(), CLIENT) is None


def test_what_may_be_either_is_not_expected_to_be_refused():
    for text_ in (
        '{"type":"text","content":"a","content":"b"}',
        '\ufeff{"type":"text","content":"a"}',
        '{"type":"text","content":"\\ud800"}',
        '{"type":"text","content":"a\\u0000"}',
        '{"type":"text","content":"a","x":1e9999}',
    ):
        assert must_be_refused(text_.encode(), CLIENT) is None, text_


def test_a_wrong_type_breaks_its_own_clause():
    wrong = Wrong(Draft(spelling=Spelling()), Spoil(way=0, what=0))
    assert must_be_refused(spoiled(MESSAGE, wrong).encode(), CLIENT) == "refuse-unknown-type"
