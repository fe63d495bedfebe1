"""Whole visits: the reference server in every mode, few accounts, and targets that give nothing."""

import json
import time
import tomllib
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import msgspec
import pytest
import websocket

from harness.conformance import SuiteOptions, run_suite
from harness.errors import HarnessError, TargetUnavailable, Unavailability
from harness.learning import learn, profile_text
from harness.target import ListedAccounts, MintedAccounts
from harness.target.reading import profile_from
from reference_server.catalogue import place_of
from reference_server.declaring import settings_of
from reference_server.dialect import Dialect
from reference_server.setting_options import option, words_of
from schemas.account_tokens import Identity
from schemas.messages import InMsg, encode
from schemas.verdicts import Outcome
from schemas.words import Role
from tests.hostile import targets

NOW = datetime(2026, 11, 22, tzinfo=UTC)

pytestmark = pytest.mark.loopback

DECISIONS = [each.key for each in settings_of(Dialect)]
IMPOLITE = {"limits.max_message_bytes", "limits.binary"}

# What a mode hides: without a picture no picture shows what becomes of it.
HIDDEN = {
    "--replay-unread false": {"dialect.replay_count"},
    "--types text,staff": {
        *("dialect.info", "dialect.content.image", "dialect.content.title"),
    },
}
MORE_MODES = [
    "--types text,staff",
    "--send-types buyer,seller",
    "--time-format %Y/%m/%d_%H:%M:%S",
    "--staff-content case-{customer_sn}",
    "--max-message-bytes 1000",
]
# Several decisions at once, so that each has been checked with what was learned of it.
COMBINED = [
    "",
    "--binding url --login-reject http --send-types kunde,agent",
    "--ack none --content-text any --content-image suffix",
    "--ack bare --read-receipt flag --replay-count running --msg-read echo",
    "--on-bad-input close --tier literal --time-format %Y-%m-%d_%H:%M:%S.%f",
    "--read-receipt none --case-lifecycle false --http-post false --login-frame false",
    "--multi-device false --offers false --replay-unread false --binary accept --info none",
    "--read-receipt delivered --same-msg false --clean-errors false --staff-assign assignment"
    " --content-title suffix --location none",
    "--types text,staff --unread-scope account --msg-read any --content-text suffix",
]


def single_modes() -> Iterator[str]:
    """Each word of each mode that is not the server's default, by itself."""
    for each in settings_of(Dialect):
        if each.name not in ("types", "send_types"):
            for word in words_of(each):
                if msgspec.convert(word, each.type, strict=False) != each.default:
                    yield f"{option(each)} {word}"
    yield from MORE_MODES


def hints(mode: str) -> dict[str, object]:
    """What no polite visitor can find out: the words around the customer in a staff word."""
    spelled = {"dialect": {"staff": {"content": "case-{customer_sn}"}}}
    return spelled if "--staff-content" in mode else {}


@pytest.mark.parametrize("mode", ["", *single_modes()])
def test_the_mode_of_the_server_is_recovered(visited, mode):
    assert place_of(Identity("t-C1", Role.CUSTOMER, "")) is not None, (
        "same_msg and location show on senders with a place"
    )
    learned = visited(*mode.split(), **hints(mode))
    values = learned.notes.values
    known = {key for key in DECISIONS if key in values}
    wrong = {
        key: (learned.profile.value(key), learned.own.value(key))
        for key in known
        if learned.profile.value(key) != learned.own.value(key)
    }
    assert wrong == {}
    assert set(DECISIONS) - known == IMPOLITE | HIDDEN.get(mode, set())


@pytest.mark.parametrize(
    "mode",
    [COMBINED[0], *(pytest.param(mode, marks=pytest.mark.long) for mode in COMBINED[1:])],
)
def test_a_check_with_the_learned_profile_raises_no_false_alarm(serving, given, mode):
    with serving(*mode.split()) as url:
        told = given(url)
        notes = learn(told, MintedAccounts("t"), alone=True)
        text = profile_text(told, notes, NOW)
        records = []
        profile = profile_from(tomllib.loads(text), "learned")
        run_suite(profile, MintedAccounts("k"), SuiteOptions(), records.append)
    unsettled = (Outcome.FAILED, Outcome.ERROR, Outcome.BLOCKED, Outcome.UNEXPECTED_PASS)
    assert [(each.id, each.message) for each in records if each.outcome in unsettled] == []
    assert sum(each.outcome is Outcome.PASSED for each in records) > 90


# With one customer nothing is delivered, counted, offered or taken.
NEEDS_STAFF = {
    *("binding", "capabilities.offers", "capabilities.case_lifecycle"),
    *("capabilities.replay_unread", "dialect.replay_count", "dialect.read_receipt"),
    *("dialect.unread_scope", "dialect.staff.assign", "dialect.staff.close"),
    *("dialect.send_types", "dialect.types", "dialect.same_msg", "dialect.staff.content"),
}


