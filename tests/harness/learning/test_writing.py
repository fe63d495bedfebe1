"""The file that is written."""

import tomllib
from datetime import UTC, datetime

import pytest

from harness.errors import OwnFault
from harness.learning import Notebook, profile_text
from harness.target import KeyStatus, register
from harness.target.reading import profile_from

WHEN = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
URL = "ws://h/x"


def written(notes=None, **table):
    return profile_text(profile_from({"url": URL, **table}, "given"), notes or Notebook(), WHEN)


def reread(text):
    return profile_from(tomllib.loads(text), "learned")


def test_nothing_learned_declares_nothing_but_the_address():
    profile = reread(written())
    declared = [name for name in register() if profile.status(name) is not KeyStatus.DEFAULT]
    assert (declared, profile.url) == (["url"], URL)


def test_a_learned_key_is_declared_below_what_showed_it():
    notes = Notebook()
    notes.learned("dialect.ack", "bare", "each message got one", "C1 <- {}")
    text = written(notes)
    assert '# seen: each message got one\n#     C1 <- {}\nack = "bare"\n' in text
    assert reread(text).status("dialect.ack") is KeyStatus.DECLARED


def test_an_unknown_key_stays_a_comment_with_its_reason():
    notes = Notebook()
    notes.unknown("dialect.ack", "nobody\nspoke\x07")
    text = written(notes)
    assert '# unknown: nobody\\nspoke\\x07\n#ack = "echo"\n' in text
    assert reread(text).status("dialect.ack") is KeyStatus.DEFAULT


def test_every_key_is_explained():
    text = written()
    for key in register().values():
        assert f"# {key.meaning}\n" in text


def test_what_was_said_of_reaching_the_server_is_taken_over(tmp_path):
    table = tmp_path / "accounts.csv"
    table.write_text("sn,name,role,token\nC1,n,customer,s3cret\n")
    profile = profile_from({"url": URL, "data": {"products": ["P-1"]}}, "given")
    text = profile_text(profile.with_accounts(table), Notebook(), WHEN)
    assert reread(text).accounts.file == str(table)
    assert reread(text).data.products == ("P-1",)
    assert "s3cret" not in text


def test_given_decisions_are_not_passed_off_as_learned():
    assert reread(written(dialect={"ack": "none"})).status("dialect.ack") is KeyStatus.DEFAULT


def test_secrets_that_were_given_are_not_written():
    entry = {"sn": "C1", "role": "customer", "token": "s3cret"}
    text = written(
        headers={"X-Key": "s3cret"},
        proxy="http://user:s3cret@proxy:8080",
        accounts={"entries": [entry], "expired_token": "s3cret"},
        login={"header": "X-Login: s3cret {token}", "token_command": ["get", "s3cret"]},
    )
    assert "s3cret" not in text
    assert text.count("may hold a secret") == 6


def test_headers_from_the_environment_are_no_secret():
    assert reread(written(headers={"X-Key": "env:KEY"})).headers == {"X-Key": "env:KEY"}
    named = reread(written(accounts={"expired_token": "env:OLD"})).accounts
    assert named.expired_token == "env:OLD"


def test_lessons_that_contradict_each_other_write_nothing():
    notes = Notebook()
    notes.learned("binding", "url", "")
    with pytest.raises(OwnFault):
        written(notes)
