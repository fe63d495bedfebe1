from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from xmlschema import XMLSchema

from reports import junit
from reports.material import Material, read_material
from schemas.case_records import CaseRecord
from schemas.findings import Finding
from schemas.load_records import Violation
from schemas.records import OwnFault
from schemas.verdict_file import Severity, ThresholdOutcome, ThresholdResult, VerdictFile
from schemas.verdicts import ExitCode, Level, Outcome, Verdict

_SCHEMA = XMLSchema(Path(__file__).parent / "junit.xsd")


def _parsed(material: Material) -> Xml.Element:
    """The document, after checking that it has the shape that readers share."""
    text = junit.render(material)
    _SCHEMA.validate(text.partition("\n")[2])
    root = Xml.fromstring(text)
    for holder in (root, *root):
        for attribute, tag in (
            ("failures", "failure"),
            ("errors", "error"),
            ("skipped", "skipped"),
        ):
            assert int(holder.get(attribute, "")) == len(list(holder.iter(tag)))
        assert int(holder.get("tests", "")) == len(list(holder.iter("testcase")))
    return root


def _result(root: Xml.Element, name: str) -> str:
    (case,) = (case for case in root.iter("testcase") if case.get("name") == name)
    return next((child.tag for child in case), "passed")


def test_junit(material: Material, golden: Callable[[str, str], None]) -> None:
    _parsed(material)
    golden("junit.xml", junit.render(material))


@pytest.mark.parametrize(
    ("outcome", "tag"),
    [
        (Outcome.PASSED, "passed"),
        (Outcome.FAILED, "failure"),
        (Outcome.UNEXPECTED_PASS, "failure"),
        (Outcome.ERROR, "error"),
        (Outcome.INCONCLUSIVE, "error"),
        (Outcome.BLOCKED, "error"),
        (Outcome.NOT_APPLICABLE, "skipped"),
        (Outcome.NON_STRICT, "system-out"),
        (Outcome.INFORMATIONAL, "system-out"),
        (Outcome.EXPECTED_FAILURE, "skipped"),
    ],
)
def test_each_outcome_has_its_element(make_run, make_case, outcome: Outcome, tag: str) -> None:
    folder = make_run(make_case("group.case", outcome, message="because"))
    root = _parsed(read_material(folder))
    assert _result(root, "group.case") == tag
    said = "because" in Xml.tostring(root, encoding="unicode")
    assert said is (outcome is not Outcome.PASSED)


@pytest.mark.parametrize(
    ("gated", "tag"), [(Level.MUST, "skipped"), (Level.SHOULD, "failure"), (Level.INFO, "failure")]
)
def test_a_failure_below_the_gated_level_fails_no_build(
    make_run, make_case, gated: Level, tag: str
) -> None:
    judged = VerdictFile(verdict=Verdict.PASSED, exit_code=ExitCode.PASSED, reasons=[], level=gated)
    folder = make_run(
        make_case("group.case", Outcome.FAILED, level=Level.SHOULD, message="because"),
        make_case("group.other", Outcome.ERROR, level=Level.SHOULD, message="because"),
        make_case("group.off", Outcome.NOT_APPLICABLE, level=Level.SHOULD, message="because"),
        Violation(finding=Finding("ack-echo", Level.SHOULD, "an echo", "none"), count=5),
        verdict=judged,
    )
    root = _parsed(read_material(folder))
    assert _result(root, "group.case") == _result(root, "clause ack-echo") == tag
    assert _result(root, "group.other") == ("skipped" if tag == "skipped" else "error")
    (case,) = (case for case in root.iter("testcase") if case.get("name") == "group.case")
    below = "failed below the gated level (SHOULD): because"
    assert (case[0].get("message") == below) is (tag == "skipped")
    (off,) = (case for case in root.iter("testcase") if case.get("name") == "group.off")
    assert off[0].get("message") == "not-applicable: because"


