"""Loads over several machines: workers that come by themselves, some with a clock of their own."""

import asyncio
import os
import resource
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from scenarios.hosts import FAKE_CLOCK
from schemas.ledger_totals import ANOMALY_WORDS
from schemas.load_records import LoadTotals, Metric
from schemas.records import OwnFault
from tests.scenarios.conftest import END_S, PROFILE, ROOT, LoadRun, Server, wait_for

pytestmark = pytest.mark.loopback

Serve = Callable[..., Server]
Load = Callable[..., LoadRun]
AHEAD = "7300000000000,80"  # two hours ahead, and 80 ppm fast


class Worker:
    """One `chatsocket worker`."""

    def __init__(
        self,
        port: int,
        folder: Path,
        *options: str,
        clock: str = "",
        master: str = "127.0.0.1",
        within: Sequence[str] = (),
        **also: Any,
    ) -> None:
        program = str(Path(sys.executable).with_name("chatsocket"))
        argv = [*within, program, "worker", "--master", f"{master}:{port}"]
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


def check_two_hosts(run: LoadRun, due: int) -> None:
    """Nothing was lost between two hosts, and what went across has its own series."""
    (totals,) = run.records(LoadTotals)
    ledger = totals.ledger
    assert {word for word in ANOMALY_WORDS if getattr(ledger, word)} == set()
    assert (ledger.in_flight, ledger.unknown, totals.workers_lost) == (0, 0, 0)
    assert (totals.rate.due, totals.rate.unsent) == (due, 0)
    assert run.records(OwnFault) == []
    metrics = {metric.name: metric for metric in run.records(Metric)}
    remote = {name: metric for name, metric in metrics.items() if name.endswith("_remote")}
    assert remote.keys() & {"deliver_remote", "offer_remote", "replay_remote"}
    for metric in remote.values():
        assert metric.latency.count
        assert metric.clock_error_us is not None
        assert metric.latency.max_us < 60_000_000  # hours would show
        assert metric.negative <= metric.latency.count // 10
    delivered = ("deliver", "staff_deliver", "offer", "replay", "staff_replay")
    names = [*delivered, *(f"{name}_remote" for name in delivered)]
    measured = sum(metrics[name].latency.count for name in names if name in metrics)
    lost_to_clocks = sum(metrics[name].negative for name in names if name in metrics)
    assert measured + lost_to_clocks == ledger.delivered


def test_two_hosts_carry_one_load_and_their_clocks_are_told_apart(
    serve: Serve, load: Load, work: Callable[..., Worker]
) -> None:
    port = free_port()
    run = load(serve().url, *expecting(2, port), duration_s=3.0, staff=8)
    workers = [work(port, "--profile", str(PROFILE)), work(port, clock=AHEAD)]
    assert run.end() == 0, run.errors
    assert [worker.end() for worker in workers] == [0, 0]
    check_two_hosts(run, 180)


class Net:
    """A second network, joined to this one by a virtual cable."""

    HERE, THERE = "10.213.77.1", "10.213.77.2"

    def __init__(self) -> None:
        self.name = f"chat{os.getpid()}"
        self.commands = (
            f"ip netns add {self.name}",
            f"ip link add {self.name}a type veth peer name {self.name}b netns {self.name}",
            f"ip addr add {self.HERE}/30 dev {self.name}a",
            f"ip link set {self.name}a up",
            f"ip -n {self.name} addr add {self.THERE}/30 dev {self.name}b",
            f"ip -n {self.name} link set {self.name}b up",
        )

    def __enter__(self) -> "Net":
        for command in self.commands:
            done = subprocess.run(command.split(), capture_output=True, text=True, check=False)
            if done.returncode:
                self.__exit__()
                pytest.skip(f"no network namespaces here: {command}: {done.stderr.strip()}")
        return self

    def __exit__(self, *_: object) -> None:
        for command in (f"ip netns del {self.name}", f"ip link del {self.name}a"):
            subprocess.run(command.split(), capture_output=True, check=False)

    @property
    def within(self) -> list[str]:
        """Runs a program in the other network, on a clock that was started a day earlier."""
        return [*f"ip netns exec {self.name} unshare --time --monotonic 86400 --fork".split()]


async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(1 << 16):
        writer.write(data)
    writer.close()


@contextmanager
def relayed(url: str, host: str) -> Iterator[str]:
    """The URL at ``host`` of a relay to ``url``: with its demo secret a server serves loopback."""
    port = urlsplit(url).port
    loop = asyncio.new_event_loop()

    async def join(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(pipe(reader, far_writer), pipe(far_reader, writer))

    server = loop.run_until_complete(asyncio.start_server(join, host, 0))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        there = server.sockets[0].getsockname()[1]
        yield url.replace(f"127.0.0.1:{port}", f"{host}:{there}")
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def test_namespaces_with_a_network_and_a_clock_of_their_own_carry_one_load(
    serve: Serve, load: Load, work: Callable[..., Worker]
) -> None:
    if os.geteuid() or not shutil.which("ip") or not shutil.which("unshare"):
        pytest.skip("namespaces need root, ip and unshare")
    with ExitStack() as stack:
        net = stack.enter_context(Net())
        probe = subprocess.run([*net.within, "true"], capture_output=True, text=True, check=False)
        if probe.returncode:
            pytest.skip(f"no time namespaces here: {probe.stderr.strip()}")
        port = free_port()
        url = stack.enter_context(relayed(serve().url, Net.HERE))
        bind = ("--expect-workers", "2", "--within", "40", "--bind", f"{Net.HERE}:{port}")
        run = load(url, *bind, duration_s=3.0, staff=8)
        workers = [
            work(port, master=Net.HERE),
            work(port, "--source-ips", Net.THERE, master=Net.HERE, within=net.within),
        ]
        assert run.end() == 0, (run.errors, [worker.errors for worker in workers])
        assert [worker.end() for worker in workers] == [0, 0]
        check_two_hosts(run, 180)


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
