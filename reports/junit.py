"""Writes ``junit.xml`` in the shape that Jenkins, GitLab and GitHub readers share.

One suite for each group of cases, one for the load, one for the run itself: its verdict stands
there as a test, so that a run in which nothing ran is never read as green.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from xml.etree import ElementTree as Xml

from reports import figures
from reports.case_words import replay_command
from reports.material import Material
from reports.plain_text import visible
from schemas.case_records import CaseRecord
from schemas.clauses import Clause, register
from schemas.findings import Finding
from schemas.ledger_totals import ANOMALY_WORDS
from schemas.load_records import LoadTotals, Violation
from schemas.verdict_file import Severity, ThresholdOutcome, ThresholdResult
from schemas.verdicts import Level, Outcome, Verdict

_TAGS = {
    Outcome.FAILED: "failure",
    Outcome.UNEXPECTED_PASS: "failure",
    Outcome.ERROR: "error",
    Outcome.INCONCLUSIVE: "error",
    Outcome.BLOCKED: "error",
    Outcome.NOT_APPLICABLE: "skipped",
    Outcome.EXPECTED_FAILURE: "skipped",
}
_VERDICT_TAGS = {Verdict.FAILED: "failure", Verdict.NO_VERDICT: "error"}
_THRESHOLD_TAGS = {ThresholdOutcome.MISSED: "failure", ThresholdOutcome.NO_VERDICT: "error"}
_ATTRIBUTE_CHARS, _BODY_CHARS = 1_000, 20_000


@dataclass(frozen=True, slots=True)
class _Test:
    """One ``testcase``. ``tag`` is the element that says it did not pass, "" where it did."""

    name: str
    tag: str = ""
    kind: str = ""
    message: str = ""
    body: str = ""
    seconds: float = 0.0
    out: str = ""


@dataclass(slots=True)
class _Suite:
    """One ``testsuite``."""

    name: str
    tests: list[_Test] = field(default_factory=list)


def render(material: Material) -> str:
    """The whole document."""
    suites = [*_groups(material), *_load(material), _run(material)]
    root = Xml.Element("testsuites", {"name": "chatsocket", **_counts(suites)})
    stamp = material.run.header.started[:19]
    for suite in suites:
        root.append(_suite(suite, stamp))
    Xml.indent(root)
    body = Xml.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _groups(material: Material) -> list[_Suite]:
    suites: dict[str, _Suite] = {}
    for case in material.run.cases:
        suite = suites.setdefault(case.group, _Suite(f"conformance.{case.group}"))
        suite.tests.append(_case(case, material.replay_folder(case.id), material.verdict.level))
    return list(suites.values())


def _case(case: CaseRecord, folder: str, gated: Level) -> _Test:
    """``folder`` is that of its run, "" where it cannot be run again.

    What did not pass below the ``gated`` level is shown, and fails nobody's build.
    """
    counts = case.level.binds_at(gated)
    tag = _tag(case.outcome, counts=counts)
    own = {entry.id: entry for entry in case.own_clauses}
    lines = [case.message, *(_finding(finding, own) for finding in case.findings)]
    why = case.expected.excuse if case.expected else ""
    if case.profile_line:
        lines.append(f"the profile line that describes this target: {case.profile_line}")
    if tag and folder:
        lines.append(f"again: {replay_command(folder, case.id)}")
    text = "\n\n".join(line for line in lines if line)
    passed = not tag and case.outcome is not Outcome.PASSED
    return _Test(
        name=case.id,
        tag=tag,
        kind=case.findings[0].clause if case.findings else str(case.outcome),
        message=f"{_standing(case, counts=counts)}: "
        f"{why or case.message or ', '.join(case.clauses)}",
        body="" if tag == "skipped" else text,
        seconds=case.duration_ms / 1000,
        out=f"{case.outcome}\n{text}" if passed else "",
    )


def _tag(outcome: Outcome, *, counts: bool) -> str:
    tag = _TAGS.get(outcome, "")
    return tag if counts or not tag else "skipped"


def _standing(case: CaseRecord, *, counts: bool) -> str:
    words = str(case.outcome)
    if counts or _TAGS.get(case.outcome) not in ("failure", "error"):
        return words
    return f"{words} below the gated level ({case.level.upper()})"


def _finding(finding: Finding, own: Mapping[str, Clause] = MappingProxyType({})) -> str:
    known = own.get(finding.clause) or register().get(finding.clause)
    lines = [f"clause {finding.clause} ({finding.level}{f', {known.source}' if known else ''})"]
    if known:
        lines.append(known.sentence)
    lines += [f"expected: {finding.expected}", f"actual: {finding.actual}"]
    if finding.pointer:
        lines.append(f"at: {finding.pointer}")
    if finding.frame:
        lines.append(f"frame: {finding.frame}")
    return "\n".join(lines)


def _load(material: Material) -> list[_Suite]:
    run = material.run
    gated = material.verdict.level
    suite = _Suite("load", [_threshold(result) for result in material.verdict.thresholds])
    if run.totals is not None:
        suite.tests += _ledger(run.totals)
    suite.tests += [_violation(each, gated) for each in run.violations]
    return [suite] if suite.tests else []


def _violation(violation: Violation, gated: Level) -> _Test:
    text = _finding(violation.finding)
    counts = violation.finding.level.binds_at(gated)
    return _Test(
        name=f"clause {violation.finding.clause}",
        tag=_tag(violation.outcome, counts=counts),
        kind=violation.finding.clause,
        message=f"{violation.outcome}: {violation.count} times under load",
        body=text,
        out=f"{violation.outcome}: {violation.count} times under load\n{text}",
    )


def _threshold(result: ThresholdResult) -> _Test:
    measured = figures.threshold(result, result.value)
    tag = _THRESHOLD_TAGS.get(result.outcome, "")
    return _Test(
        name=result.text,
        tag=tag if result.severity is Severity.FAIL else "",
        kind="threshold",
        message=f"{result.outcome}: measured {measured}",
        body=result.note,
        out=f"{result.severity}, {result.outcome}: measured {measured}",
    )


def _ledger(totals: LoadTotals) -> list[_Test]:
    counts = [(word, getattr(totals.ledger, word), "failure") for word in ANOMALY_WORDS]
    counts.append(("in_flight", totals.ledger.in_flight, "error"))
    counts.append(("invalid frames", totals.frames.invalid, "failure"))
    counts.append(
        ("connections dropped by the server", totals.connections.dropped_by_server, "failure")
    )
    return [
        _Test(
            name=f"{word} == 0", tag=tag if number else "", kind=word, message=f"{word}: {number}"
        )
        for word, number, tag in counts
    ]


def _run(material: Material) -> _Suite:
    verdict = material.verdict
    suite = _Suite("run")
    suite.tests.append(
        _Test(
            name="verdict",
            tag=_VERDICT_TAGS.get(verdict.verdict, ""),
            kind=str(verdict.verdict),
            message=verdict.reasons[0] if verdict.reasons else str(verdict.verdict),
            body="\n".join(verdict.reasons),
        )
    )
    for fault in material.run.errors:
        body = fault.traceback or fault.message
        suite.tests.append(_Test(fault.where, "error", "own-fault", fault.message, body))
    return suite


def _counts(suites: list[_Suite]) -> dict[str, str]:
    tests = [test for suite in suites for test in suite.tests]
    tags = [test.tag for test in tests]
    return {
        "tests": str(len(tests)),
        "failures": str(tags.count("failure")),
        "errors": str(tags.count("error")),
        "skipped": str(tags.count("skipped")),
        "time": f"{sum(test.seconds for test in tests):.3f}",
    }


def _suite(suite: _Suite, stamp: str) -> Xml.Element:
    attributes = {"name": _xml(suite.name), **_counts([suite]), "timestamp": _xml(stamp)}
    element = Xml.Element("testsuite", attributes)
    for test in suite.tests:
        element.append(_testcase(suite.name, test))
    return element


def _testcase(suite: str, test: _Test) -> Xml.Element:
    attributes = {"classname": suite, "name": test.name, "time": f"{test.seconds:.3f}"}
    element = Xml.Element("testcase", {key: _xml(value) for key, value in attributes.items()})
    if test.tag:
        said = {"message": _xml(test.message)}
        if test.tag != "skipped":
            said["type"] = _xml(test.kind)
        Xml.SubElement(element, test.tag, said).text = _body(test.body) or None
    elif test.out:
        Xml.SubElement(element, "system-out").text = _body(test.out)
    return element


def _xml(text: str) -> str:
    """One line that XML 1.0 allows (section 2.2): what is invisible is written as an escape."""
    return visible(text[:_ATTRIBUTE_CHARS])


def _body(text: str) -> str:
    """The same of many lines."""
    return visible(text[:_BODY_CHARS], keep="\n")
