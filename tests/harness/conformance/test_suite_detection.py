"""What one fault does to the other cases; that each is found is tested in ``tests/detection``."""

import pytest

from schemas.verdicts import Outcome

pytestmark = pytest.mark.loopback


def test_one_cause_does_not_turn_everything_red(serving, judge, not_passed):
    with serving("wrong-msgstatus") as url:
        records, _ = judge(url, answer_s=1.0)
    left = not_passed(records)
    failed = [key for key, (outcome, _) in left.items() if outcome is Outcome.FAILED]
    assert failed == ["envelope-every-message-fits-the-page"]
    others = {outcome for outcome, _ in left.values()} - {Outcome.FAILED}
    assert others == {Outcome.BLOCKED, Outcome.NOT_APPLICABLE}