def test_a_threshold_that_only_warns_fails_no_build(make_run) -> None:
    missed = ThresholdResult(
        text="p99(ack) < 1ms",
        value=2_000,
        limit=1_000,
        outcome=ThresholdOutcome.MISSED,
        severity=Severity.WARN,
    )
    judged = VerdictFile(
        verdict=Verdict.PASSED, exit_code=ExitCode.PASSED, reasons=[], thresholds=[missed]
    )
    root = _parsed(read_material(make_run(verdict=judged)))
    assert _result(root, "p99(ack) < 1ms") == "system-out"
    assert root.get("failures") == "0"


def test_the_schema_tells_a_broken_document() -> None:
    suite = '<testsuite name="s" tests="1" failures="0" errors="0">{}</testsuite>'
    whole = '<testsuites name="x" tests="1" failures="0" errors="0">{}</testsuites>'
    for case in (
        "<testcase/>",
        '<testcase name="a" classname="b"><failure/></testcase>',
        '<testcase name="a" classname="b"><skipped/><error type="x"/></testcase>',
        '<testcase name="a" classname="b"><crashed/></testcase>',
    ):
        assert not _SCHEMA.is_valid(whole.format(suite.format(case)))
    assert _SCHEMA.is_valid(whole.format(suite.format('<testcase name="a" classname="b"/>')))


def test_there_is_a_suite_for_each_group(material: Material) -> None:
    assert [suite.get("name") for suite in _parsed(material)] == [
        "conformance.login",
        "conformance.envelope",
        "conformance.delivery",
        "conformance.staff",
        "load",
        "run",
    ]


def test_a_failure_names_clause_sentence_and_pointer(material: Material) -> None:
    (failure,) = (
        case[0]
        for case in _parsed(material).iter("testcase")
        if case.get("name") == "envelope.result"
    )
    assert failure.get("type") == "out-result-type"
    assert "`Result` is a boolean, null or absent." in (failure.text or "")
    assert "at: /Result" in (failure.text or "")


def test_load_results_are_tests(material: Material) -> None:
    root = _parsed(material)
    assert _result(root, "error_rate < 0.1%") == "failure"
    assert _result(root, "p99(ack) < 500ms") == "error"
    assert _result(root, "p50(ack) < 500ms") == "system-out"
    assert _result(root, "lost == 0") == "failure"
    assert _result(root, "in_flight == 0") == "error"
    assert _result(root, "misrouted == 0") == "passed"
    assert _result(root, "clause out-result-type") == "failure"
    assert _result(root, "clause ack-echo") == "system-out"


@pytest.mark.parametrize(
    ("verdict", "code", "tag"),
    [
        (Verdict.PASSED, ExitCode.PASSED, "passed"),
        (Verdict.FAILED, ExitCode.FAILED, "failure"),
        (Verdict.NO_VERDICT, ExitCode.NO_VERDICT, "error"),
    ],
)
def test_the_verdict_stands_as_a_test(make_run, verdict: Verdict, code: ExitCode, tag: str) -> None:
    judged = VerdictFile(verdict=verdict, exit_code=code, reasons=["cause: words"])
    assert _result(_parsed(read_material(make_run(verdict=judged))), "verdict") == tag


def test_a_run_in_which_nothing_ran_is_not_green(make_run) -> None:
    root = _parsed(read_material(make_run()))
    assert root.get("errors") == "1"


def test_a_fault_of_the_harness_is_an_error(make_run) -> None:
    folder = make_run(OwnFault(where="swarm.pacer", message="ValueError: x"))
    assert _result(_parsed(read_material(folder)), "swarm.pacer") == "error"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=60))
def test_no_text_breaks_the_document(make_run, text: str) -> None:
    record = CaseRecord(
        id=text, group=text, level=Level.MUST, outcome=Outcome.FAILED, clauses=[text], message=text
    )
    _parsed(read_material(make_run(record)))
