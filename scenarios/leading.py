"""The process that leads a load run: a Locust master without users, and its workers as children.

Carries a plan out from the waiting for workers to the last record. Never plays itself, so that the
joining of the ledger does not compete with a swarm for the interpreter.
"""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import gevent  # type: ignore[import-untyped]
import msgspec
from locust import User
from locust.env import Environment

from harness.errors import (
    HarnessError,
    OutputUnusable,
    OwnFault,
    TargetUnavailable,
    Unavailability,
    UsageError,
)
from harness.preflight.machine import source_addresses
from harness.swarm.fitness import fit_of
from harness.swarm.plan import LoadPlan, encode_plan
from harness.swarm.reports import Fault, Refusal
from harness.swarm.setup import Setup
from scenarios.conductor import Conductor
from scenarios.equipment import check_machine, travelling
from scenarios.master import Desk, Master, Run
from scenarios.muster import Check, GuardedRunner, Muster
from scenarios.own_users import digest_of, populations_of
from scenarios.progress import Ended, Listening, write_line
from scenarios.slots import CustomerUser, StaffUser
from scenarios.web_page import WebPage
from schemas.records import Record, encode
from schemas.run_log import LOAD_LOG
from schemas.verdicts import ExitCode

LOOPBACK = "127.0.0.1"
WORKERS_READY_S = 30.0
_POLL_S = 0.05
_ALIVE_S = 10.0
_PATIENCE_S, _HURRIED_S = 3.0, 0.3  # for workers that have been told to end


class Seat(msgspec.Struct, frozen=True):
    """Where a load is led from, and with whom. Workers connect to ``bind``:``port``.

    ``expect`` workers come from elsewhere within ``within_s`` seconds; 0: the plan's are started
    here. ``web_port`` opens Locust's web UI on loopback; 0: none. ``sources`` are the addresses
    (as :func:`source_addresses` reads them) that connections of workers started here come from.
    """

    bind: str = LOOPBACK
    port: int = 0
    web_port: int = 0
    expect: int = 0
    within_s: float = WORKERS_READY_S
    sources: str = ""


