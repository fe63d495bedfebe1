"""The catalogue of cases: listed, documented, and covering the register."""

import pytest

from harness.conformance import Group, SuiteOptions, groups_named, list_cases
from harness.errors import UnknownName, UsageError
from schemas.clauses import register


@pytest.fixture(scope="module")
def cases():
    return list_cases()


def test_there_are_many_over_all_groups(cases):
    assert len(cases) >= 45
    assert {case.group for case in cases} == set(Group) - {Group.OWN}


def test_ids_are_unique_slugs_that_begin_with_their_group(cases):
    ids = [case.id for case in cases]
    assert len(set(ids)) == len(ids)
    assert all(case.id.startswith(f"{case.group}-") for case in cases)


def test_every_case_has_a_title_and_clauses(cases):
    assert [case.id for case in cases if not (case.title and case.clauses)] == []


def test_every_clause_has_a_case_or_a_reason(cases):
    checked = {slug for case in cases if not case.passive for slug in case.clauses}
    left = {slug for slug, entry in register().items() if not entry.untestable}
    assert left - checked == set()


def test_what_others_stand_on_comes_first_and_collectors_last(cases):
    ids = [case.id for case in cases]
    assert ids[:5] == [
        "handshake-right-request-opens",
        "login-right-token-is-accepted",
        "staff-confirm-is-accepted",
        "text-text-is-acknowledged",
        "delivery-both-sides-receive",
    ]
    assert set(ids[-3:]) == {
        "framing-every-server-frame-is-right",
        "envelope-every-message-fits-the-page",
        "envelope-nothing-else-is-broken",
    }


def test_a_group_selects_its_cases(cases):
    chosen = list_cases(SuiteOptions(groups=groups_named(["title"])))
    assert chosen == tuple(case for case in cases if case.group is Group.TITLE)


def test_a_keyword_selects_by_name():
    chosen = list_cases(SuiteOptions(keyword="wrong_token or right_token"))
    assert {case.id for case in chosen} == {
        "login-right-token-is-accepted",
        "login-wrong-token-is-rejected",
        "post-wrong-token-gets-401",
    }


def test_an_unknown_group_is_named_with_its_nearest():
    with pytest.raises(UnknownName, match="did you mean 'framing'"):
        groups_named(["framming"])


def test_a_keyword_that_is_no_expression_is_misuse(capsys):
    with pytest.raises(UsageError, match="no expression"):
        list_cases(SuiteOptions(keyword="and and"))
    assert capsys.readouterr().err == ""


def test_pytest_options_of_the_user_do_not_reach_the_suite(monkeypatch, cases):
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-such-option")
    assert list_cases() == cases
