"""The process of one load worker: a Locust worker that plays until its master ends it."""

import os
import signal

import gevent  # type: ignore[import-untyped]
import gevent.os  # type: ignore[import-untyped]
from locust.env import Environment

from harness.errors import HarnessError, OwnFault
from scenarios.conductor import Conductor, Run
from scenarios.master import Master
from scenarios.slots import CustomerUser, StaffUser
from schemas.verdicts import ExitCode


class Working:
    """One worker of the master at ``host``:``port``.

    ``tethered``: stdin is a pipe whose other end is its leader's; when that closes, it ends.
    """

    def __init__(self, host: str, port: int, *, tethered: bool) -> None:
        # A terminal's Ctrl-C reaches the whole group; the master alone decides what it means.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        if tethered:
            gevent.spawn(_end_with_leader)
        self._environment = Environment(user_classes=[CustomerUser, StaffUser])
        try:
            self._runner = self._environment.create_worker_runner(host, port)
        except (ConnectionError, OSError):
            raise OwnFault(f"there is no load master at {host}:{port}") from None
        self._conductor = Conductor(self._environment, _leads_nothing, self)

    def carry_out(self) -> ExitCode:
        """Serve until the master says to quit."""
        self._runner.greenlet.join()
        return ExitCode.PASSED

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
