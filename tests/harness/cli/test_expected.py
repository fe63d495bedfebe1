"""`--expect` and `--write-expect`, from the command line to every report."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness.cli.children import Children, first_line
from harness.cli.embedded import READY_S
from schemas.run_log import read_run

FAULTY = "text-send-repeats-the-text"


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a server whose answers do not repeat what they answer."""
    with Children() as children:
        arguments = ["-m", "reference_server", "--port", "0", "--fault", "ack-without-msg"]
        log = tmp_path_factory.mktemp("faulty") / "server.log"
        yield first_line(children.start("faulty server", arguments, log), READY_S)


@pytest.fixture
def check(call, faulty: str, tmp_path: Path) -> Callable[..., object]:
    """Check one case of the faulty server, and one that passes."""

    def run(*more: object):
        arguments = ("--profile", "reference", "-k", "send_repeats_the_text or right_request_opens")
        return call("check", faulty, *arguments, "--out", tmp_path / "run", "--force", *more)

    return run


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (None, "cannot read the expected results"),
        ("nonsense", "is no TOML"),
        ('[[expected]]\ncase = "text-ackd"\nreason = "r"\n', "there is no case 'text-ackd'"),
        ('[[expected]]\ncase = "login-*"\nclause = "ack-ordr"\nreason = "r"\n', "'ack-order'?"),
        ('[[expected]]\ncase = "login-*"\n', "has no reason"),
    ],
)
@pytest.mark.parametrize("command", ["check", "run"])
def test_a_wrong_file_is_told_before_anything_runs(
    call, tmp_path: Path, command: str, text: str | None, sentence: str
) -> None:
    file = tmp_path / "e.toml"
    if text is not None:
        file.write_text(text)
    out = tmp_path / "run"
    ended = call(command, "ws://127.0.0.1:1/", "--expect", file, "--out", out)
    assert ended.code == 2
    assert sentence in ended.err
    assert len(ended.err.splitlines()) == 1
    assert not out.exists()


def test_a_file_that_cannot_be_written_is_told_before_anything_runs(call, tmp_path: Path) -> None:
    out = tmp_path / "run"
    file = tmp_path / "no" / "e.toml"
    ended = call("check", "ws://127.0.0.1:1/", "--write-expect", file, "--out", out)
    assert (ended.code, out.exists()) == (2, False)
    assert "there is no such folder" in ended.err


@pytest.mark.loopback
def test_a_file_written_from_a_red_run_makes_it_green_and_every_report_says_why(
    check, tmp_path: Path
) -> None:
    file, out = tmp_path / "e.toml", tmp_path / "run"
    red = check("--write-expect", file)
    assert red.code == 1, red.err
    assert FAULTY in file.read_text()
    file.write_text(file.read_text().replace("seen on", "CHAT-7 seen on"))
    green = check("--expect", file)
    assert green.code == 0, green.out
    assert "expected-failure" in green.out
    assert "CHAT-7" in green.out
    summary = json.loads((out / "summary.json").read_text())
    (found,) = (case for case in summary["conformance"]["cases"] if case["id"] == FAULTY)
    assert found["outcome"] == "expected-failure"
    assert found["expected"]["reason"].startswith("CHAT-7")
    assert summary["expectations"][0]["standing"] == "met"
    for name in ("report.html", "junit.xml", "summary.md"):
        assert "CHAT-7" in (out / name).read_text(), name
    (logged,) = (case for case in read_run(out).cases if case.id == FAULTY)
    assert logged.outcome == "failed"  # the log keeps what happened


@pytest.mark.loopback
def test_a_saved_run_is_gated_by_its_own_file_or_by_another(check, call, tmp_path: Path) -> None:
    file, out = tmp_path / "e.toml", tmp_path / "run"
    check("--write-expect", file)
    assert call("gate", out).code == 1
    assert call("gate", out, "--expect", file).code == 0
    check("--expect", file)
    assert call("gate", out).code == 0
    none = tmp_path / "none.toml"
    none.write_text("")
    assert call("gate", out, "--expect", none).code == 1
    assert call("gate", out, "--expect", tmp_path / "no.toml").code == 2


@pytest.mark.loopback
def test_what_was_to_fail_and_passes_fails_the_run(check, tmp_path: Path) -> None:
    file = tmp_path / "e.toml"
    check("--write-expect", file)
    file.write_text(
        file.read_text() + '\n[[expected]]\ncase = "handshake-right-request-opens"\nreason = "r"\n'
    )
    ended = check("--expect", file)
    assert ended.code == 1
    assert "unexpected-pass: 1 case: handshake-right-request-opens" in ended.out


@pytest.mark.loopback
def test_an_entry_whose_day_is_over_fails_the_run(check, tmp_path: Path) -> None:
    file = tmp_path / "e.toml"
    check("--write-expect", file)
    file.write_text(file.read_text() + 'ticket = "CHAT-7"\nexpires = 2026-01-01\n')
    ended = check("--expect", file)
    assert ended.code == 1
    assert f"expired: the expectation of {FAULTY} (CHAT-7) ended on 2026-01-01" in ended.out


@pytest.mark.loopback
def test_a_run_without_a_target_writes_nothing_and_is_no_verdict(call, tmp_path: Path) -> None:
    file = tmp_path / "e.toml"
    named = ("-k", "right_request_opens", "--out", tmp_path / "run", "--write-expect", file)
    ended = call("check", "ws://127.0.0.1:1/", *named)
    assert (ended.code, file.exists()) == (3, False)
    assert "was left as it was" in ended.err
