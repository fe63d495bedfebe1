"""Faults of every chapter are found, under a clause that they break.

A sample that every test run can afford; ``make detection`` tries the whole catalogue.
"""

import pytest

from harness.conformance import SuiteOptions, list_cases
from reference_server.faults import CATALOGUE
from schemas.verdicts import Outcome

pytestmark = pytest.mark.loopback

BASES = ("right_request", "right_token", "confirm_is_accepted", "text_is_ack", "both_sides_receive")
SAMPLE = (
    "wrong-msgstatus",
    "result-as-string",
    "error-missing",
    "error-on-success",
    "unread-off-by-one",
    "time-without-offset",
    "login-missing",
    "missing-ack",
    "duplicate-delivery",
    "lost-delivery",
    "reordered-delivery",
    "misrouted-delivery",
    "corrupted-content",
    "receipt-delivered",
    "crash-on-image",
)


def keyword_for(clauses):
    """The cases of these clauses, what they stand on, and the collectors."""
    ids = [case.id for case in list_cases() if not case.passive and clauses & set(case.clauses)]
    names = [case_id.partition("-")[2].partition(":")[0].replace("-", "_") for case_id in ids]
    return " or ".join({*names, *BASES, "nothing_else"})


@pytest.mark.parametrize("name", SAMPLE)
def test_fault_is_found_for_the_right_clause(name, serving, judge):
    fault = CATALOGUE[name]
    options = SuiteOptions(keyword=keyword_for(set(fault.clauses)))
    with serving(fault.name) as url:
        records, _ = judge(url, options=options, answer_s=1.0)
    found = {
        finding.clause
        for record in records.values()
        if record.outcome is Outcome.FAILED
        for finding in record.findings
    }
    assert found & set(fault.clauses), {key: r.message for key, r in records.items()}
    assert Outcome.ERROR not in {record.outcome for record in records.values()}


def test_one_cause_does_not_turn_everything_red(serving, judge, not_passed):
    with serving("wrong-msgstatus") as url:
        records, _ = judge(url, answer_s=1.0)
    left = not_passed(records)
    failed = [key for key, (outcome, _) in left.items() if outcome is Outcome.FAILED]
    assert failed == ["envelope-every-message-fits-the-page"]
    others = {outcome for outcome, _ in left.values()} - {Outcome.FAILED}
    assert others == {Outcome.BLOCKED, Outcome.NOT_APPLICABLE}
