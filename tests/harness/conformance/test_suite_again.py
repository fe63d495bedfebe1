"""The suite with few accounts, against a server that has seen a run break off before."""

import pytest

from harness.conformance import Group, SuiteOptions, run_suite
from harness.target import ListedAccounts, MintedAccounts
from schemas.verdicts import Outcome

pytestmark = pytest.mark.loopback

OPTIONS = SuiteOptions(groups=(Group.STAFF, Group.UNREAD, Group.REPLAY))
BREAKS_OFF_AFTER = 30
HARMLESS = (Outcome.PASSED, Outcome.NOT_APPLICABLE, Outcome.INFORMATIONAL)


@pytest.mark.parametrize(
    "mode",
    [
        "",
        "--ack bare --read-receipt flag --replay-count running --msg-read echo",
        "--read-receipt none --case-lifecycle false --http-post false --login-frame false",
    ],
)
def test_one_customer_and_one_staff_do_after_a_run_that_broke_off(mode, in_mode, judge):
    minted = MintedAccounts("again")
    pair = ListedAccounts([*minted.customers(1), *minted.staff(1)], "test")
    done = []

    def break_off(record):
        done.append(record)
        if len(done) == BREAKS_OFF_AFTER:
            raise KeyboardInterrupt

    with in_mode(*mode.split()) as profile:
        assert run_suite(profile, pair, OPTIONS, break_off).partial
        records, _ = judge(profile.url, profile=profile, accounts=pair, options=OPTIONS)
    red = {key: record.message for key, record in records.items() if record.outcome not in HARMLESS}
    assert red == {}
    assert sum(record.outcome is Outcome.PASSED for record in records.values()) > 15


def test_whoever_takes_a_case_later_is_not_owed_what_only_says_that_all_is_read(in_mode, judge):
    minted = MintedAccounts("later")
    several = ListedAccounts([*minted.customers(2), *minted.staff(3)], "test")
    options = SuiteOptions(groups=(Group.STAFF,), keyword="taken")
    with in_mode("--read-receipt", "flag") as profile:
        records, _ = judge(profile.url, profile=profile, accounts=several, options=options)
    red = {key: record.message for key, record in records.items() if record.outcome not in HARMLESS}
    assert red == {}
    assert "staff-closed-case-can-be-taken-by-another" in records


def test_what_nobody_could_read_where_urls_bind_is_no_wrong_count(in_mode, judge):
    minted = MintedAccounts("bound")
    several = ListedAccounts([*minted.customers(2), *minted.staff(1)], "test")
    options = SuiteOptions(groups=(Group.UNREAD,), keyword="told or scope")
    mode = "--binding url --offers false --read-receipt flag --replay-count running"
    with in_mode(*mode.split()) as profile:
        records, _ = judge(profile.url, profile=profile, accounts=several, options=options)
    red = {key: record.message for key, record in records.items() if record.outcome not in HARMLESS}
    assert red == {}
    assert records["unread-the-scope-is-as-the-profile-says"].outcome is Outcome.PASSED
