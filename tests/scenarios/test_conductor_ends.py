"""However a load under Locust ends, its figures are those of the server: nothing is cut off."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from schemas.ledger_totals import ANOMALY_WORDS
from schemas.load_records import LoadTotals
from schemas.run_log import Run, read_run
from tests.scenarios.conftest import PROFILE, ROOT, LoadRun, Server, wait_for

pytestmark = pytest.mark.loopback

Serve = Callable[..., Server]
SHAPED = """
from locust import LoadTestShape
from scenarios.locustfile import CustomerUser, StaffUser

class Short(LoadTestShape):
    def tick(self):
        return (8, 8) if self.get_run_time() < 5 else None
"""
OWN = ROOT / "examples" / "load" / "own_behaviour.py"


def witnessed(server: Server) -> tuple[int, int]:
    """Messages from clients and frames to clients, as the server counted them."""
    text = httpx.get(server.url.replace("ws://", "http://").partition("/api/")[0] + "/metrics").text
    rows = [line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#")]
    received = sum(float(n) for name, n in rows if "messages_received_total" in name)
    sent = sum(float(n) for name, n in rows if name.startswith("chatsocket_frames_total"))
    return round(received), round(sent)


def check_against(server: Server, totals: LoadTotals) -> None:
    """What participants sent and got is what both sides count."""
    assert (totals.frames.sent, totals.frames.received) == witnessed(server)
    ledger = totals.ledger
    assert {word for word in ANOMALY_WORDS if getattr(ledger, word)} == set()
    assert (ledger.in_flight, ledger.unknown) == (0, 0)
    assert ledger.expected_deliveries == ledger.delivered
    assert totals.rate.due == totals.rate.sent_in_time > 0


class Locust:
    """A run of plain Locust, in a group of its own as in a terminal."""

    def __init__(self, folder: Path, url: str, *options: str, file: Path | str = "") -> None:
        self.folder = folder
        file = file or "scenarios/locustfile.py"
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = str(probe.getsockname()[1])
        argv = [sys.executable, "-m", "locust", "-f", str(file), "--host", url, "-L", "ERROR"]
        argv += ["--target-profile", str(PROFILE), "--out", str(folder), "--rate", "40"]
        argv += ["--master-bind-host", "127.0.0.1", "--master-bind-port", port]
        argv += ["--master-port", port, "--customers", "6", "--staff", "2", *options]
        with (folder / "errors").open("wb") as errors:
            self.process = subprocess.Popen(
                argv,
                cwd=ROOT,
                stdout=errors,
                stderr=errors,
                process_group=0,
                preexec_fn=_hear_interrupts,  # noqa: PLW1509 - one system call
            )

    def running(self) -> None:
        """Wait until seconds of load are in the log."""
        log = self.folder / "run.ndjson"
        wait_for(lambda: log.exists() and b'"second"' in log.read_bytes(), 40.0)

    def end(self) -> tuple[Run, LoadTotals]:
        self.process.wait(90)
        errors = (self.folder / "errors").read_text()
        assert "Traceback" not in errors
        run = read_run(self.folder)
        assert run.totals is not None, errors
        return run, run.totals

    def kill(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def _hear_interrupts() -> None:
    """A shell's background job, and so a test run in one, ignores SIGINT."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture
def swarm(tmp_path: Path) -> Iterator[Callable[..., Locust]]:
    """Starts runs of plain Locust."""
    runs: list[Locust] = []

    def start(url: str, *options: str, **also: Any) -> Locust:
        runs.append(Locust(tmp_path, url, *options, **also))
        return runs[-1]

    yield start
    for run in runs:
        run.kill()


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_a_load_counts_what_the_server_counts(
    serve: Serve, load: Callable[..., LoadRun], workers: int
) -> None:
    server = serve()
    run = load(server.url, workers=workers)
    assert run.end() == 0, run.errors
    (totals,) = run.records(LoadTotals)
    assert totals.rate.due == 120
    check_against(server, totals)


@pytest.mark.parametrize("processes", [1, 2, 4])
def test_a_shape_ends_a_run_whole(
    serve: Serve, swarm: Callable[..., Locust], tmp_path: Path, processes: int
) -> None:
    file = tmp_path / "shaped.py"
    file.write_text(SHAPED)
    server = serve()
    many = ("--processes", str(processes)) if processes > 1 else ()
    run, totals = swarm(server.url, "--headless", *many, file=file).end()
    assert not run.partial
    check_against(server, totals)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_drains_what_is_under_way(
    serve: Serve, swarm: Callable[..., Locust], number: signal.Signals
) -> None:
    server = serve()
    started = swarm(server.url, "--headless", "--processes", "2", "-t", "60s")
    started.running()
    if number is signal.SIGINT:  # as a terminal does it
        os.killpg(started.process.pid, number)
    else:
        started.process.send_signal(number)
    run, totals = started.end()
    assert run.parts[0].reason == "interrupted"
    check_against(server, totals)


def test_the_web_uis_stop_drains_what_is_under_way(
    serve: Serve, swarm: Callable[..., Locust]
) -> None:
    server = serve()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    web = ("--web-host", "127.0.0.1", "--web-port", str(port))
    started = swarm(server.url, *web, "--autostart")
    started.running()
    assert httpx.post(f"http://127.0.0.1:{port}/stop", timeout=60).is_success
    log = started.folder / "run.ndjson"
    wait_for(lambda: b'"footer"' in log.read_bytes())
    started.kill()
    run, totals = started.end()
    assert not run.partial
    check_against(server, totals)


def test_a_behaviour_of_ones_own_is_played(serve: Serve, swarm: Callable[..., Locust]) -> None:
    server = serve()
    run, totals = swarm(server.url, "--headless", "-t", "5s", file=OWN).end()
    assert not run.partial
    check_against(server, totals)
    staffs = run.metrics["staff_ack"].latency.count
    # every scheduled message is followed by another, but for the last of each customer
    assert totals.ledger.acked - staffs >= 2 * totals.rate.due - 6
