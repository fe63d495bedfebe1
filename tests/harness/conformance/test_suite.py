"""The suite against whole servers: an honest one, dead ones, silent ones, hostile ones."""

import socket
import time
from contextlib import closing

import msgspec
import pytest

from harness.conformance import Group, SuiteOptions, run_suite
from harness.errors import OwnFault, Unavailability
from harness.target import Account, ListedAccounts, MintedAccounts, default_profile
from harness.wire_frames import (
    Done,
    FrameScanner,
    Head,
    Opcode,
    Piece,
)
from schemas.clauses import register
from schemas.verdicts import Outcome
from tests.honest.attendance import unattended
from tests.honest.open_books import Left, opened
from tests.hostile import targets

pytestmark = pytest.mark.loopback

CATCH_ALL = "envelope-nothing-else-is-broken"
FEW = SuiteOptions(keyword="right_request or right_token or text_is_acknowledged or ping or every")
LET_IN = targets.said(targets.login())


def outcomes(records):
    return {record.outcome for record in records.values()}


def test_the_honest_server_passes_everything_and_each_case_keeps_to_itself(judge, not_passed):
    with opened() as books:
        left = Left(books)
        records, result = judge(books.url, after=left.look)
    assert left.behind == {}
    assert sum(record.foreign for record in records.values()) == 0
    early = {record.group for record in records.values() if unattended(record)}
    assert early == {Group.OFFERS, Group.REPLAY, Group.CONCURRENCY}  # it is their matter
    assert {
        key: why for key, why in not_passed(records).items() if why[0] != "not-applicable"
    } == {}
    inapplicable = {key for key, why in not_passed(records).items()}
    assert "errors-bad-input-closes" in inapplicable  # it answers instead
    assert len(inapplicable) < 12
    assert (result.ran, result.partial, result.unavailable) == (result.planned, False, None)
    assert [key for key, record in records.items() if record.passive] == [CATCH_ALL]
    undecided = {key for key, record in records.items() if record.undecided}
    assert undecided == inapplicable | {CATCH_ALL}


def test_a_second_run_passes_and_so_does_one_with_few_accounts(honest_url, judge, not_passed):
    minted = MintedAccounts("few")
    few = ListedAccounts([*minted.customers(4), *minted.staff(3)], "test")
    for _ in range(2):
        records, _ = judge(honest_url, accounts=few)
        # What needs more accounts, or all idle staff for itself, does not apply.
        harmless = (Outcome.NOT_APPLICABLE, Outcome.INFORMATIONAL, Outcome.NON_STRICT)
        left = {key: why for key, why in not_passed(records).items() if why[0] not in harmless}
        assert left == {}


def test_without_staff_what_needs_it_is_not_applicable(honest_url, judge, not_passed):
    records, _ = judge(honest_url, accounts=ListedAccounts(MintedAccounts("x").customers(3), "t"))
    assert {outcome for outcome, _ in not_passed(records).values()} == {Outcome.NOT_APPLICABLE}
    assert "needs 1 staff accounts" in records["text-text-is-acknowledged"].message
    assert records["login-right-token-is-accepted"].outcome is Outcome.PASSED


def test_hostile_cases_stay_on_loopback(honest_url, judge, monkeypatch):
    monkeypatch.setattr("harness.conformance.suite.may_be_hostile", lambda *_, **__: False)
    records, _ = judge(honest_url, options=SuiteOptions(groups=(Group.ERRORS,)))
    assert outcomes(records) == {Outcome.NOT_APPLICABLE}


def test_nobody_listening_is_no_verdict(judge):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"ws://127.0.0.1:{listener.getsockname()[1]}/"
    records, result = judge(url)
    assert outcomes(records) <= {Outcome.BLOCKED, Outcome.NOT_APPLICABLE}
    assert result.unavailable.cause is Unavailability.REFUSED


def test_rejected_accounts_are_no_verdict(honest_url, judge, not_passed):
    strangers = MintedAccounts("t", secret="another secret, long enough")
    records, result = judge(honest_url, accounts=strangers, options=FEW)
    assert result.unavailable.cause is Unavailability.CREDENTIALS
    assert records["login-right-token-is-accepted"].outcome is Outcome.BLOCKED
    assert records["text-text-is-acknowledged"].outcome is Outcome.BLOCKED
    assert {outcome for outcome, _ in not_passed(records).values()} == {Outcome.BLOCKED}


def test_no_token_is_in_any_record(honest_url, judge):
    accounts = MintedAccounts("t")
    options = SuiteOptions(keyword="text_is_acknowledged or post_is_a_message or token")
    records, _ = judge(honest_url, accounts=accounts, options=options)
    written = msgspec.json.encode(list(records.values())).decode()
    tokens = [account.token.reveal() for account in (*accounts.customers(20), *accounts.staff(20))]
    assert len(records) >= 5
    assert [
        token for token in tokens if token in written or token.partition(".")[2] in written
    ] == []


