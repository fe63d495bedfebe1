"""Expected results made from a run, and brought up to date by another."""

from datetime import date
from pathlib import Path

import pytest

from harness.errors import OutputUnusable, UsageError
from harness.expectations import expected_results, read_expectations, write_expectations
from schemas.case_records import CaseRecord
from schemas.clauses import clause
from schemas.rulings import ruled
from schemas.run_log import Run
from schemas.verdicts import Level, Outcome
from tests.made_runs import made_run

TODAY = date(2026, 11, 22)
HOSTILE = 'a "quoted"\n\x1b[31m 你好 \\ word'


def a_case(name: str, outcome: Outcome, *broken: str, message: str = "") -> CaseRecord:
    found = [clause(slug).broken(expected="this", actual="that") for slug in broken]
    return CaseRecord(
        id=name,
        group="delivery",
        level=Level.MUST,
        outcome=outcome,
        clauses=["delivery-order", "delivery-once"],
        message=message,
        findings=found,
    )


def run_of(*cases: CaseRecord) -> Run:
    return made_run(asked=["conformance"], cases=list(cases), totals=None, metrics={})


def test_what_was_written_makes_the_same_run_green(tmp_path: Path) -> None:
    file = tmp_path / "e.toml"
    run = run_of(
        a_case("a:*x", Outcome.PASSED),
        a_case("b", Outcome.FAILED, "delivery-order", message=HOSTILE),
        a_case("c", Outcome.BLOCKED),
        a_case("d", Outcome.NOT_APPLICABLE),
        a_case("e", Outcome.NON_STRICT, "delivery-once"),
    )
    assert write_expectations(file, run, TODAY) == 2
    entries = read_expectations(file)
    assert entries[0].clauses == ("delivery-order",)
    assert HOSTILE in entries[0].reason
    again = ruled(run, expected_results(run, entries, TODAY))
    assert [case.outcome for case in again.cases] == [
        Outcome.PASSED,
        Outcome.EXPECTED_FAILURE,
        Outcome.EXPECTED_FAILURE,
        Outcome.NOT_APPLICABLE,
        Outcome.NON_STRICT,
    ]


def test_reasons_and_comments_stay_and_what_is_over_goes(tmp_path: Path) -> None:
    file = tmp_path / "e.toml"
    file.write_text(
        "# ours\n"
        '[[expected]]\ncase = "b"  # the old one\nreason = "why"\nticket = "CHAT-7"\n'
        'expires = 2020-01-01\n\n[[expected]]\ncase = "a"\nreason = "mended"\n\n'
        '[[expected]]\ncase = "elsewhere"\nreason = "not run"\n\n'
        '[[flaky]]\ncase = "f"\nreason = "now and then"\n'
    )
    run = run_of(
        a_case("a", Outcome.PASSED),
        a_case("b", Outcome.FAILED, "delivery-order"),
        a_case("f", Outcome.FAILED, "delivery-order"),
        a_case("n", Outcome.FAILED, "delivery-once"),
    )
    assert write_expectations(file, run, TODAY) == 4
    text = file.read_text()
    assert text.startswith("# ours\n")
    assert "# the old one" in text
    entries = read_expectations(file)
    assert [(entry.cases, entry.flaky) for entry in entries] == [
        (("b",), False),
        (("elsewhere",), False),
        (("n",), False),
        (("f",), True),
    ]
    assert (entries[0].reason, entries[0].ticket, entries[0].expires) == (
        "why",
        "CHAT-7",
        date(2020, 1, 1),
    )


def test_writing_twice_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "e.toml"
    run = run_of(a_case("b", Outcome.FAILED, "delivery-order"))
    write_expectations(file, run, TODAY)
    before = file.read_text()
    write_expectations(file, run, date(2027, 1, 1))
    assert file.read_text() == before


def test_when_the_last_failure_is_mended_the_file_is_empty(tmp_path: Path) -> None:
    file = tmp_path / "e.toml"
    write_expectations(file, run_of(a_case("b", Outcome.FAILED, "delivery-order")), TODAY)
    assert write_expectations(file, run_of(a_case("b", Outcome.PASSED)), TODAY) == 0
    assert read_expectations(file) == ()


def test_a_partial_run_writes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "e.toml"
    run = made_run(cases=[a_case("b", Outcome.FAILED, "delivery-order")], footer=None)
    with pytest.raises(UsageError, match="did not come to its end"):
        write_expectations(file, run, TODAY)
    assert not file.exists()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputUnusable, match="cannot write to"):
        write_expectations(tmp_path / "no" / "e.toml", run_of(), TODAY)


def test_what_is_no_toml_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "e.toml"
    file.write_text("not = = toml")
    with pytest.raises(UsageError, match="is no TOML"):
        write_expectations(file, run_of(), TODAY)
    assert file.read_text() == "not = = toml"
