"""What cases send as bad, arguable or good is that, by the oracle of D17."""

import json

import pytest

from harness.conformance.bad_input import ODD, UNREADABLE
from harness.conformance.cases import test_grammar as grammar
from harness.conformance.contents import EDGES, HOSTILE, WHOLE, WORDS
from schemas.json_texts import Expectation
from schemas.judge import FrameJudge
from schemas.messages import encode, text
from schemas.registry import Direction
from schemas.treatment import treatment

JUDGE = FrameJudge(Direction.CLIENT)
CONTENTS = {
    *WORDS.values(),
    *WHOLE,
    *HOSTILE.values(),
    *(f"{edge}x{edge}" for edge in EDGES.values()),
}


def found(data):
    treated = treatment(data, JUDGE.judge(data))
    return treated.expectation, treated.clause


@pytest.mark.parametrize("slug", UNREADABLE)
def test_bad_input_is_to_be_refused_for_its_clause(slug):
    assert {found(body) for body in UNREADABLE[slug]} == {(Expectation.REFUSE, slug)}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_odd_input_can_be_argued_about(odd):
    assert found(odd)[0] is Expectation.EITHER


@pytest.mark.parametrize("content", sorted(CONTENTS))
def test_contents_are_good_input(content):
    assert found(encode(text(content)))[0] is Expectation.ACCEPT


@pytest.mark.parametrize(
    ("slug", "bad"),
    [
        *(("refuse-titletype", {"type": "title", **each}) for each in grammar.NO_TOPIC.values()),
        *(("refuse-unknown-type", each) for each in grammar.NO_TYPE.values()),
        *(
            ("refuse-member-type", {"type": "text", name: value})
            for name, values in grammar.OTHER_TYPES.items()
            for value in values
        ),
        *grammar.OTHER_SPELLINGS.values(),
    ],
    ids=str,
)
def test_the_grammar_of_bad_messages(slug, bad):
    assert found(
        json.dumps({"content": "@", **bad} if slug != "refuse-empty-content" else bad)
    ) == (
        Expectation.REFUSE,
        slug,
    )


@pytest.mark.parametrize("extra", grammar.STRANGERS.values(), ids=grammar.STRANGERS)
def test_strangers_are_to_be_taken(extra):
    assert found(json.dumps({"type": "text", "content": "@", **extra}))[0] is Expectation.ACCEPT
