"""Loads over several machines: workers that come by themselves, some with a clock of their own."""

import os
import resource
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scenarios.hosts import FAKE_CLOCK
from schemas.ledger_totals import ANOMALY_WORDS
from schemas.records import LoadTotals, Metric, OwnFault
from tests.scenarios.conftest import END_S, PROFILE, ROOT, LoadRun, Server, wait_for

pytestmark = pytest.mark.loopback

Serve = Callable[..., Server]
Load = Callable[..., LoadRun]
AHEAD = "7300000000000,80"  # two hours ahead, and 80 ppm fast


class Worker:
    """One `chatsocket worker`."""

    def __init__(
        self, port: int, folder: Path, *options: str, clock: str = "", **also: Any
    ) -> None:
        program = str(Path(sys.executable).with_name("chatsocket"))
        argv = [program, "worker", "--master", f"127.0.0.1:{port}"]
        self._errors = folder / f"worker-{os.urandom(4).hex()}"
        environment = os.environ | ({FAKE_CLOCK: clock} if clock else {})
        with self._errors.open("wb") as errors:
            self.process = subprocess.Popen(
                [*argv, *options], cwd=ROOT, stderr=errors, env=environment, **also
            )

    @property
    def errors(self) -> str:
        return self._errors.read_text()

    def end(self) -> int:
        return self.process.wait(END_S)


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Callable[..., Worker]]:
    """Starts workers."""
    workers: list[Worker] = []

    def start(port: int, *options: str, **also: Any) -> Worker:
        workers.append(Worker(port, tmp_path, *options, **also))
        return workers[-1]

    yield start
    for worker in workers:
        worker.process.kill()
        worker.process.wait()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def expecting(workers: int, port: int, within: str = "40") -> tuple[str, ...]:
    return ("--expect-workers", str(workers), "--bind", f"127.0.0.1:{port}", "--within", within)


def test_two_hosts_carry_one_load_and_their_clocks_are_told_apart(
    serve: Serve, load: Load, work: Callable[..., Worker]
) -> None:
    port = free_port()
    run = load(serve().url, *expecting(2, port), duration_s=3.0, staff=8)
    workers = [work(port, "--profile", str(PROFILE)), work(port, clock=AHEAD)]
    assert run.end() == 0, run.errors
    assert [worker.end() for worker in workers] == [0, 0]
    (totals,) = run.records(LoadTotals)
    ledger = totals.ledger
    assert {word for word in ANOMALY_WORDS if getattr(ledger, word)} == set()
    assert (ledger.in_flight, ledger.unknown, totals.workers_lost) == (0, 0, 0)
    assert (totals.rate.due, totals.rate.unsent) == (180, 0)
    assert run.records(OwnFault) == []
    metrics = {metric.name: metric for metric in run.records(Metric)}
    remote = {name: metric for name, metric in metrics.items() if name.endswith("_remote")}
    assert remote.keys() & {"deliver_remote", "offer_remote", "replay_remote"}
    for metric in remote.values():
        assert metric.latency.count
        assert metric.clock_error_us is not None
        assert metric.latency.max_us < 60_000_000  # two hours would show
        assert metric.negative <= metric.latency.count // 10
    delivered = ("deliver", "staff_deliver", "offer", "replay", "staff_replay")
    names = [*delivered, *(f"{name}_remote" for name in delivered)]
    measured = sum(metrics[name].latency.count for name in names if name in metrics)
    lost_to_clocks = sum(metric.negative for metric in metrics.values())
    assert measured + lost_to_clocks == ledger.delivered


def test_too_few_workers_are_said_in_one_sentence(load: Load) -> None:
    port = free_port()
    run = load("ws://127.0.0.1:1/", *expecting(2, port, within="1"))
    assert run.end() == 3
    assert "0 of 2 load workers came within 1 s; start the others with" in run.errors
    assert f"chatsocket worker --master 127.0.0.1:{port}" in run.errors
    assert len(run.errors.splitlines()) == 1


def test_a_worker_that_means_another_target_is_refused_on_both_sides(
    load: Load, work: Callable[..., Worker], tmp_path: Path
) -> None:
    port = free_port()
    profile = tmp_path / "other.toml"
    text = PROFILE.read_text()
    assert "answer_s = 5" in text
    profile.write_text(text.replace("answer_s = 5", "answer_s = 6"))
    run = load("ws://127.0.0.1:1/", *expecting(1, port))
    worker = work(port, "--profile", str(profile))
    assert run.end() == 2
    assert "cannot take part: this worker's profile does not fit" in run.errors
    assert "limits.answer_s" in run.errors
    assert len(run.errors.splitlines()) == 1
    assert worker.end() == 2
    assert "limits.answer_s" in worker.errors
    assert "Traceback" not in worker.errors


def test_what_does_not_fit_into_a_workers_open_files_is_said_before_it_starts(
    load: Load, work: Callable[..., Worker]
) -> None:
    port = free_port()
    run = load("ws://127.0.0.1:1/", *expecting(1, port), customers=2_000)
    limits = (resource.RLIMIT_NOFILE, (300, 300))
    worker = work(port, preexec_fn=lambda: resource.setrlimit(*limits))
    assert run.end() == 2
    assert "2004 connections in one worker need 2068 open files" in run.errors
    assert "--workers 9" in run.errors
    assert worker.end() == 2


def test_a_worker_too_many_is_sent_away(
    serve: Serve, load: Load, work: Callable[..., Worker]
) -> None:
    port = free_port()
    run = load(serve().url, *expecting(1, port), duration_s=60.0)
    first = work(port)
    run.running()
    late = work(port)
    assert late.end() == 2
    assert "sent away by the load master: the load has begun without this worker" in late.errors
    assert first.process.poll() is None
    run.interrupt()
    assert run.end() == 3
    (totals,) = run.records(LoadTotals)
    assert totals.workers_lost == 0
    assert totals.rate.due == totals.rate.sent_in_time > 0


def test_a_worker_that_dies_elsewhere_is_told(
    serve: Serve, load: Load, work: Callable[..., Worker]
) -> None:
    port = free_port()
    run = load(serve().url, *expecting(2, port), duration_s=60.0)
    workers = [work(port), work(port, clock=AHEAD)]
    run.running()
    workers[1].process.kill()
    gone = LoadTotals
    wait_for(lambda: workers[1].process.poll() is not None)
    wait_for(lambda: run.lines[-1].get("logged_in", 99) < 12, 40.0)
    run.interrupt()
    assert run.end() == 3
    (totals,) = run.records(gone)
    assert totals.workers_lost == 1
    assert {word for word in ANOMALY_WORDS if getattr(totals.ledger, word)} == set()


def test_connections_come_from_the_addresses_asked_for(serve: Serve, load: Load) -> None:
    run = load(serve().url, "--source-ips", "127.0.0.2,127.0.0.3", duration_s=60.0)
    run.running()
    table = Path("/proc/net/tcp")
    if not table.exists():
        pytest.skip("only Linux tells the connections")
    rows = [line.split() for line in table.read_text().splitlines()[1:]]
    ours = {row[1].partition(":")[0] for row in rows if row[3] == "01"}
    assert {"0200007F", "0300007F"} <= ours
    run.interrupt()
    run.end()
