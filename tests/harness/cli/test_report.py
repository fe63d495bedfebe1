"""`chatsocket report`: a saved run, or several shards of one, in whatever format is asked for."""

import json
from pathlib import Path

import msgspec
import pytest

from reports.render import FILE_NAMES, Format
from schemas.case_records import CaseRecord, TranscriptLine
from schemas.records import encode
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
    assert ended.code == 0
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


def logged(folder: Path, *, name: str = "run", version: str = "", **changes) -> Path:
    """A folder with the log of a run that :func:`made_run` makes with ``changes``."""
    run = made_run(**changes)
    header = msgspec.structs.replace(
        run.header, run_id=name, log_version=version or run.header.log_version
    )
    records = [header, *run.cases, *run.parts, *([run.footer] if run.footer else [])]
    folder.mkdir()
    (folder / RUN_LOG).write_bytes(b"".join(map(encode, records)))
    return folder


def a_shard(folder: Path, *names: str) -> Path:
    cases = [a_case(name, Outcome.PASSED) for name in names]
    return logged(folder, name=folder.name, asked=["conformance"], cases=cases)


def test_every_format_can_be_asked_for(call, folder: Path, tmp_path: Path) -> None:
    formats = [word for name in Format for word in ("--format", name.value)]
    ended = call("report", folder, *formats, "--out", tmp_path / "out")
    assert ended.code == 0
    assert [Path(line).name for line in ended.out.split()] == list(FILE_NAMES.values())


def test_shards_are_drawn_as_one_where_they_are_told_to(call, tmp_path: Path) -> None:
    one, other = a_shard(tmp_path / "one", "a.x"), a_shard(tmp_path / "other", "b.x", "b.y")
    unsaid = call("report", one, other)
    assert (unsaid.code, "say where to with --out DIR" in unsaid.err) == (2, True)
    ended = call("report", one, other, "--format", "json", "--out", tmp_path / "all")
    assert ended.code == 0
    summary = json.loads((tmp_path / "all" / "summary.json").read_text())
    assert [case["id"] for case in summary["conformance"]["cases"]] == ["a.x", "b.x", "b.y"]
    assert not (one / "summary.json").exists()


def test_what_is_no_shard_of_the_same_run_is_one_sentence(call, folder, tmp_path: Path) -> None:
    one = a_shard(tmp_path / "one", "text-fine")
    ended = call("report", one, folder, "--out", tmp_path / "all")
    assert ended.code == 2
    assert "cannot be drawn as one: cases are in more than one of the runs: text-fine" in ended.err
    assert not (tmp_path / "all").exists()


def test_a_run_without_its_footer_is_drawn_and_marked(call, tmp_path: Path) -> None:
    ended = call("report", logged(tmp_path / "run", footer=None))
    assert ended.code == 0
    assert "partial: run.ndjson has no footer" in ended.err
    assert "Partial run" in (tmp_path / "run" / "summary.md").read_text()
    assert '"partial": true' in (tmp_path / "run" / "summary.json").read_text()


def test_damaged_lines_are_counted_and_named(call, tmp_path: Path) -> None:
    run = logged(tmp_path / "run")
    log = run / RUN_LOG
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join([lines[0], b"\xff{\n", *lines[1:], b'{"kind":"second"}\n']))
    ended = call("report", run)
    assert ended.code == 0
    assert f"2 lines of run.ndjson cannot be read and count for nothing: 2, {len(lines) + 2}." in (
        ended.err
    )


def test_a_log_of_a_newer_version_is_one_sentence(call, tmp_path: Path) -> None:
    ended = call("report", logged(tmp_path / "run", version="2.0"))
    assert ended.code == 2
    assert "is of version 2.0; this program reads 1." in ended.err
    assert "use the version of chatsocket that wrote it" in ended.err
    assert not (tmp_path / "run" / "report.html").exists()


def test_a_newer_minor_version_is_drawn(call, tmp_path: Path) -> None:
    assert call("report", logged(tmp_path / "run", version="1.999")).code == 0


@pytest.mark.parametrize("content", [None, b"", b"\n", b"not a log\n", b"{}\n"])
def test_what_is_no_run_is_one_sentence(call, tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / RUN_LOG).write_bytes(content)
    ended = call("report", tmp_path)
    assert ended.code == 2
    assert "is no run folder" in ended.err
    assert "Traceback" not in ended.err


def test_an_empty_run_is_drawn_without_a_verdict(call, tmp_path: Path) -> None:
    ended = call("report", logged(tmp_path / "run", cases=[], parts=[], asked=[]))
    assert ended.code == 0
    summary = json.loads((tmp_path / "run" / "summary.json").read_text())
    assert (summary["verdict"], summary["exit_code"]) == ("no-verdict", 3)
