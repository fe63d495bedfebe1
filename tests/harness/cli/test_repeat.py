"""`chatsocket load --repeat`, and thresholds that end a load early."""

import json
from pathlib import Path

import pytest

from harness.cli.load_runs import worst
from schemas.run_log import read_run
from schemas.verdicts import ExitCode

SMALL = ("--customers", 4, "--staff", 2, "--rate", 20, "--warm-up", "0s", "--profile", "reference")
ABORTING = 'thresholds = [{ demand = "p50(ack) < 1us", abort = true, grace = "1s" }]'


def test_the_worst_exit_code_of_several_runs() -> None:
    passed, failed, none = ExitCode.PASSED, ExitCode.FAILED, ExitCode.NO_VERDICT
    assert worst([passed, none, failed]) is failed
    assert worst([passed, none]) is none
    assert worst([passed, passed]) is passed


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--repeat", "0"], "Invalid value for '--repeat'"),
        (["--repeat", "2", "--web"], "--repeat goes without --web"),
        (["--repeat", "2", "--expect-workers", "2"], "--repeat goes without --web"),
        (["--thresholds", "nowhere.toml"], "nowhere.toml cannot be read"),
        (["--thresholds", "end.toml"], "'unsent == 0' cannot end a load"),
    ],
)
def test_wrong_use_is_told_before_anything_is_written(
    call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("end.toml").write_text('thresholds = [{ demand = "unsent == 0", abort = true }]')
    ended = call("load", "ws://127.0.0.1:1/x", *arguments)
    assert ended.code == 2
    assert sentence in ended.err
    assert not Path("runs").exists()


@pytest.mark.loopback
def test_repeated_runs_have_one_seed_after_another(call, server: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    arguments = (*SMALL, "--duration", "2s", "--repeat", 2, "--seed", 7, "--out", out)
    ended = call("load", server, *arguments)
    assert ended.code == 0, ended.err
    assert [read_run(out / number).header.seed for number in "12"] == [7, 8]
    assert "p50(ack)" in ended.out
    found = json.loads((out / "spread.json").read_text())
    assert [run["exit_code"] for run in found["runs"]] == [0, 0]
    assert next(e for e in found["latencies"] if e["name"] == "p50(ack)")["runs"] == 2


@pytest.mark.loopback
def test_a_missed_threshold_ends_the_load_and_keeps_it(call, server: str, tmp_path: Path) -> None:
    file, out = tmp_path / "t.toml", tmp_path / "run"
    file.write_text(ABORTING)
    size = (*SMALL, "--duration", "120s", "--thresholds", file, "--out", out)
    ended = call("load", server, *size)
    assert ended.code == 1, ended.err
    assert "p50(ack) < 1us is missed: the load is ended early" in ended.err
    assert "aborted: at " in ended.out
    run = read_run(out)
    assert run.aborted is not None
    assert run.aborted.text == "p50(ack) < 1us"
    assert not run.partial
    totals = run.totals
    assert totals is not None
    assert totals.rate.unsent == totals.ledger.in_flight == totals.ledger.unknown == 0
    assert totals.rate.due < 20 * 60
    again = call("gate", out, "--thresholds", file)
    assert (again.code, "aborted: at " in again.out) == (1, True)
    refused = call("compare", out, "--", out)
    assert (refused.code, "was ended early" in refused.err) == (2, True)
