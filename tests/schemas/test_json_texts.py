"""The corpus of JSON texts: the judge and the oracle say of each what the corpus says."""

import pytest

from schemas.clauses import register
from schemas.json_texts import Expectation, JsonText, client_texts, corpus
from schemas.judge import FrameJudge
from schemas.registry import Direction
from schemas.treatment import treatment
from schemas.verdicts import Level

SERVER_TEXTS = [text for text in corpus() if text.direction is Direction.SERVER]


def name(text: JsonText) -> str:
    return text.name


@pytest.mark.parametrize("text", client_texts(), ids=name)
def test_the_treatment_of_a_client_text_is_the_corpus_one(text: JsonText) -> None:
    found = treatment(text.data, FrameJudge(Direction.CLIENT).judge(text.data))
    assert found.expectation is text.expectation
    if text.expectation is not Expectation.ACCEPT:
        assert (found.clause,) == text.clauses


@pytest.mark.parametrize("text", SERVER_TEXTS, ids=name)
def test_a_server_text_breaks_exactly_its_clauses(text: JsonText) -> None:
    findings = FrameJudge().judge(text.data).findings
    assert tuple(finding.clause for finding in findings) == text.clauses
    must = any(finding.level is Level.MUST for finding in findings)
    assert must is (text.expectation is Expectation.REFUSE)
    assert (not findings) is (text.expectation is Expectation.ACCEPT)


@pytest.mark.parametrize("text", corpus(), ids=name)
def test_a_text_names_clauses_of_the_register_and_its_reason(text: JsonText) -> None:
    assert set(text.clauses) <= set(register())
    assert text.why
    assert bool(text.clauses) or text.expectation is Expectation.ACCEPT


def test_the_corpus_has_every_expectation_and_no_text_twice() -> None:
    assert {text.expectation for text in client_texts()} == set(Expectation)
    assert len({(text.direction, text.data) for text in corpus()}) == len(corpus())


def test_client_texts_stay_below_the_size_limit() -> None:
    assert max(len(text.data) for text in client_texts()) < 65_536
