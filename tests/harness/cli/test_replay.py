"""`chatsocket replay`: one case again, from what the run folder holds."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.cli.children import Children, first_line
from harness.cli.embedded import READY_S, shipped_profile
from harness.target import read_profile
from schemas.run_log import read_run

FAULTY = "text-send-repeats-the-text"
FINE = "handshake-right-request-opens"
TOKEN = "very-secret-token-7"


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a server whose answers do not repeat what they answer."""
    with Children() as children:
        arguments = ["-m", "reference_server", "--port", "0", "--fault", "ack-without-msg"]
        log = tmp_path_factory.mktemp("faulty") / "server.log"
        yield first_line(children.start("faulty server", arguments, log), READY_S)


@pytest.fixture
def red(call, faulty: str, tmp_path: Path) -> Path:
    """The folder of a strict run in which one case failed and one passed."""
    out = tmp_path / "run"
    keyword = "send_repeats_the_text or right_request_opens"
    ended = call("check", faulty, "-k", keyword, "--strict", "--out", out)
    assert ended.code == 1, ended.out
    return out


@pytest.mark.loopback
def test_a_case_is_run_again_as_strictly_as_before(call, red: Path, tmp_path: Path) -> None:
    ended = call("replay", red, FAULTY, "--out", tmp_path / "again")
    assert ended.code == 1
    assert ended.out.startswith(f"still failing  {FAULTY}  ack-echo at /msg: ")
    run = read_run(tmp_path / "again")
    assert {case.id for case in run.cases} == {FAULTY, FINE}  # with the proof that had been run
    assert run.suite is not None
    assert run.suite.options["strict"] is True
    assert call("replay", tmp_path / "again", FAULTY, "--out", tmp_path / "third").code == 1


@pytest.mark.loopback
def test_on_another_server_it_is_fixed(call, red: Path, server: str, tmp_path: Path) -> None:
    ended = call("replay", red, FAULTY, "--target", server, "--out", tmp_path / "again")
    assert (ended.code, ended.out.splitlines()[0]) == (0, f"fixed  {FAULTY}  passed")


@pytest.mark.loopback
def test_what_passed_passes_as_before(call, red: Path, tmp_path: Path) -> None:
    ended = call("replay", red, FINE, "--out", tmp_path / "again")
    assert ended.out.startswith(f"passing as before  {FINE}")
    assert ended.code == 0


@pytest.mark.loopback
def test_a_target_that_is_gone_is_an_error(call, red: Path, tmp_path: Path) -> None:
    target = ("--target", "ws://127.0.0.1:1/")
    ended = call("replay", red, FAULTY, *target, "--out", tmp_path / "again")
    assert ended.code == 3
    assert ended.out.startswith("error  ")
    assert "refused the connection" in ended.out


@pytest.mark.loopback
def test_misuse_is_one_sentence(call, red: Path, tmp_path: Path) -> None:
    near = call("replay", red, "text-send-repeats-the-txt")
    assert near.code == 2
    assert f"did you mean '{FAULTY}'?" in near.err
    assert call("replay", tmp_path / "nothing", FAULTY).code == 2
    assert call("replay", red, FAULTY, "--profile", tmp_path / "no.toml").code == 2
    assert call("replay", red, FAULTY, "--out", red).code == 2


@pytest.mark.loopback
def test_secrets_come_from_the_profile_again(call, faulty: str, tmp_path: Path) -> None:
    profile, out = tmp_path / "shop.toml", tmp_path / "run"
    profile.write_text(f'url = "{faulty}"\n[headers]\nX-Key = "{TOKEN}"\n')
    call("check", "--profile", profile, "-k", "right_request_opens", "--out", out)
    assert TOKEN not in "".join(path.read_text() for path in out.iterdir())
    ended = call("replay", out, FINE, "--out", tmp_path / "again")
    assert ended.code == 0, ended.err
    assert f"headers came from {profile}: {out} holds no secrets." in ended.err
    profile.unlink()
    gone = call("replay", out, FINE, "--out", tmp_path / "third")
    assert gone.code == 2
    assert "the profile cannot be rebuilt from it (headers)" in gone.err
    assert "give --profile FILE" in gone.err
    assert TOKEN not in ended.err + ended.out + gone.err


@pytest.mark.loopback
def test_the_accounts_of_the_run_are_used_again(call, server: str, tmp_path: Path) -> None:
    table, out = tmp_path / "a.csv", tmp_path / "run"
    table.write_text(call("accounts", "--count", 2).out)
    call("check", server, "--accounts", table, "-k", "right_token", "--out", out)
    case_id = read_run(out).cases[0].id
    assert call("replay", out, case_id, "--out", tmp_path / "again").code == 0
    table.unlink()
    gone = call("replay", out, case_id, "--out", tmp_path / "third")
    assert gone.code == 2
    assert "cannot read the accounts" in gone.err


@pytest.mark.loopback
def test_the_expired_token_of_the_run_is_sent_again(call, server: str, tmp_path: Path) -> None:
    """It is no account: those of another file leave it alone."""
    table, out = tmp_path / "a.csv", tmp_path / "run"
    table.write_text(call("accounts", "--count", 2).out)
    run = ("check", server, "--profile", "reference", "--accounts", table, "--out", out)
    ended = call(*run, "-k", "expired_token_is_rejected")
    assert ended.code == 0, ended.out + ended.err
    token = read_profile(shipped_profile()).accounts.expired_token
    assert token not in "".join(path.read_text() for path in out.iterdir())
    again = call("replay", out, "login-expired-token-is-rejected", "--out", tmp_path / "again")
    assert again.out.startswith("passing as before"), again.err
    assert "accounts.expired_token came from" in again.err
