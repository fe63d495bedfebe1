"""Which target is meant, and how children are told."""

from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.target import accounts_of
from harness.target.choice import TargetChoice
from schemas.words import Role


def test_no_target_at_all_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="there is no target; give its ws://"):
        TargetChoice().load()


def test_a_bare_url_is_the_default_profile() -> None:
    profile = TargetChoice(url="ws://h/x").load()
    assert profile.url == "ws://h/x"
    assert profile.origin_file is None


def test_a_url_beside_a_profile_replaces_its_own(tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text('url = "ws://a/x"\n[dialect]\nack = "bare"\n')
    profile = TargetChoice(url="ws://b/x", profile=str(tmp_path / "p.toml")).load()
    assert (profile.url, profile.dialect.ack) == ("ws://b/x", "bare")


def test_a_table_of_accounts_replaces_the_profiles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.csv").write_text("sn,role,token\nC1,customer,t\n")
    monkeypatch.chdir(tmp_path)
    source = accounts_of(TargetChoice(url="ws://h/x", accounts="a.csv").load(), "r")
    assert source.available(Role.CUSTOMER) == 1


def test_a_choice_never_shows_its_url() -> None:
    choice = TargetChoice(url="ws://h/x?key=hunter2")
    assert "hunter2" not in repr(choice) + str(choice)