class Leading:
    """One run of ``plan``, led from ``seat``."""

    def __init__(self, plan: LoadPlan, seat: Seat) -> None:
        if seat.expect:
            plan = msgspec.structs.replace(plan, workers=seat.expect)
        self._plan, self._seat = plan, seat
        if not seat.expect:
            check_machine(plan, plan.workers, source_addresses(seat.sources))
        self._setup = Setup(plan)
        populations_of(plan.locustfile)  # told before any process starts
        self._travelling = travelling(self._setup) if seat.expect else plan
        self._children: list[subprocess.Popen[bytes]] = []
        self._refusal: HarnessError | None = None
        self._interrupts = 0
        CustomerUser.fixed_count, StaffUser.fixed_count = plan.customers, plan.staff
        users: list[type[User]] = [CustomerUser, *([StaffUser] if plan.staff else [])]
        self._environment = Environment(user_classes=users, host=self._setup.profile.shown_url)
        _demand_free(seat.bind, seat.port, "--bind")
        _demand_free(LOOPBACK, seat.web_port, "--web-port")
        self._log = _opened(Path(plan.out) / LOAD_LOG)
        self._runner = GuardedRunner(self._environment, seat.bind, seat.port)
        self._environment.runner = self._runner
        self._conductor = Conductor(self._environment, self._make_run, self)
        self._page: WebPage | None = None
        if seat.web_port:
            self._page = WebPage(self._environment, LOOPBACK, seat.web_port)

    def carry_out(self) -> ExitCode:
        """Run to the end. Raises what made a run impossible."""
        for number in (signal.SIGINT, signal.SIGTERM):
            gevent.signal_handler(number, self.interrupt)
        gevent.signal_handler(signal.SIGUSR1, self._conductor.end)
        write_line(Listening(self._runner.server.port))
        try:
            self._gather_workers()
            total = self._plan.participants
            gevent.spawn(self._runner.start, total, total)
            self._wait_for_end()
        finally:
            self._dismiss_workers()
            self._log.close()
        return self._exit_code()

    def interrupt(self) -> None:
        """Ctrl-C or SIGTERM: drain and keep what was measured; a second time: at once."""
        self._interrupts += 1
        self._conductor.interrupt("interrupted")

    # The end of the run, for the conductor.

    def over(self, master: Master) -> None:
        write_line(Ended(master.course.complete, master.course.reason))

    def refused(self, error: HarnessError) -> None:
        self._refusal = error

    # Inside.

    def _make_run(self, _: Environment) -> Run:
        desk = Desk(self._write, write_line, self._environment.stats)
        return Run(self._setup, desk, lambda: self._plan.participants, self._travelling)

    def _write(self, record: Record) -> None:
        self._log.write(encode(record))

    def _gather_workers(self) -> None:
        seat, port = self._seat, self._runner.server.port
        if not seat.expect:
            own = self._plan.locustfile
            self._children = [_start_worker(port, seat, own) for _ in range(self._plan.workers)]
        fit = fit_of(self._setup, digest_of(self._plan.locustfile))
        check = Check(encode_plan(self._travelling), fit)
        where = f"start the others with `chatsocket worker --master {seat.bind}:{port}`"
        post, expected = self._conductor.post, self._plan.workers
        muster = Muster(self._runner, post, check, expected, where if seat.expect else "")
        waiting = gevent.spawn(self._say_listening)  # silence would be taken for death
        try:
            muster.gather(seat.within_s, self._doom)
        finally:
            waiting.kill()

    def _say_listening(self) -> None:
        while True:
            gevent.sleep(_ALIVE_S)
            write_line(Listening(self._runner.server.port))

    def _doom(self) -> str:
        if self._interrupts:
            return "interrupted before the load began"
        if any(child.poll() is not None for child in self._children):
            return "a load worker ended before the run began"
        return ""

    def _wait_for_end(self) -> None:
        master = self._begun()
        if self._page is not None:
            self._page.open()
        while not master.done.wait(_POLL_S):
            ended = [child for child in self._children if child.poll() is not None]
            for child in ended:
                master.process_gone(child.pid)
            if ended and len(ended) == len(self._children):
                master.all_gone()
        self._conductor.finish()

    def _begun(self) -> Master:
        deadline = time.monotonic() + WORKERS_READY_S
        while self._conductor.master is None:
            if self._refusal is not None:
                raise self._refusal
            if time.monotonic() > deadline:
                raise OwnFault("the load did not begin: its workers are not there any more")
            gevent.sleep(_POLL_S)
        return self._conductor.master

    def _dismiss_workers(self) -> None:
        self._runner.quit()
        for child in self._children:
            assert child.stdin is not None
            child.stdin.close()  # a worker ends when its leader's end of the pipe does
        patience_s = _HURRIED_S if self._interrupts > 1 else _PATIENCE_S
        for child in self._children:
            try:
                child.wait(patience_s)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def _exit_code(self) -> ExitCode:
        master = self._conductor.master
        assert master is not None
        hopeless = master.course.hopeless
        if hopeless is not None:
            raise nobody_came(self._setup.profile.shown_url, hopeless, master.collection.faults)
        if not master.course.complete:
            print(f"The load ended early: {master.course.reason}.", file=sys.stderr)
            return ExitCode.NO_VERDICT
        return ExitCode.PASSED


def nobody_came(url: str, refusal: Refusal, faults: Sequence[Fault]) -> HarnessError:
    """Why nobody could log in at ``url``: the target's doing, unless we ended connections."""
    if faults:
        return OwnFault(f"nobody could log in: {faults[0].message}", "the log has its traceback")
    return TargetUnavailable(url, Unavailability(refusal.cause), refusal.detail)


def _demand_free(host: str, port: int, option: str) -> None:
    """UsageError when ``port`` is taken; 0 always finds a free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("" if host == "*" else host, port))
    except OSError as error:
        raise UsageError(
            f"cannot listen on {host}:{port}: {error.strerror}", f"choose another {option}"
        ) from None


def _opened(path: Path) -> IO[bytes]:
    try:
        return path.open("wb", buffering=0)
    except OSError as error:
        raise OutputUnusable(path, error.strerror or str(error)) from None


def _start_worker(port: int, seat: Seat, locustfile: str) -> subprocess.Popen[bytes]:
    argv = [sys.executable, "-m", "scenarios", "worker", "--master", f"{LOOPBACK}:{port}"]
    argv += ["--tethered", "--source-ips", seat.sources, "--locustfile", locustfile]
    return subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)  # noqa: S603
