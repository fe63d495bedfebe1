"""`chatsocket profile`."""

import json
from pathlib import Path

import pytest

from harness.target import read_profile, register


def test_init_writes_a_profile_that_check_accepts(call, tmp_path: Path) -> None:
    file = tmp_path / "target.toml"
    ended = call("profile", "init", file, "--url", "wss://chat.example/ws")
    assert ended.code == 0
    assert f"chatsocket profile check {file}" in ended.out
    assert read_profile(file).url == "wss://chat.example/ws"
    checked = call("profile", "check", file)
    assert checked.code == 0
    assert "1 keys declared" in checked.out
    assert "any number of customer accounts" in checked.out


def test_init_spares_an_existing_file_unless_forced(call, tmp_path: Path) -> None:
    file = tmp_path / "target.toml"
    file.write_text("mine")
    refused = call("profile", "init", file)
    assert (refused.code, file.read_text()) == (2, "mine")
    assert "add --force to replace it" in refused.err
    assert call("profile", "init", file, "--force").code == 0
    assert file.read_text() != "mine"


def test_init_prints_to_stdout_on_request(call) -> None:
    ended = call("profile", "init", "-")
    assert ended.code == 0
    assert 'url = "ws://' in ended.out


def test_what_init_wrote_is_told_to_programs(call, tmp_path: Path) -> None:
    file = tmp_path / "target.toml"
    told = json.loads(call("profile", "init", file, "--url", "wss://chat.example/ws", "--json").out)
    assert told == {
        "file": str(file),
        "url": "wss://chat.example/ws",
        "profile": file.read_text("utf-8"),
    }
    assert json.loads(call("profile", "init", "-", "--json").out)["file"] is None
    assert call("profile", "init", file, "--json").out == ""


def test_check_names_what_is_off_and_counts_listed_accounts(call, tmp_path: Path) -> None:
    file = tmp_path / "p.toml"
    file.write_text(
        'url = "ws://h/x?k=hunter2"\naccounts = [{sn="C1",role="customer",token="hunter2"}]\n'
        '[dialect]\nack = "off"\n'
    )
    ended = call("profile", "check", file)
    assert ended.code == 0
    assert "1 keys off: dialect.ack" in ended.out
    assert "1 customer accounts" in ended.out
    assert "hunter2" not in ended.out + ended.err


@pytest.mark.parametrize(
    "line",
    [
        'accounts = [{sn="C1",role="customer",token="env:NO_SUCH_TOKEN"}]',
        'accounts.expired_token = "env:NO_SUCH_TOKEN"',
    ],
)
def test_check_wants_the_variables_that_tokens_come_from(call, tmp_path: Path, line: str) -> None:
    file = tmp_path / "p.toml"
    file.write_text(f'url = "ws://h/x"\n{line}\n')
    ended = call("profile", "check", file)
    assert ended.code == 2
    assert "environment variable NO_SUCH_TOKEN is not set" in ended.err


def test_keys_lists_every_key(call) -> None:
    ended = call("profile", "keys")
    assert ended.code == 0
    for name in register():
        assert f"\n{name}" in f"\n{ended.out}"


def test_a_checked_profile_is_told_to_programs(call, tmp_path: Path) -> None:
    file = tmp_path / "p.toml"
    file.write_text('url = "ws://h/x"\n[dialect]\nack = "off"\n')
    found = json.loads(call("profile", "check", file, "--json").out)
    assert found["url"] == "ws://h/x"
    assert found["keys"]["off"] == ["dialect.ack"]
    assert sum(map(len, found["keys"].values())) == len(register())
    assert set(found["accounts"]) == {"customer", "staff"}


def test_keys_are_told_to_programs(call) -> None:
    found = json.loads(call("profile", "keys", "--json").out)
    assert [key["name"] for key in found] == list(register())
    assert found[0] | {"meaning": "", "values": ""} == {
        "name": "url",
        "required": True,
        "default": None,
        "meaning": "",
        "values": "",
    }
