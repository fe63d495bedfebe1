"""The process of one load worker: a Locust worker that plays until its master ends it."""

import os
import signal
import time
from importlib.metadata import version

import gevent  # type: ignore[import-untyped]
import gevent.os  # type: ignore[import-untyped]
import msgspec
from locust.env import Environment

from harness.errors import HarnessError, OwnFault, UsageError
from harness.preflight.machine import raise_open_files
from harness.swarm.fitness import check_fit, fit_of
from harness.swarm.plan import decode_plan
from harness.swarm.setup import Setup
from scenarios.conductor import Conductor
from scenarios.equipment import Equipment, check_machine
from scenarios.master import Master, Run
from scenarios.muster import PROGRAM, Check
from scenarios.own_users import digest_of, populations_of
from scenarios.post import Subject
from scenarios.slots import CustomerUser, StaffUser
from schemas.verdicts import ExitCode

__all__ = ["Equipment", "Working"]

_MASTER_GONE_S = 30.0


class Working:
    """One worker of the master at ``host``:``port``.

    ``tethered``: stdin is a pipe whose other end is its leader's; when that closes, it ends, and
    a terminal's Ctrl-C, which reaches the whole group, is its leader's to judge.
    """

    def __init__(self, host: str, port: int, equipment: Equipment, *, tethered: bool) -> None:
        self._refusal: HarnessError | None = None
        self._equipment = equipment
        raise_open_files()
        signal.signal(signal.SIGINT, signal.SIG_IGN if tethered else signal.SIG_DFL)
        if tethered:
            gevent.spawn(_end_with_leader)
        populations = populations_of(equipment.locustfile)
        self._environment = Environment(user_classes=[CustomerUser, StaffUser])
        try:
            self._runner = self._environment.create_worker_runner(host, port)
        except (ConnectionError, OSError):
            raise OwnFault(f"there is no load master at {host}:{port}") from None
        self._conductor = Conductor(self._environment, _leads_nothing, self, equipment, populations)
        post = self._conductor.post
        post.on(Subject.CHECK, self._on_check)
        post.on(Subject.DISMISS, self._on_dismiss)
        post.to_master(Subject.READY, version(PROGRAM))

    def carry_out(self) -> ExitCode:
        """Serve until the master says to quit. Raises why it could not."""
        self._runner.greenlet.join()
        if self._refusal is not None:
            raise self._refusal
        heard_s = self._runner.last_heartbeat_timestamp
        if heard_s is not None and time.time() - heard_s > _MASTER_GONE_S:
            raise OwnFault("the load master has not been heard of any more")
        return ExitCode.PASSED

    def _on_check(self, _: str, data: bytes) -> None:
        """Say whether what this machine has fits the load to come."""
        misfit = ""
        try:
            check = msgspec.msgpack.decode(data, type=Check)
            plan = self._equipment.own(decode_plan(check.plan))
            check_fit(fit_of(Setup(plan), digest_of(plan.locustfile)), check.fit)
            check_machine(plan, 1, self._equipment.sources)
        except HarnessError as error:
            self._refusal, misfit = error, str(error)
        except Exception as error:
            misfit = f"a fault of the program: {type(error).__name__}"
            self._refusal = OwnFault(misfit)
        self._conductor.post.to_master(Subject.FIT, misfit)

    def _on_dismiss(self, _: str, why: str) -> None:
        self._refusal = UsageError(f"sent away by the load master: {why}")
        gevent.spawn(self._runner.quit)

    def over(self, master: Master) -> None:
        """Never: a worker leads nothing."""

    def refused(self, error: HarnessError) -> None:
        """Never: a worker leads nothing."""


def _leads_nothing(_: Environment) -> Run:
    raise OwnFault("a worker was asked to lead")


def _end_with_leader() -> None:
    while gevent.os.tp_read(0, 1024):
        pass
    os._exit(ExitCode.NO_VERDICT)  # no orphan stays, whatever its threads are doing
