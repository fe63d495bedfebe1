"""`chatsocket clauses`."""

import json

import pytest

from harness.conformance import list_cases
from schemas.clauses import register


def listed(call, *options: str) -> list[dict[str, object]]:
    ended = call("clauses", "--json", *options)
    assert ended.code == 0
    return json.loads(ended.out)


def test_all_clauses_are_listed_with_the_cases_that_check_them(call) -> None:
    found = {str(entry["id"]): entry for entry in listed(call)}
    assert list(found) == list(register())
    for case in list_cases():
        for slug in case.clauses:
            assert (case.id in found[slug]["cases"]) is not case.passive
    assert found["login-first"]["sentence"] == register()["login-first"].sentence


@pytest.mark.parametrize(
    ("options", "member", "value"),
    [
        (["--level", "info"], "level", "info"),
        (["--source", "table"], "source", "table"),
        (["--source", "D1"], "source", "decision D1"),
        (["--source", "d10"], "source", "decision D10"),
        (["--key", "dialect.ack"], "key", "dialect.ack"),
    ],
)
def test_filters_keep_what_fits_and_nothing_else(
    call, options: list[str], member: str, value: str
) -> None:
    wanted = [slug for slug, entry in register().items() if getattr(entry, member) == value]
    assert [entry["id"] for entry in listed(call, *options)] == wanted


def test_a_table_of_keys_stands_for_its_keys(call) -> None:
    keys = {entry["key"] for entry in listed(call, "--key", "dialect")}
    assert "dialect.ack" in keys
    assert all(str(key).startswith("dialect.") for key in keys)
    assert listed(call, "--key", "dialec") == []


def test_a_group_shows_what_its_cases_check(call) -> None:
    cases = [case for case in list_cases() if case.group == "login"]
    found = listed(call, "--group", "login")
    assert {entry["id"] for entry in found} == {slug for case in cases for slug in case.clauses}
    assert all(str(name).startswith("login-") for entry in found for name in entry["cases"])
    refused = call("clauses", "--group", "logni")
    assert refused.code == 2
    assert "did you mean 'login'" in refused.err


def test_text_is_looked_for_in_ids_and_sentences(call) -> None:
    ended = call("clauses", "PONG REPEATS")
    assert ended.code == 0
    head, sentence, status, count = ended.out.splitlines()
    assert head == "rfc-pong-payload  [must: RFC 6455 §5.5.3]"
    assert sentence == f"    {register()['rfc-pong-payload'].sentence}"
    assert status.startswith("    checked by framing-")
    assert count == f"1 of {len(register())} clauses."
    assert call("clauses", "no such words").out == f"0 of {len(register())} clauses.\n"