def test_ctrl_c_keeps_what_was_measured(honest_url):
    records = []

    def take(record):
        records.append(record)
        if len(records) == 5:
            raise KeyboardInterrupt

    result = run_suite(default_profile(honest_url), MintedAccounts("t"), SuiteOptions(), take)
    assert result.partial
    assert 5 <= result.ran < result.planned


def test_a_sink_that_fails_ends_the_run_with_its_fault(honest_url):
    def take(record):
        raise OwnFault("the disk is full")

    with pytest.raises(OwnFault, match="disk is full"):
        run_suite(default_profile(honest_url), MintedAccounts("t"), SuiteOptions(), take)


@pytest.mark.parametrize(
    ("script", "cause"),
    [
        (targets.SCRIPTS["silent"], Unavailability.SILENT),
        (targets.SCRIPTS["mute"], Unavailability.SILENT),
        (targets.SCRIPTS["redirect to itself"], Unavailability.HTTP_STATUS),
        (targets.raw(b"220 mail.example ESMTP\r\n\r\n"), Unavailability.NOT_WEBSOCKET),
    ],
    ids=["silent", "mute", "redirecting", "no web server"],
)
def test_targets_that_give_nothing_to_judge_are_no_verdict(script, cause, judge):
    with closing(targets.Target(script)) as target:
        records, result = judge(target.url, answer_s=0.2, options=FEW)
    assert result.unavailable is not None
    assert result.unavailable.cause is cause
    assert records["text-text-is-acknowledged"].outcome is Outcome.BLOCKED
    assert Outcome.ERROR not in outcomes(records)


BAD = {name: targets.SCRIPTS[name] for name in ("dripping frames", "endless frame")} | {
    "flooding": targets.opened(again=LET_IN * 100),
    "garbage": targets.opened(bytes(range(256)) * 100),
    "hanging up after login": targets.leaving(LET_IN),
}


@pytest.mark.parametrize("script", BAD.values(), ids=BAD)
def test_bad_targets_end_in_bounded_time_and_never_pass(script, judge):
    started = time.monotonic()
    with closing(targets.Target(script)) as target:
        records, _ = judge(target.url, answer_s=0.2, options=FEW)
    assert time.monotonic() - started < 30
    assert Outcome.ERROR not in outcomes(records)
    assert records["text-text-is-acknowledged"].outcome is not Outcome.PASSED


def takes_anything(connection, head):
    """Speaks WebSocket without a single rule: opens for any request, reads on after any frame."""
    key = head.partition("Sec-WebSocket-Key: ")[2].partition("\r\n")[0]
    connection.sendall(targets.switch(f"Sec-WebSocket-Key: {key}") + LET_IN)
    scanner, opcode, payload = FrameScanner(), 0, b""
    while data := connection.recv(65536):
        for part in scanner.feed(data):
            match part:
                case Head():
                    opcode, payload = part.opcode, b""
                case Piece():
                    payload += part.data
                case Done() if opcode == Opcode.PING:
                    connection.sendall(targets.frame(b"something", 0xA))
                case Done() if payload.endswith(b"}"):
                    answer = b'{"MsgStatus":"Send","Result":true,"msg":%b}' % payload
                    connection.sendall(targets.frame(answer))


LAWLESS = (
    "right_request or right_token_is_accepted or unknown_version or missing_key "
    "or missing_upgrade or (another_method and PUT) or ping_is or (code_that_never and 1005) "
    "or (close_is_answered and 1000) or (invalid_text and FE and not generated) "
    "or (wrong_frame and ((unmasked and ping) or (rsv1 and ping) or (opcode and inside) or 126 "
    "or (fragmented and pong) or (nothing and not first) or (length and top)))"
)


def test_a_server_without_rules_fails_every_case_of_framing_and_handshake(judge):
    options = SuiteOptions(keyword=LAWLESS)
    with closing(targets.Target(takes_anything)) as target:
        records, _ = judge(target.url, answer_s=0.1, options=options)
    laid = [
        records.pop("handshake-right-request-opens"),
        records.pop("login-right-token-is-accepted"),
    ]
    assert {record.outcome for record in laid} == {Outcome.PASSED}
    for key, record in records.items():
        if record.group in (Group.HANDSHAKE, Group.FRAMING, Group.UTF8, Group.CLOSE):
            assert record.outcome is Outcome.FAILED, (key, record.message)
    clauses = {finding.clause for record in records.values() for finding in record.findings}
    mercies = {"rfc-client-frames-taken", "rfc-client-length-form"}
    assert {slug for slug in register() if slug.startswith("rfc-client-")} - mercies <= clauses


def test_an_account_without_name_is_not_held_to_one(honest_url, judge, not_passed):
    nameless = [Account(a.sn, a.role, "", a.token) for a in MintedAccounts("n").customers(3)]
    nameless += [Account(a.sn, a.role, "", a.token) for a in MintedAccounts("n").staff(3)]
    options = SuiteOptions(groups=(Group.TEXT,))
    records, _ = judge(honest_url, accounts=ListedAccounts(nameless, "t"), options=options)
    assert not_passed(records) == {}
