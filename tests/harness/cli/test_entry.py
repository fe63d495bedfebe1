"""Every way a command can end: its exit code and its one sentence."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from harness.errors import OwnFault, TargetUnavailable, Unavailability, UsageError


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["chek"], "No such command 'chek'."),
        (["profil"], "did you mean 'profile'?"),
        (
            ["accounts", "--cuont", "2"],
            "No such option: --cuont (Possible options: --count, --json)",
        ),
        (["accounts", "--role", "boss"], "'boss' is not one of 'customer', 'staff'"),
        (["accounts", "--count", "0"], "Invalid value for '--count'"),
        (["profile", "check", "/no/such.toml"], "cannot read the profile /no/such.toml"),
        (["profile", "init", "/no/such/folder/x.toml"], "cannot write to /no/such/folder/x.toml"),
        (["profile", "init", "-", "--url", "http://h"], "does not begin with ws:// or wss://"),
    ],
)
def test_wrong_usage_ends_in_2_with_one_line(call, arguments: list[str], sentence: str) -> None:
    ended = call(*arguments)
    assert ended.code == 2
    assert sentence.casefold() in ended.err.casefold()
    assert ended.err.count("\n") == 1
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("arguments", [[], ["profile"]])
def test_without_a_command_the_help_is_shown(call, arguments: list[str]) -> None:
    ended = call(*arguments)
    assert (ended.code, ended.err) == (2, "")
    assert "Usage: chatsocket" in ended.out


@pytest.mark.parametrize("arguments", [["--help"], ["profile", "init", "--help"], ["--version"]])
def test_asking_is_no_error(call, arguments: list[str]) -> None:
    ended = call(*arguments)
    assert (ended.code, ended.err) == (0, "")


@pytest.mark.parametrize(
    ("raised", "code", "sentence"),
    [
        (UsageError("a is wrong", "write b"), 2, "chatsocket: a is wrong; write b."),
        (
            TargetUnavailable("ws://h/x", Unavailability.REFUSED),
            3,
            "chatsocket: ws://h/x refused the connection; is the server running,"
            " and is this its port?",
        ),
        (OwnFault("a worker was lost"), 3, "chatsocket: a worker was lost."),
        (KeyboardInterrupt(), 3, "chatsocket: interrupted before there was anything to judge."),
    ],
)
def test_what_a_command_raises_decides_the_exit_code(
    call, monkeypatch: pytest.MonkeyPatch, raised: BaseException, code: int, sentence: str
) -> None:
    monkeypatch.setattr("harness.target.read_profile", _raising(raised))
    ended = call("profile", "check", "x.toml")
    assert (ended.code, ended.err) == (code, f"{sentence}\n")


def test_our_own_fault_leaves_its_traceback_in_a_file(
    call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("harness.target.read_profile", _raising(ZeroDivisionError("boom")))
    ended = call("profile", "check", "x.toml")
    assert ended.code == 3
    (path,) = re.findall(r"the traceback is in (\S+)\.$", ended.err.strip())
    assert "ZeroDivisionError: boom" in Path(path).read_text()
    assert "Traceback" not in ended.err


def test_help_does_not_wait_for_what_commands_need() -> None:
    code = "import sys, harness.cli; print(sorted({n.split('.')[0] for n in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    for heavy in ("pytest", "locust", "gevent", "altair", "jsonschema", "hypothesis", "picows"):
        assert f"'{heavy}'" not in done.stdout


def _raising(error: BaseException):
    def fail(*_: object) -> None:
        raise error

    return fail
