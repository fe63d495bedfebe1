"""The file of expected results, right and wrong."""

from datetime import date
from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.expectations import check_names, read_expectations
from schemas.expectations import Expectation
from schemas.verdicts import Outcome

WHOLE = """
[[expected]]
case = ["text-*", "login-x"]
clause = "ack-order"
outcome = "blocked"
reason = "not yet"
ticket = "CHAT-7"
expires = 2027-01-31

[[flaky]]
case = "offers-race"
reason = "one in a hundred"
expires = "2027-02-01"
"""


@pytest.fixture
def file(tmp_path: Path):
    def write(text: str) -> Path:
        path = tmp_path / "expected.toml"
        path.write_text(text)
        return path

    return write


def test_every_member_is_read(file) -> None:
    assert read_expectations(file(WHOLE)) == (
        Expectation(
            cases=("text-*", "login-x"),
            clauses=("ack-order",),
            outcome=Outcome.BLOCKED,
            reason="not yet",
            ticket="CHAT-7",
            expires=date(2027, 1, 31),
        ),
        Expectation(
            cases=("offers-race",), reason="one in a hundred", expires=date(2027, 2, 1), flaky=True
        ),
    )


def test_an_empty_file_expects_nothing(file) -> None:
    assert read_expectations(file("")) == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x", "is no TOML"),
        ("[[expectd]]\n", "did you mean 'expected'?"),
        ("expected = 3\n", "is no list of tables; write [[expected]]"),
        ("[expected]\na = 1\n", "is no list of tables"),
        ('[[expected]]\nreason = "r"\n', "number 1 names neither a case nor a clause"),
        ('[[expected]]\ncase = "a"\n', "number 1 has no reason"),
        ('[[expected]]\ncase = "a"\nreason = " "\n', "has no reason"),
        ('[[expected]]\ncase = "a"\nreson = "r"\n', "did you mean 'reason'?"),
        ('[[expected]]\ncase = 3\nreason = "r"\n', "case that is no text and no list of texts"),
        ('[[expected]]\ncase = [""]\nreason = "r"\n', "case that is no text"),
        ('[[expected]]\ncase = "a"\nreason = 3\n', "reason that is no text"),
        ('[[expected]]\ncase = "a"\nreason = "r"\noutcome = "passed"\n', "outcome 'passed'"),
        ('[[expected]]\ncase = "a"\nreason = "r"\noutcome = "error"\n', "what can be expected"),
        ('[[expected]]\ncase = "a"\nreason = "r"\nexpires = "soon"\n', "expires that is no date"),
        (
            '[[expected]]\ncase = "a"\nreason = "r"\nexpires = 2027-01-01T00:00:00Z\n',
            "expires that is no date",
        ),
        ('[[flaky]]\ncase = "a"\nreason = "r"\noutcome = "failed"\n', "named 'outcome'"),
    ],
)
def test_what_is_wrong_is_one_sentence(file, text: str, sentence: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_expectations(file(text))
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot read the expected results .*no\.toml"):
        read_expectations(tmp_path / "no.toml")


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        (Expectation(cases=("text-ackd",), reason="r"), "no case 'text-ackd'; did you mean 'text-"),
        (Expectation(cases=("txt-*",), reason="r"), "no case that fits 'txt-*'"),
        (Expectation(cases=("zzz",), reason="r"), "chatsocket check --list"),
        (Expectation(clauses=("ack-ordr",), reason="r"), "did you mean 'ack-order'?"),
    ],
)
def test_unknown_names_are_told_with_the_nearest(entry: Expectation, sentence: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_names([entry], ["text-acked", "login-x"], ["ack-order"])
    assert sentence in str(caught.value)


def test_patterns_that_fit_are_known() -> None:
    check_names([Expectation(cases=("text-*",), reason="r")], ["text-acked"], [])
