"""The generated cases against live servers: silent about honest ones, aware of odd faults.

The faults are private (``odd_server.py``): no case was written for them. Seeds and levels are in
the messages of what fails.
"""

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from harness.conformance import Generate, Generation, Group, SuiteOptions, list_cases
from harness.target import Account, ListedAccounts, MintedAccounts
from schemas.verdicts import Outcome
from schemas.words import Role

pytestmark = pytest.mark.loopback

ODD = Path(__file__).with_name("odd_server.py")
ROOT = Path(__file__).parents[4]
ONE, TWO = "generated-a-play-of-one-conversation", "generated-a-play-of-two-conversations"
VALID, WRONG = "generated-valid-frames-are-taken", "generated-wrong-frames-are-refused"


def options(level=Generate.QUICK, seed=1, keyword=""):
    return SuiteOptions(
        groups=(Group.GENERATED,), keyword=keyword, generation=Generation(level, seed)
    )


def keyword_of(case):
    return case.removeprefix("generated-").replace("-", "_")


@contextmanager
def odd(fault):
    command = [sys.executable, str(ODD), fault]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()


def failed(record, seed):
    assert record.outcome is Outcome.FAILED, (seed, record.outcome, record.message)
    return {finding.clause for finding in record.findings}


@pytest.mark.parametrize("seed", [1, 2])
def test_an_honest_server_passes(judge, honest_url, not_passed, seed):
    fresh = MintedAccounts(f"seed{seed}")
    records, _ = judge(honest_url, options=options(seed=seed), accounts=fresh)
    others = {key: record for key, record in records.items() if not key.endswith("-close")}
    assert not_passed(others) == {}, f"seed {seed}"


@pytest.mark.parametrize(
    "switches",
    [
        ("--binding", "url"),
        ("--read-receipt", "none", "--content-text", "any"),
        ("--on-bad-input", "close", "--replay-count", "running"),
    ],
    ids=" ".join,
)
def test_an_honest_server_passes_in_odd_modes(judge, in_mode, switches):
    with in_mode(*switches) as profile:
        records, _ = judge("", options=options(), profile=profile)
    wrong = [
        (key, record.outcome, record.message)
        for key, record in records.items()
        if record.outcome not in (Outcome.PASSED, Outcome.NOT_APPLICABLE)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("fault", "case", "clauses"),
    [
        ("forgets-after-three-returns", ONE, {"unread-count", "replay-count"}),
        ("trims-ideographic-space", VALID, {"content-text"}),
        ("reads-on-refusal", WRONG, {"refused-marks-nothing"}),
        pytest.param(
            "reads-yaml",
            WRONG,
            {"refuse-json-syntax", "refuse-trailing-bytes", "refuse-nan"},
            marks=pytest.mark.long,
        ),
    ],
)
def test_a_fault_that_nobody_thought_of_is_found(judge, fault, case, clauses):
    with odd(fault) as url:
        wish = options(Generate.NORMAL, keyword=keyword_of(case))
        records, _ = judge(url, options=wish, answer_s=1.0)
    assert failed(records[case], 1) & clauses
    assert "of 2 times after 1. " in records[case].message
    assert "--generate normal --seed 1" in records[case].message


def test_a_failure_that_does_not_come_again_is_inconclusive(judge):
    with odd("loses-one-text") as url:
        records, _ = judge(url, options=options(keyword=keyword_of(VALID)), answer_s=1.0)
    assert records[VALID].outcome is Outcome.INCONCLUSIVE
    assert "did not come again" in records[VALID].message


def test_what_an_earlier_case_has_found_is_not_found_again(judge, serving):
    with serving("trailing-bytes-accepted") as url:
        wish = SuiteOptions(keyword="wrong_frames_are_refused or trailing_bytes_are")
        records, _ = judge(url, options=wish, answer_s=1.0)
    assert records["errors-trailing-bytes-are-refused"].outcome is Outcome.FAILED
    wrong = records[WRONG]  # which may not have come across it again
    assert wrong.outcome in (Outcome.BLOCKED, Outcome.PASSED), wrong.message
    assert ("an earlier case has found" in wrong.message) == (wrong.outcome is Outcome.BLOCKED)


def few(customers, staff):
    minted = MintedAccounts("few")
    wanted = [*minted.customers(customers), *minted.staff(staff)]
    assert all(isinstance(account, Account) for account in wanted)
    return ListedAccounts(wanted, "the list")


def test_few_accounts_are_used_again(judge, honest_url, not_passed):
    records, _ = judge(honest_url, options=options(keyword="play or valid"), accounts=few(2, 2))
    assert not_passed(records) == {}


def test_too_few_accounts_are_named_with_the_number(judge, honest_url):
    records, _ = judge(honest_url, options=options(keyword="play"), accounts=few(1, 1))
    assert records[ONE].outcome is Outcome.PASSED
    assert records[TWO].outcome is Outcome.NOT_APPLICABLE
    assert f"needs 2 {Role.CUSTOMER} accounts" in records[TWO].message


def test_off_leaves_them_out():
    nothing = SuiteOptions(generation=Generation(Generate.OFF))
    assert not [case for case in list_cases(nothing) if case.group is Group.GENERATED]
    assert [case for case in list_cases() if case.group is Group.GENERATED]
