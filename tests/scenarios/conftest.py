"""Locust without its monkey-patching of this process, and load runs as real processes."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

# Patching would reach every other test; the variable must not reach the processes they start.
os.environ["LOCUST_SKIP_MONKEY_PATCH"] = "1"
import locust  # noqa: F401

del os.environ["LOCUST_SKIP_MONKEY_PATCH"]

from harness.swarm.plan import Limits, LoadPlan, encode_plan
from schemas.records import Record, decode

ROOT = Path(__file__).parents[2]
PROFILE = ROOT / "reference_server" / "profile.toml"
END_S = 60.0


def wait_for(condition: Callable[[], Any], within_s: float = 20.0) -> Any:
    """What ``condition`` returns as soon as it is true."""
    deadline = time.monotonic() + within_s
    while not (found := condition()):
        assert time.monotonic() < deadline, "the condition never came true"
        time.sleep(0.02)
    return found


class Server:
    """A running reference server."""

    def __init__(self, *faults: str, options: tuple[str, ...] = ()) -> None:
        argv = [sys.executable, "-m", "reference_server", *options]
        argv += [part for fault in faults for part in ("--fault", fault)]
        self.process = subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip()

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


class LoadRun:
    """A master process with its workers, in a group of its own."""

    def __init__(self, folder: Path, plan: LoadPlan, options: tuple[str, ...] = ()) -> None:
        self.folder = folder
        file = folder / "plan.json"
        file.write_bytes(encode_plan(plan))
        self._out, self._errors = folder / "stdout", folder / "stderr"
        argv = [sys.executable, "-m", "scenarios", "master", "--plan", str(file), *options]
        with self._out.open("wb") as out, self._errors.open("wb") as errors:
            self.process = subprocess.Popen(
                argv, cwd=ROOT, stdout=out, stderr=errors, process_group=0
            )

    @property
    def lines(self) -> list[dict[str, Any]]:
        whole = self._out.read_bytes().rpartition(b"\n")[0]
        return [json.loads(line) for line in whole.splitlines()]

    @property
    def errors(self) -> str:
        return self._errors.read_text()

    def running(self) -> None:
        """Wait until messages are being acknowledged."""
        wait_for(lambda: any(line.get("act") == "running" and line["acked"] for line in self.lines))

    def interrupt(self) -> None:
        self.process.send_signal(signal.SIGINT)

    def end(self) -> int:
        return self.process.wait(END_S)

    def records(self, kind: type | None = None) -> list[Any]:
        log = self.folder / "load.ndjson"
        found: list[Record] = [decode(line) for line in log.read_bytes().splitlines()]
        return [record for record in found if kind is None or type(record) is kind]

    def workers(self) -> list[int]:
        """The process ids of the workers."""
        asked = subprocess.run(
            ["ps", "-o", "pid=,args=", "--ppid", str(self.process.pid)],
            capture_output=True,
            text=True,
            check=False,
        )
        rows = (line.split(None, 1) for line in asked.stdout.splitlines())
        return [int(pid) for pid, args in rows if "scenarios worker" in args]

    def kill(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """Starts reference servers, with faults by name."""
    servers: list[Server] = []

    def start(*faults: str) -> Server:
        servers.append(Server(*faults))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def load(tmp_path: Path) -> Iterator[Callable[..., LoadRun]]:
    """Starts load runs against a URL."""
    runs: list[LoadRun] = []

    def start(url: str, *options: str, **changes: Any) -> LoadRun:
        values: dict[str, Any] = {
            "run_id": "test",
            "run": "test01",
            "customers": 8,
            "staff": 4,
            "rate": 60.0,
            "duration_s": 2.0,
            "out": str(tmp_path),
            "url": url,
            "profile": str(PROFILE),
            "limits": Limits(quiet_s=1.0),
        }
        runs.append(LoadRun(tmp_path, LoadPlan(**(values | changes)), options))
        return runs[-1]

    yield start
    for run in runs:
        run.kill()
