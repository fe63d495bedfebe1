"""Where the token goes when a connection opens."""

import asyncio
import sys
import time
from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.target import (
    Account,
    Credentials,
    Secret,
    accounts_of,
    anonymous,
    credentials,
    credentials_later,
    default_profile,
    expired_credentials,
)
from harness.target.reading import profile_from
from harness.target.target_profile import Profile
from schemas.words import Role

CUSTOMER = Account("C/1", Role.CUSTOMER, "顧客", Secret("t&k=n"))
STAFF = Account("S1", Role.STAFF, "", Secret("staff-token"))


def profile(**table: object) -> Profile:
    return profile_from({"url": "ws://h:1/chat?a=b", **table}, "p.toml")


def command(code: str, *more: str, deadline_s: float = 10.0) -> Profile:
    argv = [sys.executable, "-c", code, "{sn}", *more]
    return profile(login={"token_command": argv, "token_command_s": deadline_s})


def test_a_bearer_header_is_the_default() -> None:
    opened = credentials(profile(), CUSTOMER)
    assert opened.url == "ws://h:1/chat?a=b"
    assert opened.headers == (("Authorization", "Bearer t&k=n"),)


def test_a_cookie_joins_the_cookies_that_are_there() -> None:
    opened = credentials(profile(login={"by": "cookie"}, headers={"cookie": "a=1"}), CUSTOMER)
    assert opened.headers == (("Cookie", "a=1; token=t&k=n"),)


def test_a_query_parameter_is_percent_encoded_and_keeps_the_others() -> None:
    opened = credentials(profile(login={"by": "query"}), CUSTOMER)
    assert opened.url == "ws://h:1/chat?a=b&access_token=t%26k%3Dn"
    assert opened.headers == ()


def test_placeholders_are_encoded_in_the_url_and_plain_in_headers() -> None:
    templated = profile(url="wss://h/u/{sn}?t={token}", headers={"X-Sn": "{sn}"})
    opened = credentials(templated, CUSTOMER)
    assert opened.url == "wss://h/u/C%2F1?t=t%26k%3Dn"
    assert opened.headers == (("X-Sn", "C/1"),)
    assert opened.http_url == "https://h/u/C%2F1?t=t%26k%3Dn"


def test_what_a_value_holds_is_never_a_placeholder_again() -> None:
    odd = Account("{token}", Role.CUSTOMER, "", Secret("t"))
    assert credentials(profile(headers={"X-Sn": "{sn}"}), odd).headers[0] == ("X-Sn", "{token}")


def test_staff_bound_by_url_names_its_customer() -> None:
    bound = profile(staff_url="ws://h/{customer_sn}", binding="url")
    assert credentials(bound, STAFF, customer_sn="C 1").url == "ws://h/C%201"
    assert credentials(bound, CUSTOMER).url == "ws://h:1/chat?a=b"


def test_a_login_header_replaces_its_namesake() -> None:
    opened = credentials(profile(headers={"authorization": "Basic abc"}), CUSTOMER)
    assert opened.headers == (("Authorization", "Bearer t&k=n"),)


def test_origin_and_subprotocols_go_along() -> None:
    opened = credentials(profile(origin="https://shop.example", subprotocols=["chat"]), CUSTOMER)
    assert (opened.origin, opened.subprotocols) == ("https://shop.example", ("chat",))


def test_nobody_carries_no_token() -> None:
    opened = anonymous(profile(headers={"X-T": "{token}", "X-A": "b"}, login={"by": "header"}))
    assert opened.headers == (("X-A", "b"),)


def test_headers_and_tokens_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("C1_TOKEN", "from-env")
    monkeypatch.setenv("KEY", "k")
    entries = [{"sn": "C1", "role": "customer", "token": "env:C1_TOKEN"}]
    known = profile(headers={"X-Key": "env:KEY"}, accounts=entries)
    (account,) = accounts_of(known, "r").customers(1)
    assert dict(credentials(known, account).headers) == {
        "X-Key": "k",
        "Authorization": "Bearer from-env",
    }


def test_a_variable_that_is_not_set_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("C1_TOKEN", raising=False)
    entries = [{"sn": "C1", "role": "customer", "token": "env:C1_TOKEN"}]
    with pytest.raises(UsageError, match="environment variable C1_TOKEN is not set"):
        accounts_of(profile(accounts=entries), "r")


