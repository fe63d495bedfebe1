"""`chatsocket load`."""

import re
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from schemas.run_log import Run, read_run

SMALL = ("--customers", 4, "--staff", 1, "--rate", 20, "--duration", "2s")
DEADLINE_S = 60.0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--duration", "3"], "--duration '3' is no duration; write a number and its unit"),
        (["--rate", "0"], "a rate of 0 messages a second sends nothing"),
        (["--customers", "0"], "a load needs customers"),
        (["--warm-up", "30s"], "the warm-up leaves nothing"),
        (["--accounts", "a.csv"], "20 customer accounts needed, 1 in"),
        (["--workers", "0"], "Invalid value for '--workers'"),
        (["--profile", "small.toml"], "20 customers and 5 staff need 25 connections, and"),
        (["--bind", "10.0.0.1"], "add --expect-workers N"),
        (["--expect-workers", "2", "--bind", ":1"], "':1' is no HOST:PORT"),
        (["--expect-workers", "2", "--workers", "2"], "exclude each other"),
        (["--expect-workers", "2", "--source-ips", "::1"], "give it to `chatsocket worker`"),
        (["--expect-workers", "2", "--workers-within", "9"], "--workers-within '9' is no duration"),
        (["--source-ips", "localhost"], "neither an address nor a network"),
        (["--source-ips", "198.51.100.1"], "connections cannot come from 198.51.100.1"),
    ],
)
def test_a_load_that_cannot_be_is_told_before_anything_is_written(
    call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.csv").write_text("sn,role,token\nC1,customer,t\n")
    Path("small.toml").write_text('url = ""\n[limits]\nmax_connections = 24\n')
    ended = call("load", "ws://127.0.0.1:1/x", *arguments)
    assert ended.code == 2
    assert sentence in ended.err
    assert not Path("runs").exists()


@pytest.mark.loopback
def test_a_load_runs_to_its_end_and_is_judged(call, server: str, tmp_path: Path) -> None:
    out = tmp_path / "run"
    ended = call("load", server, *SMALL, "--out", out, "--profile", "reference")
    assert ended.code == 0, ended.out
    run = read_run(out)
    assert (run.partial, run.errors) == (False, [])
    assert run.totals is not None
    assert run.totals.rate.due == 40
    assert run.totals.ledger.lost == 0
    gated = call("gate", out)  # 40 samples cannot decide the gate's p99
    assert (gated.code, "undecided: p99(ack)" in gated.out) == (3, True)
    assert sorted(path.suffix for path in out.iterdir() if path.suffix in (".log", ".ndjson")) == [
        ".ndjson"
    ]


@pytest.mark.loopback
def test_a_target_that_refuses_gives_no_verdict(call, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        target = f"ws://127.0.0.1:{taken.getsockname()[1]}/x"
    ended = call("load", target, *SMALL, "--out", tmp_path / "run")
    assert ended.code == 3
    assert f"chatsocket: {target} refused the connection" in ended.err
    assert "Nothing was measured" in ended.out


@pytest.mark.loopback
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_load_keeps_what_was_measured(
    chatsocket, server: str, tmp_path: Path, number: signal.Signals
) -> None:
    out = tmp_path / "run"
    process = chatsocket("load", server, *SMALL[:-1], "600s", "--out", out)
    wait_for_line(process, r"load: running .* [1-9]\d* acknowledged")  # something to keep
    process.send_signal(number)
    _, err = process.communicate(timeout=DEADLINE_S)
    assert process.returncode == 3
    assert "interrupted; what was measured until then is kept." in err
    run = read_run(out)
    assert run.partial
    assert acked(run) > 0
    assert not processes_with(str(out))


@pytest.mark.loopback
def test_a_killed_command_leaves_no_load_process(chatsocket, server: str, tmp_path: Path) -> None:
    out = tmp_path / "run"
    process = chatsocket("load", server, *SMALL[:-1], "600s", "--out", out)
    wait_for_line(process, r"load: running")
    children = descendants(process.pid)
    assert len(children) >= 2
    process.kill()
    deadline = time.monotonic() + DEADLINE_S
    while left := [pid for pid in children if alive(pid)]:
        assert time.monotonic() < deadline, f"left behind: {left}"
        time.sleep(0.05)


def wait_for_line(process: subprocess.Popen[str], pattern: str) -> None:
    for line in process.stderr:
        if re.match(pattern, line):
            return
    pytest.fail(f"ended without a line {pattern!r}")


def acked(run: Run) -> int:
    return run.totals.ledger.acked if run.totals else 0


def alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def descendants(pid: int) -> list[int]:
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except FileNotFoundError:
        return []
    found = [int(word) for word in text.split()]
    return found + [each for child in found for each in descendants(child)]


def processes_with(word: str) -> list[str]:
    lines = (path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists())
    return [line.decode() for line in lines if word.encode() in line]
