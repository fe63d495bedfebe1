"""`chatsocket check`."""

import json
import socket
from pathlib import Path

import pytest

from schemas.run_log import read_run
from schemas.verdicts import Outcome
from tests.detection.nursery import serving


def closed_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "there is no target; give its ws:// or wss:// URL, or --profile FILE."),
        (["http://h/x"], "does not begin with ws:// or wss://"),
        (["ws://127.0.0.1:1/x", "--group", "logn"], "there is no group 'logn'; did you mean 'lo"),
        (["ws://127.0.0.1:1/x", "-k", "a b(("], "'a b((' is no expression of case names"),
        (["--profile", "/no/such.toml"], "cannot read the profile /no/such.toml"),
        (["ws://h/x", "--accounts", "/no/such.csv"], "cannot read the accounts in /no/such.csv"),
        (["ws://127.0.0.1:1/x", "--level", "musst"], "'musst' is not one of 'must', 'should'"),
        (["ws://127.0.0.1:1/x", "--out", "/proc/x"], "cannot write to /proc/x"),
    ],
)
def test_wrong_usage_is_told_before_anything_is_written(
    call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = call("check", *arguments)
    assert ended.code == 2
    assert sentence in ended.err
    assert not list(tmp_path.rglob("*.ndjson"))


def test_list_shows_the_cases_without_a_target(call) -> None:
    ended = call("check", "--list", "--group", "login")
    lines = ended.out.splitlines()
    assert (ended.code, ended.err) == (0, "")
    assert lines
    assert all(line.startswith("login-") and "[" in line for line in lines)


@pytest.mark.loopback
def test_an_honest_server_passes_a_group(call, server: str, tmp_path: Path) -> None:
    out = tmp_path / "run"
    ended = call("check", server, "--profile", "reference", "--group", "login", "--out", out)
    assert ended.code == 0, ended.out
    run = read_run(out)
    assert not run.partial
    assert {case.group for case in run.cases} == {"login"}
    undeclared = [case for case in run.cases if "undeclared" in case.id]
    assert {case.outcome for case in undeclared} == {Outcome.NOT_APPLICABLE}
    judged = {case.outcome for case in run.cases if case not in undeclared}
    assert judged <= {Outcome.PASSED, Outcome.INFORMATIONAL}
    assert json.loads((out / "verdict.json").read_text())["exit_code"] == 0
    assert (out / "report.html").exists()


@pytest.mark.loopback
def test_no_token_of_an_account_reaches_the_run_folder(
    call, server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "a.csv"
    both = [call("accounts", "--role", role, "--count", 3).out for role in ("customer", "staff")]
    table.write_text(both[0] + both[1].partition("\n")[2])
    out = tmp_path / "run"
    call("check", server, "--accounts", table, "--group", "login", "--out", out)
    tokens = [line.rsplit(",", 1)[1] for line in table.read_text().split()[1:]]
    written = "".join(path.read_text() for path in out.rglob("*") if path.is_file())
    assert len(tokens) == 6
    assert not [token for token in tokens if token in written]


@pytest.mark.loopback
@pytest.mark.parametrize("path", ["refused", "not-found"])
def test_a_target_that_cannot_be_judged_gives_no_verdict(
    call, server: str, tmp_path: Path, path: str
) -> None:
    target = f"ws://127.0.0.1:{closed_port()}/x" if path == "refused" else f"{server}/no"
    ended = call("check", target, "--group", "login", "--out", tmp_path / "run")
    assert ended.code == 3
    (sentence,) = (line for line in ended.err.splitlines() if line.startswith("chatsocket: "))
    assert target in sentence
    assert "Traceback" not in ended.err + ended.out
    assert read_run(tmp_path / "run").partial


@pytest.mark.loopback
def test_a_rejected_token_asks_for_accounts(call, server: str, tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    table.write_text("sn,role,token\nC1,customer,wrong\n")
    ended = call("check", server, "--accounts", table, "--group", "login", "--out", tmp_path / "r")
    assert ended.code == 3
    assert "give accounts of this server: --accounts FILE.csv" in ended.err


@pytest.mark.loopback
def test_nothing_selected_is_no_verdict(call, server: str, tmp_path: Path) -> None:
    ended = call("check", server, "-k", "nosuchcase", "--out", tmp_path / "run")
    assert ended.code == 3


@pytest.mark.loopback
def test_what_the_server_chose_is_told_as_profile_lines(call, tmp_path: Path) -> None:
    with serving("--read-receipt", "flag") as url:
        ended = call("check", url, "-k", "undeclared or read_true", "--out", tmp_path / "run")
    assert ended.code == 0, ended.out
    assert '[dialect] read_receipt = "flag"' in ended.err


@pytest.mark.loopback
def test_many_blocked_cases_come_with_what_to_do(call, tmp_path: Path) -> None:
    with serving("--staff-content", "case {customer_sn}") as url:
        named = ("-k", "confirm_is_accepted or image", "--out", tmp_path / "run")
        ended = call("check", url, *named)
    assert "describe it: `chatsocket profile learn`" in ended.err


@pytest.mark.loopback
def test_durations_shows_the_slowest_cases_and_groups(call, server: str, tmp_path: Path) -> None:
    named = ("-k", "right_request_opens", "--out", tmp_path / "run")
    ended = call("check", server, *named, "--durations", 3)
    slowest = ended.out[ended.out.index("slowest cases") :]
    assert "ms  handshake-right-request-opens" in slowest
    assert "ms  handshake (1 case)" in slowest
    assert call("check", server, *named, "--force", "--durations", "-1").code == 2
