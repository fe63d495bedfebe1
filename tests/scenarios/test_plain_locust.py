"""The same users under plain Locust: alone, distributed, stopped by time."""

import socket
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from resource import RLIMIT_NOFILE, setrlimit

import pytest

from schemas.run_log import RUN_LOG, read_run
from schemas.verdict_file import read_verdict
from tests.scenarios.conftest import PROFILE, ROOT, Server

pytestmark = pytest.mark.loopback


def locust(
    url: str, out: Path, *options: str, files: int | None = None
) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-m", "locust", "-f", "scenarios/locustfile.py", "--headless"]
    argv += ["--host", url, "--target-profile", str(PROFILE), "--out", str(out)]
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = str(probe.getsockname()[1])
    argv += ["--master-bind-host", "127.0.0.1", "--master-bind-port", port, "--master-port", port]
    argv += ["--rate", "40", "--only-summary", "-L", "ERROR", *options]
    limited = None if files is None else partial(setrlimit, RLIMIT_NOFILE, (files, files))
    return subprocess.run(
        argv,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        preexec_fn=limited,
    )


@pytest.mark.parametrize(
    "options",
    [
        ("-u", "8", "-r", "8", "-t", "8s"),
        ("--population", "smoke", "-t", "8s"),
        ("--customers", "6", "--staff", "2", "-t", "6s", "--processes", "2"),
    ],
)
def test_a_timed_run_is_whole_and_judged(
    serve: Callable[..., Server], tmp_path: Path, options: tuple[str, ...]
) -> None:
    done = locust(serve().url, tmp_path, *options)
    assert "Traceback" not in done.stderr
    assert (tmp_path / RUN_LOG).exists(), (done.returncode, done.stdout, done.stderr)
    run, verdict = read_run(tmp_path), read_verdict(tmp_path)
    assert run.totals is not None, done.stderr
    ledger = run.totals.ledger
    assert ledger.lost == ledger.in_flight == ledger.unknown == ledger.unexpected == 0
    assert run.totals.rate.due == run.totals.rate.sent_in_time > 0
    assert run.metrics["ack"].latency.count == run.totals.rate.due
    assert not run.partial
    assert verdict is not None
    assert done.returncode == verdict.exit_code == 3  # too few samples for the p99 by default
    assert [reason.split(":")[0] for reason in verdict.reasons] == ["undecided"]
    shown = [line.split() for line in done.stderr.splitlines() if line.startswith("chat")]
    assert ["chat", "ack", str(run.totals.rate.due)] in [words[:3] for words in shown]


def test_a_profile_that_is_none_ends_in_a_sentence(tmp_path: Path) -> None:
    done = locust("ws://127.0.0.1:1/", tmp_path, "-u", "1", "--target-profile", "/nowhere.toml")
    assert done.returncode == 2
    assert "cannot read the profile /nowhere.toml" in done.stderr
    assert "Traceback" not in done.stderr


def test_more_users_than_open_files_end_in_a_sentence(tmp_path: Path) -> None:
    options = ("-u", "300", "-r", "300", "-t", "5s")
    done = locust("ws://127.0.0.1:1/", tmp_path / "run", *options, files=200)
    assert done.returncode == 2
    assert "300 connections in one worker need 364 open files" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "run").exists()
