"""`chatsocket inspect`: captures in, a run folder, one sentence and an exit code out."""

import io
import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.captures import lines
from schemas.run_log import read_run
from schemas.verdicts import Outcome
from tests.harness.captures.made_captures import (
    HONEST,
    har,
    har_entry,
    har_messages,
    http_entry,
    refusal,
    talk,
    wrapped,
)

Call = Callable[..., Any]

GOOD = har(http_entry(), har_entry(har_messages(HONEST)))
BAD = har(har_entry(har_messages([*HONEST, *talk(refusal(""))])))


@pytest.fixture
def inspect(call: Call, tmp_path: Path) -> Call:
    """Write each text into a file, inspect them, and give how it ended."""

    def run(*captures: str | bytes, options: tuple[str, ...] = ()) -> Any:
        paths = []
        for number, text in enumerate(captures):
            path = tmp_path / f"capture-{number}.har"
            path.write_bytes(text.encode() if isinstance(text, str) else text)
            paths.append(path)
        return call("inspect", *paths, "--out", tmp_path / "run", *options)

    return run


def test_an_honest_capture_ends_in_zero_with_all_reports(inspect: Call, tmp_path: Path) -> None:
    ended = inspect(GOOD)
    assert (ended.code, ended.err) == (0, "")
    assert "Passed" in ended.out
    assert "9 messages on 1 connections were judged" in ended.out
    names = {path.name for path in (tmp_path / "run").iterdir()}
    assert {"run.ndjson", "verdict.json", "summary.json", "junit.xml", "report.html"} <= names
    run = read_run(tmp_path / "run")
    assert not run.partial
    assert run.header.parts == ["capture"]
    assert run.header.target.url == "capture capture-0.har"


def test_a_broken_frame_ends_in_one_and_names_the_clause(inspect: Call) -> None:
    ended = inspect(BAD)
    assert ended.code == 1
    assert "out-error-on-failure" in ended.out


def test_a_capture_that_breaks_off_is_no_verdict_and_keeps_what_came(
    inspect: Call, tmp_path: Path
) -> None:
    ended = inspect(GOOD[:-900])
    assert ended.code == 3
    assert ended.err.count("\n") == 1
    assert "capture-0.har breaks off in the middle; what came before it was judged" in ended.err
    run = read_run(tmp_path / "run")
    assert run.partial
    assert any(case.outcome is Outcome.PASSED for case in run.cases)


def test_a_violation_before_the_break_is_a_violation(inspect: Call) -> None:
    assert inspect(BAD[: BAD.index('"cache"')]).code == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "is empty"),
        ("hello\n", "its first line is no JSON object"),
        (har(http_entry()), "holds 1 requests and no WebSocket message"),
        (har(har_entry(har_messages(talk({"hot": 1})))), "no message of this chat"),
        ('{"log":{"entries":[{"_webSocketMessages":[{"ty', "breaks off in the middle"),
        ('{"kind":"header","log_version":"9.0"}\n', "is no record"),
    ],
)
def test_without_messages_nothing_is_written(
    text: str, sentence: str, inspect: Call, tmp_path: Path
) -> None:
    ended = inspect(text)
    assert ended.code == 2
    assert sentence in ended.err
    assert ended.err.count("\n") == 1
    assert not (tmp_path / "run").exists() or not list((tmp_path / "run").iterdir())


def test_a_capture_that_is_not_there_is_told_before_any_is_judged(
    call: Call, tmp_path: Path
) -> None:
    (tmp_path / "good").write_text(GOOD)
    ended = call("inspect", tmp_path / "good", tmp_path / "gone", "--out", tmp_path / "run")
    assert ended.code == 2
    assert "gone cannot be read: No such file" in ended.err
    assert not (tmp_path / "run").exists()


def test_several_captures_are_one_run(inspect: Call, tmp_path: Path) -> None:
    ended = inspect(GOOD, wrapped(HONEST))
    assert ended.code == 0
    assert "18 messages on 2 connections were judged" in ended.out


def test_a_second_capture_that_is_none_leaves_the_first_judged(inspect: Call) -> None:
    ended = inspect(GOOD, har(http_entry()))
    assert ended.code == 3
    assert "capture-1.har holds 1 requests" in ended.err
    assert "9 messages on 1 connections were judged" in ended.out


def test_summary_alone_on_request(inspect: Call) -> None:
    ended = inspect(GOOD, options=("--json",))
    summary = json.loads(ended.out)
    assert (ended.code, summary["verdict"], summary["exit_code"]) == (0, "passed", 0)


def test_the_standard_input_is_a_capture(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "piped").write_text(wrapped(HONEST))
    with (tmp_path / "piped").open("rb") as piped:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(piped))
        ended = call("inspect", "-", "--out", tmp_path / "run")
    assert ended.code == 0
    assert call("inspect", "-", "-").code == 2


def test_a_pipe_is_read_once(call: Call, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=(GOOD,))
    writer.start()
    ended = call("inspect", pipe, "--out", tmp_path / "run")
    writer.join(10)
    assert ended.code == 0


def test_claims_and_strictness_are_passed_on(inspect: Call) -> None:
    ended = inspect(GOOD, options=("--sn", "C9", "--role", "customer", "--strict"))
    assert ended.code == 1
    assert "sender-identity" in ended.out


def test_the_reference_profile_holds_its_server_to_every_key(inspect: Call) -> None:
    wrong = talk(*(json.loads(data) for _, _, data in HONEST), refusal("late"))
    options = ("--profile", "reference")
    assert inspect(wrapped(wrong), options=options).code == 1
    assert inspect(wrapped(wrong), options=("--force",)).code == 0


def test_no_credential_of_a_har_reaches_the_run_folder(inspect: Call, tmp_path: Path) -> None:
    request = {"headers": [{"name": "Authorization", "value": "Bearer HEADER77"}]}
    url = "wss://me:PASSWORD77@shop.example/chat?access_token=TOKEN77"
    echo = talk(refusal("not you, TOKEN77, nor HEADER77") | {"MsgStatus": "Sned"})
    ended = inspect(har(har_entry(har_messages(echo), url=url, request=request)))
    assert ended.code == 1
    kept = b"".join(path.read_bytes() for path in (tmp_path / "run").iterdir())
    for word in (b"HEADER77", b"PASSWORD77", b"TOKEN77"):
        assert word not in kept
        assert word.decode() not in ended.out + ended.err
    assert b"shop.example" in kept


def test_a_line_without_end_is_one_sentence(inspect: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MAX_LINE_BYTES", 1 << 16)
    ended = inspect(b"{" + b" " * (1 << 17))
    assert ended.code == 2
    assert "has a line of more than" in ended.err


def test_an_interruption_keeps_what_was_judged(
    inspect: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from harness.captures.connection import Connection  # noqa: PLC0415

    take = Connection.take

    def interrupted(self: Connection, message: Any) -> None:
        if self._held and len(self._held) == 2:
            raise KeyboardInterrupt
        take(self, message)

    monkeypatch.setattr(Connection, "take", interrupted)
    ended = inspect(GOOD)
    assert ended.code == 3
    assert "interrupted" in ended.err
    assert read_run(tmp_path / "run").cases
