"""`chatsocket run`: everything in a row."""

import json
from pathlib import Path

import pytest

from harness.cli.children import Children, first_line
from harness.cli.embedded import READY_S
from schemas.run_log import read_run

pytestmark = [pytest.mark.loopback, pytest.mark.timeout(240)]
BRIEF = ("--rate", 20, "--duration", "2s", "--warm-up", "0s")


def test_without_a_target_it_brings_its_own(call, tmp_path: Path) -> None:
    out = tmp_path / "run"
    ended = call("run", *BRIEF, "--out", out)
    run = read_run(out)
    assert (run.partial, run.errors) == (False, [])
    assert run.header.parts == ["conformance", "load"]
    assert len(run.cases) >= 40
    assert run.totals is not None
    assert run.totals.rate.due == 40
    assert {look.local for look in run.observed} == {True, False}  # its process and its page
    assert ended.code == json.loads((out / "verdict.json").read_text())["exit_code"]
    assert str(out / "report.html") in ended.out
    assert {path.name for path in out.iterdir()} >= {
        "run.ndjson",
        "verdict.json",
        "summary.json",
        "junit.xml",
        "report.html",
        "summary.md",
    }


def test_a_broken_server_fails_and_the_report_shows_its_frames(call, tmp_path: Path) -> None:
    with Children() as children:
        argv = ["-m", "reference_server", "--fault", "result-as-string"]
        server = first_line(children.start("server", argv, tmp_path / "log"), READY_S)
        ended = call("run", server, *BRIEF, "--out", tmp_path / "run")
    assert ended.code == 1
    page = (tmp_path / "run" / "report.html").read_text()
    assert "out-result-type" in ended.out
    assert "out-result-type" in page
    assert "MsgStatus" in page


def test_an_existing_folder_is_spared_before_anything_starts(call, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("")
    ended = call("run", "--out", tmp_path)
    assert ended.code == 2
    assert "it is not empty; add --force" in ended.err
