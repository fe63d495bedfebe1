"""`chatsocket profile learn`."""

import json
import socket

import pytest

from harness.target import KeyStatus, MintedAccounts, read_profile
from harness.target.account_table import write_table

pytestmark = pytest.mark.loopback


@pytest.fixture
def accounts(tmp_path):
    minted = MintedAccounts("learn")
    file = tmp_path / "accounts.csv"
    file.write_text("".join(write_table([*minted.customers(2), *minted.staff(2)])), "utf-8")
    return file


def tokens(file):
    return [line.rpartition(",")[2] for line in file.read_text("utf-8").splitlines()[1:]]


def test_what_is_learned_is_a_profile_that_check_passes(call, server, accounts, tmp_path):
    out = tmp_path / "learned.toml"
    ended = call("profile", "learn", server, "--accounts", accounts, "--out", out)
    assert (ended.code, ended.err) == (0, "")
    assert f"chatsocket check --profile {out}" in ended.out
    profile = read_profile(out)
    assert profile.accounts.file == str(accounts)
    assert profile.status("dialect.ack") is KeyStatus.DECLARED
    checked = call("check", "--profile", out, "--out", tmp_path / "run", "-k", "text or staff")
    assert checked.code == 0, checked.out


def test_no_token_is_written_or_said(call, server, accounts, tmp_path):
    out = tmp_path / "learned.toml"
    ended = call("profile", "learn", server, "--accounts", accounts, "--out", out)
    said = ended.out + ended.err + out.read_text("utf-8")
    for token in tokens(accounts):
        assert token not in said
        assert token.partition(".")[2] not in said


def test_a_token_that_belongs_into_the_address_stays_out_of_the_file(
    call, server, accounts, tmp_path
):
    base, out = tmp_path / "base.toml", tmp_path / "learned.toml"
    base.write_text(f'url = "{server}?access_token={{token}}"\n')
    ended = call("profile", "learn", "--profile", base, "--accounts", accounts, "--out", out)
    assert ended.code == 0, ended.err
    assert read_profile(out).login.by == "template"
    assert not any(token in out.read_text("utf-8") for token in tokens(accounts))


def test_without_out_it_is_printed(call, server):
    ended = call("profile", "learn", server)
    assert ended.code == 0
    assert f'url = "{server}"' in ended.out


def test_what_was_learned_is_told_to_programs_key_by_key(call, server, accounts, tmp_path):
    out = tmp_path / "learned.toml"
    ended = call("profile", "learn", server, "--accounts", accounts, "--out", out, "--json")
    told = json.loads(ended.out)
    assert (told["url"], told["file"]) == (server, str(out))
    assert told["profile"] == out.read_text("utf-8")
    profile = read_profile(out)
    for each in told["keys"]:
        declared = profile.status(each["key"]) is not KeyStatus.DEFAULT
        assert declared or each["value"] is None, each
        assert each["why"]
    assert "dialect.ack" in [each["key"] for each in told["keys"] if each["evidence"]]
    assert not any(token in ended.out for token in tokens(accounts))


def test_an_existing_file_is_spared_unless_forced(call, server, accounts, tmp_path):
    out = tmp_path / "mine.toml"
    out.write_text("mine")
    refused = call("profile", "learn", server, "--accounts", accounts, "--out", out)
    assert (refused.code, out.read_text()) == (2, "mine")
    assert "add --force to replace it" in refused.err
    assert (
        call("profile", "learn", server, "--accounts", accounts, "--out", out, "--force").code == 0
    )
    assert out.read_text() != "mine"


def test_nowhere_to_write_is_said_before_the_conversation(call, accounts, tmp_path):
    out = tmp_path / "no such folder" / "p.toml"
    ended = call("profile", "learn", "ws://127.0.0.1:9/", "--accounts", accounts, "--out", out)
    assert (ended.code, out.parent.exists()) == (2, False)


def test_a_target_that_refuses_writes_nothing(call, accounts, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"ws://127.0.0.1:{listener.getsockname()[1]}/"
    out = tmp_path / "p.toml"
    ended = call("profile", "learn", url, "--accounts", accounts, "--out", out)
    assert (ended.code, out.exists()) == (3, False)
    assert ended.err.count("\n") == 1
    assert list(tmp_path.glob(".writing*")) == []


def test_accounts_without_a_customer_are_misuse(call, server, tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("".join(write_table(MintedAccounts("x").staff(1))), "utf-8")
    ended = call("profile", "learn", server, "--accounts", file)
    assert ended.code == 2
    assert "customer account" in ended.err


def test_a_token_written_into_the_address_is_refused(call, server, accounts, tmp_path):
    out, token = tmp_path / "p.toml", tokens(accounts)[0]
    url = f"{server}?access_token={token}"
    ended = call("profile", "learn", url, "--accounts", accounts, "--out", out)
    assert (ended.code, out.exists()) == (2, False)
    assert "write {token} in its place" in ended.err
    assert token not in ended.err