@pytest.mark.parametrize("mode", COMBINED)
def test_one_customer_learns_what_one_customer_sees(visited, mode):
    one = ListedAccounts(MintedAccounts("t").customers(1), "a list")
    learned = visited(*mode.split(), accounts=one, alone=False)
    values = learned.notes.values
    assert not NEEDS_STAFF & values.keys()
    for key in values.keys() & set(DECISIONS):
        assert learned.profile.value(key) == learned.own.value(key), key
    assert {"login.by", "login.frame", "login.reject", "dialect.on_bad_input"} <= values.keys()


@pytest.mark.parametrize("mode", COMBINED[:2])
def test_one_customer_s_profile_raises_no_false_alarm_with_him(serving, given, mode):
    one = ListedAccounts(MintedAccounts("t").customers(1), "a list")
    with serving(*mode.split()) as url:
        told, records = given(url), []
        profile = profile_from(tomllib.loads(profile_text(told, learn(told, one), NOW)), "l")
        run_suite(profile, one, SuiteOptions(), records.append)
    failed = [(each.id, each.message) for each in records if each.outcome is Outcome.FAILED]
    assert failed == []
    assert any(each.outcome is Outcome.PASSED for each in records)


def test_one_customer_and_one_staff_learn_all_but_the_scope(visited):
    minted = MintedAccounts("t")
    pair = ListedAccounts([*minted.customers(1), *minted.staff(1)], "a list")
    learned = visited(accounts=pair, alone=False)
    missing = set(DECISIONS) - learned.notes.values.keys()
    assert missing == IMPOLITE | {"dialect.unread_scope"}


def test_what_others_may_have_got_proves_nothing(visited):
    minted = MintedAccounts("t")
    listed = ListedAccounts([*minted.customers(2), *minted.staff(1)], "a list")
    learned = visited("--offers", "false", accounts=listed, alone=False)
    assert "capabilities.offers" not in learned.notes.values
    assert "somebody else" in learned.notes.lesson("capabilities.offers").why


def test_staff_that_is_not_let_in_is_no_staff(visited):
    learned = visited("--binding", "url", staff_url=False)
    assert not NEEDS_STAFF & learned.notes.values.keys()
    assert "not let in" in learned.notes.lesson("binding").why


def test_a_visit_leaves_no_case_open_and_nothing_unread(serving, given):
    accounts = MintedAccounts("t")
    with serving() as url:
        learn(given(url), accounts, alone=True)
        for account in (*accounts.customers(2), *accounts.staff(1)):
            with closing(log_in(url, account)) as client:
                assert json.loads(client.recv())["MsgStatus"] == "Login"
                client.send(encode(InMsg("no-such-type", "sentinel")), 0x1)
                # What had been left would be offered or replayed before the answer.
                assert json.loads(client.recv())["MsgStatus"] == "Send"
        assert learn(given(url), accounts, alone=True).value("capabilities.case_lifecycle") is True


def log_in(url, account):
    header = [f"Authorization: Bearer {account.token.reveal()}"]
    return websocket.create_connection(url, 5, header=header, http_no_proxy=["127.0.0.1"])


def test_the_place_of_the_token_is_found(visited):
    """The reference server looks into a header first, so an empty one hides all but the cookie."""
    learned = visited(login={"header": "X-Token: {token}"})
    assert learned.notes.value("login.by") == "cookie"


def test_rejected_accounts_are_no_profile(serving, given):
    strangers = MintedAccounts("t", secret="another secret, long enough")
    with serving() as url, pytest.raises(TargetUnavailable) as stop:
        learn(given(url), strangers)
    assert stop.value.cause is Unavailability.CREDENTIALS


# -- targets that give nothing ---------------------------------------------------------------------

LET_IN = targets.said(targets.login())
ODD_JSON = (b"[]", b"{", b"7", b'{"MsgStatus":[],"Result":{},"msg":7}', b"[" * 900)
GIVING_NOTHING = {name: targets.SCRIPTS[name] for name in ("silent", "mute", "endless frame")} | {
    "letting in": targets.opened(LET_IN),
    "flooding": targets.opened(again=LET_IN * 100),
    "flooding with large ones": targets.opened(
        LET_IN, again=targets.frame(b'{"x":"' + b"y" * 1_000_000 + b'"}')
    ),
    "garbage": targets.opened(bytes(range(256)) * 100),
    "odd json": targets.opened(*map(targets.frame, ODD_JSON)),
    "hanging up after login": targets.leaving(LET_IN),
    "redirecting": targets.SCRIPTS["redirect to itself"],
    "no web server": targets.raw(b"220 mail.example ESMTP\r\n\r\n"),
}


@pytest.mark.parametrize("script", GIVING_NOTHING.values(), ids=GIVING_NOTHING)
def test_a_target_that_gives_nothing_ends_the_visit_soon_with_a_sentence(script, given):
    started = time.monotonic()
    with closing(targets.Target(script)) as target:
        told = given(target.url, limits={"answer_s": 0.3})
        with pytest.raises(HarnessError) as stop:
            learn(told, MintedAccounts("t"))
    assert stop.value.exit_code == 3
    assert "\n" not in str(stop.value)
    assert time.monotonic() - started < 30
