"""`chatsocket accounts`."""

import csv
import json
from io import StringIO

import pytest

from schemas.account_tokens import DEMO_SECRET, Identity, verify
from schemas.words import Role


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text)))


def test_minted_accounts_prove_themselves(call) -> None:
    ended = call("accounts", "--role", "staff", "--count", "1001", "--prefix", "x")
    assert ended.code == 0
    found = rows(ended.out)
    assert len({row["sn"] for row in found}) == 1001
    for row in (found[0], found[-1]):
        assert row["sn"].startswith("x-S")
        assert verify(row["token"], DEMO_SECRET, 0) == Identity(row["sn"], Role.STAFF, row["name"])


def test_programs_are_told_the_same_accounts(call) -> None:
    asked = ("accounts", "--role", "staff", "--count", "1001")
    assert json.loads(call(*asked, "--json").out) == rows(call(*asked).out)


def test_a_secret_of_ones_own_comes_from_the_environment(
    call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUR_SECRET", "sixteen or more characters")
    (row,) = rows(call("accounts", "--secret-env", "OUR_SECRET").out)
    assert verify(row["token"], "sixteen or more characters", 0) is not None
    assert verify(row["token"], DEMO_SECRET, 0) is None


@pytest.mark.parametrize(("value", "state"), [("short", "too short"), ("", "not set")])
def test_a_secret_that_cannot_be_is_refused_unseen(
    call, monkeypatch: pytest.MonkeyPatch, value: str, state: str
) -> None:
    monkeypatch.setenv("OUR_SECRET", value)
    ended = call("accounts", "--secret-env", "OUR_SECRET")
    assert ended.code == 2
    assert f"OUR_SECRET is {state}" in ended.err
    assert not value or value not in ended.err.replace("too short", "")


def test_a_prefix_that_would_break_the_token_is_refused(call) -> None:
    assert call("accounts", "--prefix", "a|b").code == 2


@pytest.mark.loopback
def test_a_reader_that_had_enough_is_no_error(chatsocket) -> None:
    process = chatsocket("accounts", "--count", "200000")
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(20) == 0
    assert process.stderr.read() == ""