def test_accounts_come_from_the_file_beside_the_profile(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("sn,role,token\nS1,staff,t\n")
    table = {"url": "ws://h/x", "accounts": {"file": "a.csv"}}
    source = accounts_of(profile_from(table, "p.toml", tmp_path / "p.toml"), "r")
    assert [one.sn for one in source.staff(1)] == ["S1"]


def test_without_any_account_the_sentence_says_where_to_write_them() -> None:
    with pytest.raises(UsageError, match="has no accounts; write accounts into it, or give"):
        accounts_of(profile(accounts={"demo": False}), "r")


def test_a_bare_url_mints_accounts() -> None:
    assert accounts_of(default_profile("ws://h/x"), "r").available(Role.CUSTOMER) is None


def test_an_expired_token_is_sent_as_it_is_and_no_command_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = profile(
        login={"token_command": ["/no/such/program"]}, accounts={"expired_token": "env:OLD"}
    )
    with pytest.raises(UsageError, match="environment variable OLD is not set"):
        expired_credentials(asked, CUSTOMER)
    monkeypatch.setenv("OLD", "old-token")
    opened = expired_credentials(asked, CUSTOMER)
    assert opened.headers == (("Authorization", "Bearer old-token"),)


def test_accounts_of_a_file_leave_the_expired_token_alone(tmp_path: Path) -> None:
    entries = [{"sn": "C9", "role": "customer", "token": "t"}]
    known = profile(accounts={"entries": entries, "expired_token": "old-token"})
    (tmp_path / "a.csv").write_text("sn,role,token\nS1,staff,t\n")
    other = known.with_accounts(tmp_path / "a.csv")
    assert [one.sn for one in accounts_of(other, "r").staff(1)] == ["S1"]
    assert expired_credentials(other, CUSTOMER).headers[0][1] == "Bearer old-token"


@pytest.mark.parametrize("token", ["a\r\nX: y", "客", "a\x00b"])
def test_a_token_that_would_forge_a_header_is_refused_unseen(token: str) -> None:
    with pytest.raises(UsageError, match="'Authorization' of account 'C1'") as raised:
        credentials(profile(), Account("C1", Role.CUSTOMER, "", Secret(token)))
    assert token not in str(raised.value)


def test_credentials_never_show_their_token() -> None:
    opened = credentials(profile(url="ws://h/x?t={token}"), CUSTOMER)
    assert repr(opened) == str(opened) == "Credentials(ws://h/***)"


def test_a_command_prints_a_fresh_token_for_the_account() -> None:
    opened = credentials(command("import sys; print('fresh', sys.argv[1], sep='-')"), CUSTOMER)
    assert opened.headers == (("Authorization", "Bearer fresh-C/1"),)


@pytest.mark.parametrize(
    ("code", "pattern"),
    [
        ("raise SystemExit(7)", "ended with exit code 7; run it by hand"),
        ("print()", "did not print a token for 'C/1'"),
        ("print('hunter2\\nhunter2')", "did not print a token"),
        ("print('hunter2' * 9999)", "did not print a token"),
        ("import sys\nwhile True: sys.stdout.write('hunter2')", "did not print a token"),
    ],
)
def test_a_command_without_a_token_is_told_unseen(code: str, pattern: str) -> None:
    with pytest.raises(UsageError, match=pattern) as raised:
        credentials(command(code), CUSTOMER)
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize(
    "code",
    [
        "import time; time.sleep(60)",
        "import os, time\nif os.fork(): os._exit(0)\ntime.sleep(60)",  # a child keeps stdout open
    ],
)
def test_a_command_that_does_not_end_is_ended(code: str) -> None:
    started = time.monotonic()
    with pytest.raises(UsageError, match="did not"):
        credentials(command(code, deadline_s=0.5), CUSTOMER)
    assert time.monotonic() - started < 10


def test_many_commands_run_side_by_side_on_an_event_loop() -> None:
    slow = command("import time; time.sleep(0.5); print('tok')")

    async def all_at_once() -> list[Credentials]:
        return await asyncio.gather(*(credentials_later(slow, CUSTOMER) for _ in range(4)))

    started = time.monotonic()
    opened = asyncio.run(all_at_once())
    assert [one.headers for one in opened] == [(("Authorization", "Bearer tok"),)] * 4
    assert time.monotonic() - started < 1.9


def test_a_command_that_is_no_program_is_named() -> None:
    with pytest.raises(UsageError, match=r"'/no/such/program' cannot be run: No such file"):
        credentials(profile(login={"token_command": ["/no/such/program"]}), CUSTOMER)
