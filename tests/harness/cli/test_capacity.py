"""`chatsocket capacity`: wrong use, and a server whose capacity is known."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.cli.children import Children, first_line
from schemas.run_log import read_run

SLO = ("--slo", "p50(ack) < 100ms")
START_S = 20.0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "a capacity needs a demand that is kept below it and missed above"),
        (["--slo", "p99(akc) < 1s"], "did you mean 'ack'?"),
        (["--slo", 'cases("a-*") all passed'], "a capacity is no matter of cases"),
        ([*SLO, "--of", "rats"], "Invalid value for '--of'"),
        ([*SLO, "--rate", "0"], "a rate of 0 messages a second sends nothing"),
        ([*SLO, "--trial", "0s"], "--trial '0s' is no duration"),
        ([*SLO, "--width", "5"], "--width '5' is no share"),
        ([*SLO, "--budget", "1s"], "--budget 1s is shorter than the first trial"),
        ([*SLO, "--model", "closed"], "the closed model has no rate that could be raised"),
        ([*SLO, "--accounts", "a.csv"], "customer accounts needed, 1 in"),
        (["--slo", "p99.9(ack) < 1s", "--rate", "1"], "p99.9(ack) needs 10000 samples"),
    ],
)
def test_wrong_use_is_told_before_anything_is_written(
    call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.csv").write_text("sn,role,token\nC1,customer,t\n")
    ended = call("capacity", "ws://127.0.0.1:1/x", *arguments)
    assert ended.code == 2
    assert sentence in ended.err
    assert not Path("runs").exists()


@pytest.fixture
def queueing(tmp_path: Path) -> Iterator[str]:
    """The URL of a server that takes 80 messages a second."""
    with Children() as children:
        argv = ["-m", "reference_server", "--port", "0", "--fault", "queue=80"]
        yield first_line(children.start("server", argv, tmp_path / "server.log"), START_S)


@pytest.mark.loopback
@pytest.mark.long
@pytest.mark.timeout(400)
def test_the_interval_holds_what_the_server_takes(call, queueing: str, tmp_path: Path) -> None:
    """Of 80 messages a second some are the staff's, so 80 of the customers' are too many."""
    out = tmp_path / "out"
    size = ("--customers", 4, "--staff", 2, "--rate", 40, "--trial", "1500ms", "--width", "99%")
    ended = call(
        "capacity", queueing, "--profile", "reference", *SLO, *size, "--out", out, "--json"
    )
    found = json.loads(ended.out)
    assert (ended.code, found["ending"], found["recovers"]) == (0, "found", True), ended.err
    assert 40 <= found["held"] < found["failed"] <= 80
    assert found == json.loads((out / "capacity.json").read_text())
    assert (out / "capacity.md").read_text().startswith("## ✓ Between ")
    assert "<svg" in (out / "capacity.html").read_text()
    for trial in found["trials"]:
        run = read_run(out / "trials" / trial["folder"])
        assert run.header.seed == trial["seed"] == trial["number"]
        assert run.plan is not None
        assert run.plan.rate == trial["level"]
    again = call("capacity", queueing, *SLO, "--out", out)
    assert (again.code, "it is not empty" in again.err) == (2, True)


@pytest.mark.loopback
@pytest.mark.long
def test_a_start_that_does_not_hold_fails(call, queueing: str, tmp_path: Path) -> None:
    size = ("--customers", 4, "--staff", 0, "--rate", 160, "--trial", "1500ms")
    arguments = ("--profile", "reference", *SLO, *size, "--out", tmp_path / "out")
    ended = call("capacity", queueing, *arguments)
    assert ended.code == 1, ended.err
    assert "✕ Bears less than the start" in ended.out
    assert "not even 160/s held" in ended.out


@pytest.mark.loopback
def test_a_target_that_refuses_decides_nothing(call, tmp_path: Path) -> None:
    ended = call("capacity", "ws://127.0.0.1:1/x", *SLO, "--out", tmp_path / "out")
    assert ended.code == 3
    assert "refused the connection" in ended.err
    assert "Nothing was decided" in ended.out
