"""Bad input that is taken, or not survived, is found in whichever way a target refuses."""

import pytest

from harness.conformance import SuiteOptions
from harness.conformance.bench import ENOUGH_FAILURES
from schemas.verdicts import Outcome

pytestmark = pytest.mark.loopback

MODES = ("--on-bad-input error-frame", "--on-bad-input close", "--ack none")


@pytest.mark.parametrize("mode", MODES)
def test_bad_input_that_is_taken_is_found(mode, in_mode, judge):
    with in_mode(*mode.split(), "--fault", "unknown-type-accepted") as profile:
        options = SuiteOptions(keyword="no_such_type_is_refused")
        records, _ = judge(profile.url, profile=profile, options=options)
    outcomes = [record.outcome for record in records.values()]
    assert set(outcomes[:ENOUGH_FAILURES]) == {Outcome.FAILED}
    assert set(outcomes[ENOUGH_FAILURES:]) == {Outcome.BLOCKED}


@pytest.mark.parametrize("mode", MODES[:2])
def test_a_crash_is_no_refusal(mode, in_mode, judge):
    with in_mode(*mode.split(), "--fault", "crash-on-nul") as profile:
        options = SuiteOptions(keyword="null_character or nul")
        records, _ = judge(profile.url, profile=profile, options=options)
    assert records["errors-odd-json-is-survived:nul"].outcome is not Outcome.PASSED


def test_silence_in_the_first_refusal_blocks_the_others(serving, judge):
    keyword = "after_a_refusal or title_without_a_topic"
    with serving("refusal-silent") as url:
        records, _ = judge(url, options=SuiteOptions(keyword=keyword), answer_s=0.5)
    proof = records.pop("errors-after-a-refusal-the-next-message-is-accepted")
    assert proof.outcome is Outcome.FAILED
    assert {record.outcome for record in records.values()} == {Outcome.BLOCKED}
