"""From findings and stops to outcomes: every row of contract §3."""

import pytest

from harness.conformance.bench import ENOUGH_FAILURES, Bench
from harness.conformance.spec import CaseSpec
from harness.conformance.stops import Blocked, Inconclusive, NotApplicable, broken
from harness.conformance.verdict import decide, describing_line
from harness.errors import TargetUnavailable, Unavailability
from harness.target import MintedAccounts, default_profile
from harness.target.reading import profile_from
from schemas.clauses import clause
from schemas.verdicts import Level, Outcome

URL = "ws://127.0.0.1:1/"
SPEC = CaseSpec(clauses=("same-msg", "delivery-once", "out-extra-member"))


def found(slug):
    return clause(slug).broken(expected="this", actual="that")


def bench(strict=False, **dialect):
    table = {"url": URL, "dialect": dialect} if dialect else {"url": URL}
    return Bench(profile_from(table, "test"), MintedAccounts("t"), strict=strict)


@pytest.mark.parametrize(
    ("slugs", "options", "outcome", "level"),
    [
        ([], {}, Outcome.PASSED, Level.MUST),
        (["delivery-once"], {}, Outcome.FAILED, Level.MUST),
        (["same-msg"], {}, Outcome.NON_STRICT, Level.SHOULD),
        (["same-msg"], {"strict": True}, Outcome.FAILED, Level.SHOULD),
        (["same-msg"], {"same_msg": True}, Outcome.FAILED, Level.SHOULD),
        (["same-msg"], {"same_msg": False}, Outcome.PASSED, Level.MUST),
        (["out-extra-member"], {}, Outcome.INFORMATIONAL, Level.INFO),
        (["out-extra-member", "same-msg"], {}, Outcome.NON_STRICT, Level.SHOULD),
        (["same-msg", "delivery-once"], {}, Outcome.FAILED, Level.MUST),
    ],
)
def test_findings_are_graded_by_level_and_key(slugs, options, outcome, level):
    verdict = decide(SPEC, [found(slug) for slug in slugs], None, bench(**options))
    assert (verdict.outcome, verdict.level) == (outcome, level)


@pytest.mark.parametrize(
    ("stop", "outcome"),
    [
        (Blocked("the login"), Outcome.BLOCKED),
        (TargetUnavailable(URL, Unavailability.REFUSED), Outcome.BLOCKED),
        (Inconclusive("perhaps"), Outcome.INCONCLUSIVE),
        (NotApplicable("no staff"), Outcome.NOT_APPLICABLE),
        (broken("isolation", "a", "b"), Outcome.BLOCKED),
        (broken("replay-unread", "a", "b"), Outcome.NOT_APPLICABLE),
        (Blocked("so", found("replay-unread")), Outcome.NOT_APPLICABLE),
        (Blocked("so", found("delivery-stored")), Outcome.BLOCKED),
        (KeyError("oops"), Outcome.ERROR),
    ],
)
def test_a_stop_has_its_outcome(stop, outcome):
    verdict = decide(SPEC, [], stop, bench())
    assert verdict.outcome is outcome
    assert verdict.message


def test_what_a_strict_reading_demands_blocks_what_stands_on_it():
    stop = broken("replay-unread", "a", "b")
    assert decide(SPEC, [], stop, bench(strict=True)).outcome is Outcome.BLOCKED


def test_a_proven_failure_outweighs_what_stopped_the_case():
    verdict = decide(SPEC, [found("delivery-once")], Blocked("then"), bench())
    assert verdict.outcome is Outcome.FAILED


def test_a_case_that_its_own_clause_stopped_tells_what_it_found():
    stop = Blocked("could not go on", found("same-msg"))
    verdict = decide(SPEC, [found("same-msg")], stop, bench())
    assert (verdict.outcome, bool(verdict.profile_line)) == (Outcome.NON_STRICT, True)
    assert decide(SPEC, [], stop, bench(same_msg=False)).outcome is Outcome.NOT_APPLICABLE


def test_a_stop_outweighs_what_is_not_strict():
    assert decide(SPEC, [found("same-msg")], Blocked("then"), bench()).outcome is Outcome.BLOCKED


def test_a_broken_clause_that_is_off_leaves_nothing_to_say():
    stop = broken("same-msg", "a", "b")
    verdict = decide(SPEC, [stop.finding], stop, bench(same_msg=False))
    assert verdict.outcome is Outcome.NOT_APPLICABLE


def test_an_own_fault_names_its_place_and_no_traceback():
    try:
        raise KeyError("oops")
    except KeyError as fault:
        message = decide(SPEC, [], fault, bench()).message
    assert "KeyError" in message
    assert "test_verdict.py:" in message
    assert "\n" not in message


def test_non_strict_prints_the_line_that_describes_the_server():
    assert decide(SPEC, [found("same-msg")], None, bench()).profile_line == (
        "[dialect] same_msg = false"
    )


@pytest.mark.parametrize(
    ("slug", "line"),
    [
        ("time-format", '[dialect] time_formats = "off"'),
        ("replay-unread", "[capabilities] replay_unread = false"),
        ("delivery-once", ""),
        ("upgrade-by-get", ""),
    ],
)
def test_describing_lines(slug, line):
    assert describing_line(default_profile(URL), slug) == line


def test_a_describing_line_can_be_written_into_a_profile():
    for slug in ("time-format", "same-msg", "ack-echo", "limit-message-size"):
        line = describing_line(default_profile(URL), slug)
        section, assignment = line.removeprefix("[").split("] ")
        table = {"url": URL}
        key, value = assignment.split(" = ")
        table[section] = {key: value.strip('"') if value != "false" else False}
        profile_from(table, "test")


def test_what_enough_cases_have_shown_blocks_those_that_fail_by_it_alone():
    ground = bench()
    for number in range(ENOUGH_FAILURES):
        assert decide(SPEC, [found("delivery-once")], None, ground).outcome is Outcome.FAILED
        ground.failed(f"case-{number}", ["delivery-once"])
    later = decide(SPEC, [found("delivery-once")], None, ground)
    assert later.outcome is Outcome.BLOCKED
    assert [finding.clause for finding in later.findings] == ["delivery-once"]
    assert later.message.startswith("case-0 and 4 more have shown that delivery-once is broken")


def test_what_also_fails_by_something_new_fails():
    ground = bench(strict=True)
    for number in range(ENOUGH_FAILURES):
        ground.failed(f"case-{number}", ["delivery-once"])
    both = decide(SPEC, [found("delivery-once"), found("same-msg")], None, ground)
    assert both.outcome is Outcome.FAILED
