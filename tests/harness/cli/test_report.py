"""`chatsocket report --format har`: what a run saw, for the tools that read those."""

import json
from pathlib import Path

import pytest

from schemas.records import CaseRecord, TranscriptLine, encode
from schemas.run_log import RUN_LOG
from schemas.verdicts import Level, Outcome
from tests.made_runs import made_run


def a_case(name: str, outcome: Outcome, started_s: float = 0.0) -> CaseRecord:
    frame = '{"type":"text","content":"hi","read":false,"titletype":null}'
    return CaseRecord(
        id=name,
        group="text",
        level=Level.MUST,
        outcome=outcome,
        clauses=["ack-order"],
        started_s=started_s,
        transcript=[
            TranscriptLine(1.0, "C1", True, "open", "GET / HTTP/1.1"),
            TranscriptLine(2.0, "C1", True, "text", frame, len(frame)),
        ],
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    run = made_run(
        cases=[
            a_case("text-fine", Outcome.PASSED),
            a_case("../text:bad", Outcome.FAILED, 1.5),
            a_case("..\\text:bad", Outcome.ERROR),
        ]
    )
    (tmp_path / RUN_LOG).write_bytes(b"".join(map(encode, [run.header, *run.cases, run.footer])))
    return tmp_path


def test_the_run_and_each_failure_are_written(call, folder: Path, tmp_path: Path) -> None:
    ended = call("report", folder, "--format", "har", "--out", tmp_path / "out")
    assert (ended.code, ended.err) == (0, "")
    paths = [Path(line) for line in ended.out.split()]
    assert [path.relative_to(tmp_path / "out") for path in paths] == [
        Path("run.har"),
        Path("har/_text_bad.har"),
        Path("har/_text_bad_.har"),
    ]
    whole, bad = (json.loads(path.read_text())["log"]["entries"] for path in paths[:2])
    assert (len(whole), len(bad)) == (3, 1)
    assert bad[0]["startedDateTime"].startswith("2026-11-22T10:00:01.502")
    assert bad[0]["request"]["url"] == "ws://127.0.0.1:1/"
    assert bad[0]["_webSocketMessages"][0]["type"] == "send"


def test_what_was_written_can_be_inspected(call, folder: Path, tmp_path: Path) -> None:
    call("report", folder, "--format", "har")
    ended = call("inspect", folder / "run.har", "--midway", "--out", tmp_path / "out")
    assert ended.code in (0, 1, 3)
    assert "3 messages on 3 connections were judged" in ended.out


def test_all_formats_are_written_without_har(call, folder: Path) -> None:
    ended = call("report", folder)
    assert ended.code == 0
    assert not list(folder.rglob("*.har"))
    assert (folder / "report.html").exists()


def test_wrong_formats_and_places_are_one_sentence(call, folder: Path) -> None:
    wrong = call("report", folder, "--format", "harr")
    assert (wrong.code, "did you mean 'har'?" in wrong.err) == (2, True)
    (folder / "file").write_text("")
    blocked = call("report", folder, "--format", "har", "--out", folder / "file")
    assert (blocked.code, "cannot write to" in blocked.err) == (2, True)
