"""What is adopted of a target of which a profile says nothing."""

import pytest

from harness.conformance import SuiteOptions
from harness.conformance.first_look import CLAUSES, adopting, look
from harness.learning import Lesson
from harness.target import KeyStatus, ListedAccounts, MintedAccounts, default_profile
from harness.target.reading import profile_from
from schemas.clauses import clause
from schemas.verdicts import Level, Outcome

URL = "ws://127.0.0.1:9/chat"
FLAG = Lesson("dialect.read_receipt", "flag", "empty content is refused", ("C1 <- refused",))
TELLS = "login-undeclared-decisions-are-as-by-default"
STANDING = "login-right-token-is-accepted"
MARKS = "unread-answer-with-read-true-marks"
OPTIONS = SuiteOptions(only=(TELLS, MARKS), proofs=(STANDING,))


def test_what_was_seen_takes_the_place_of_a_default_and_is_not_declared():
    seen = adopting(default_profile(URL), [FLAG])
    assert seen.profile.dialect.read_receipt == "flag"
    assert seen.profile.status("dialect.read_receipt") is KeyStatus.DEFAULT
    (adopted,) = seen.adopted
    assert adopted.line == '[dialect] read_receipt = "flag"'
    assert adopted.actual == "empty content is refused: C1 <- refused"


def test_what_is_as_by_default_or_was_not_seen_is_nothing_new():
    same = Lesson("dialect.ack", "echo", "each got one")
    unseen = Lesson("dialect.ack", None, "no message was taken")
    assert adopting(default_profile(URL), [same, unseen]).adopted == ()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("dialect.read_receipt", "none"),
        ("dialect.read_receipt", "delivered"),
        ("dialect.ack", "none"),
    ],
)
def test_what_may_be_a_mistake_is_left_to_the_cases(key: str, value: str):
    seen = adopting(default_profile(URL), [Lesson(key, value, "it is so")])
    assert (seen.profile, seen.adopted) == (default_profile(URL), ())


def test_what_cannot_be_together_is_not_adopted():
    profile = default_profile(URL)
    swapped = [Lesson("dialect.staff.close", "confirm", "staff closed the case with it")]
    assert adopting(profile, swapped).profile == profile


def test_each_key_has_a_clause_that_stands_and_falls_with_it():
    for key, slug in CLAUSES.items():
        known = clause(slug)
        assert known.level is Level.SHOULD
        assert known.key == key or key.startswith(f"{known.key}.")


@pytest.mark.parametrize(
    ("table", "accounts"),
    [
        ({"dialect": "off", "login": {"by": "header", "frame": True, "reject": "http"}}, None),
        ({"limits": {"max_connections": 2}}, None),
        ({}, ListedAccounts((), "test")),
    ],
    ids=["all declared", "little room", "nobody"],
)
def test_nobody_looks_where_there_is_no_need_or_no_way(table, accounts, monkeypatch):
    monkeypatch.setattr("harness.conformance.first_look.learn", None)
    profile = profile_from({"url": URL, **table}, "test")
    assert look(profile, accounts or MintedAccounts("t")).adopted == ()


def test_a_target_that_is_not_there_shows_nothing():
    profile = default_profile(URL)
    assert look(profile, MintedAccounts("t")).profile == profile


@pytest.mark.loopback
def test_a_server_of_another_kind_is_taken_as_it_is_and_told_how_to_say_so(in_mode, judge):
    with in_mode("--read-receipt", "flag") as profile:
        records, _ = judge(profile.url, profile=default_profile(profile.url), options=OPTIONS)
    assert records[TELLS].outcome is Outcome.NON_STRICT
    assert records[TELLS].profile_line == '[dialect] read_receipt = "flag"'
    assert records[STANDING].outcome is Outcome.PASSED
    assert records[MARKS].outcome is Outcome.PASSED


@pytest.mark.loopback
def test_who_holds_defaults_for_declared_gets_no_look(in_mode, judge):
    strict = SuiteOptions(only=OPTIONS.only, proofs=OPTIONS.proofs, strict=True)
    with in_mode("--read-receipt", "flag") as profile:
        records, _ = judge(profile.url, profile=default_profile(profile.url), options=strict)
    assert records[TELLS].outcome is Outcome.NOT_APPLICABLE
    assert records[MARKS].outcome is Outcome.BLOCKED
