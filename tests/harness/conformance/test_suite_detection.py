"""What one fault does to the other cases; that each is found is tested in ``tests/detection``."""

import pytest

from harness.conformance.bench import ENOUGH_FAILURES
from schemas.verdicts import Outcome

pytestmark = pytest.mark.loopback


def test_one_cause_does_not_turn_everything_red(serving, judge, not_passed):
    with serving("wrong-msgstatus") as url:
        records, _ = judge(url, answer_s=1.0)
    left = not_passed(records)
    failed = [key for key, (outcome, _) in left.items() if outcome is Outcome.FAILED]
    assert 1 <= len(failed) <= ENOUGH_FAILURES
    told = [{each.clause for each in records[key].findings} for key in failed]
    assert all("out-msgstatus-word" in clauses for clauses in told), told
    others = {outcome for outcome, _ in left.values()} - {Outcome.FAILED}
    assert others == {Outcome.BLOCKED, Outcome.NOT_APPLICABLE}


def test_what_lets_a_basis_fall_is_told_by_those_whose_matter_it_is(serving, judge):
    """No message can be taken as answered here, so nothing that was generated was ever tried."""
    with serving("ack-without-msg") as url:
        records, _ = judge(url, answer_s=1.0)
    failed = [record for record in records.values() if record.outcome is Outcome.FAILED]
    assert len(failed) >= 3
    assert all("ack-echo" in {each.clause for each in record.findings} for record in failed)
    generated = [record for record in records.values() if record.group == "generated"]
    assert Outcome.PASSED not in {record.outcome for record in generated}
