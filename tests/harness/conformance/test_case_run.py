"""What a record says of the clauses that its case did not come to judge."""

import pytest

from harness.conformance.bench import Bench, Passing
from harness.conformance.case_run import CaseRun
from harness.conformance.spec import CaseSpec, Group
from harness.conformance.stops import Blocked, broken
from harness.target import MintedAccounts
from harness.target.reading import profile_from
from schemas.clauses import clause
from schemas.verdicts import Outcome

URL = "ws://127.0.0.1:1/"
CLAUSES = ("delivery-once", "same-msg", "delivery-order")


@pytest.fixture
def run():
    """A case of three clauses; the profile declares ``same-msg``, turns it off or is silent."""

    def make(same_msg=True, **spec):
        dialect = {} if same_msg is None else {"same_msg": same_msg}
        profile = profile_from({"url": URL, "dialect": dialect}, "test")
        bench = Bench(profile, MintedAccounts("t"))
        bench.frames_seen = 1
        return CaseRun(bench, CaseSpec(clauses=CLAUSES, **spec), "text-x", Group.TEXT, "x")

    return make


def found(slug):
    return clause(slug).broken(expected="this", actual="that")


def test_a_case_that_came_to_its_end_has_decided_all_clauses(run):
    record = run().finish()
    assert (record.outcome, record.undecided, record.passive) == (Outcome.PASSED, [], False)


def test_a_clause_that_is_off_is_undecided(run):
    assert run(same_msg=False).finish().undecided == ["same-msg"]


def test_what_lies_behind_a_stop_is_undecided(run):
    case = run()
    case.halt(broken("same-msg", "this", "that"))
    record = case.finish()
    assert record.outcome is Outcome.FAILED
    assert record.undecided == ["delivery-once", "delivery-order"]


def test_a_blocked_case_has_decided_nothing(run):
    case = run()
    case.halt(Blocked("the login"))
    assert case.finish().undecided == list(CLAUSES)


def test_what_is_outweighed_by_a_worse_finding_is_undecided(run):
    case = run(same_msg=None)
    for slug in ("delivery-once", "same-msg"):
        case.evidence.report(found(slug))
    record = case.finish()
    assert [finding.clause for finding in record.findings] == ["delivery-once"]
    assert record.undecided == ["same-msg"]


def test_a_passive_case_decides_only_what_it_found(run):
    case = run(collects=True, passive=True)
    case.bench.passing.append(Passing(found("delivery-order"), "text-y", []))
    record = case.finish()
    assert record.passive
    assert record.outcome is Outcome.FAILED
    assert record.undecided == ["delivery-once", "same-msg"]
