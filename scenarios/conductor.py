"""Conducts one Locust process: makes the player, the master or both when a test starts.

It sees to it that a run is drained, collected and written exactly once, by whatever stops it first.
Works with every kind of runner. The plan comes from a function, so that a run may be made from a
file or from Locust's options.
"""

import time
from collections.abc import Callable
from typing import Any, Protocol

import gevent  # type: ignore[import-untyped]
from locust.env import Environment
from locust.event import EventHook
from locust.runners import (
    STATE_MISSING,
    STATE_RUNNING,
    STATE_SPAWNING,
    LocalRunner,
    MasterRunner,
    WorkerRunner,
)

from harness.errors import HarnessError
from harness.swarm.swarm import Populations
from scenarios.equipment import Equipment
from scenarios.master import Master, Run
from scenarios.player import Player
from scenarios.post import Post
from scenarios.slots import Tags, play_with, played_by

_WATCH_S = 0.25
_SILENCE_S = 10.0  # beyond the runner's own patience: a starved worker is not a dead one
_STARTED = (STATE_SPAWNING, STATE_RUNNING)


MakeRun = Callable[[Environment], Run]
"""Called when a test starts where the master is."""


class Ends(Protocol):
    """Who sees to the end of a run."""

    def over(self, master: Master) -> None:
        """All records of ``master``'s run have been written. Called once a run."""

    def refused(self, error: HarnessError) -> None:
        """No run could be made."""


class Conductor:
    """See the module. ``master`` is the present or the last run, where this process leads any."""

    def __init__(
        self,
        environment: Environment,
        make_run: MakeRun,
        ends: Ends,
        equipment: Equipment | None = None,
        populations: Populations | None = None,
    ) -> None:
        """``populations`` None: those that the users of ``environment`` name."""
        assert environment.runner is not None
        self.master: Master | None = None
        self._environment = environment
        self._runner = environment.runner
        self.post = Post(self._runner)
        self._equipment = equipment or Equipment()
        self._populations = populations
        self._make_run, self._ends = make_run, ends
        self._ended = False
        events = environment.events
        listen(events.test_start, self._on_test_start)
        listen(events.test_stopping, self._on_test_stopping)
        listen(events.quitting, self._on_quitting)
        if isinstance(self._runner, WorkerRunner) and self._runner.worker_state in _STARTED:
            self._on_test_start()  # the master was faster than our listeners

    def interrupt(self, reason: str) -> None:
        """End the run early; what was measured is kept. A second time: at once."""
        if self.master is not None:
            self.master.course.interrupt(reason)

    def end(self) -> None:
        """End the run now as if it had been planned so: drained, and complete."""
        if self.master is not None:
            self.master.course.end()

    def finish(self) -> None:
        """Wait until the run is over, then let its end be seen to: once."""
        master = self.master
        if master is None or self._ended:
            return
        self._ended = True
        master.done.wait()
        self._ends.over(master)

    def _on_test_start(self, **_: Any) -> None:
        leads = not isinstance(self._runner, WorkerRunner)
        if leads:
            try:
                run = self._make_run(self._environment)
            except HarnessError as error:  # Locust would swallow it
                self._ends.refused(error)
                return
            workers = self._workers()
            self._ended = False
            self.master = Master(run, self.post, workers)
            gevent.spawn(self._watch, self.master)
        if not isinstance(self._runner, MasterRunner):
            environment = self._environment
            named = played_by(environment.user_classes, Tags.of(environment))
            populations = self._populations or named
            player = Player(self.post, environment.stats, populations, self._equipment)
            play_with(self._environment, player)

    def _on_test_stopping(self, **_: Any) -> None:
        """By ``-t``, a shape's end or the web UI: users are still there; the planned end."""
        if self.master is not None and not self._ended:
            self.master.course.end()
            self.finish()

    def _on_quitting(self, **_: Any) -> None:
        """By Ctrl-C or SIGTERM; where a test was stopped before, that is done already."""
        if self.master is not None and not self._ended:
            self.interrupt("interrupted")
            self.finish()

    def _workers(self) -> int:
        if isinstance(self._runner, MasterRunner):
            return max(self._runner.worker_count, 1)
        return 1

    def _watch(self, master: Master) -> None:
        """Notice workers that the runner has lost, or has not heard of for long."""
        if isinstance(self._runner, LocalRunner):
            return
        assert isinstance(self._runner, MasterRunner)
        clients = self._runner.clients
        silent_since: dict[str, float] = {}
        while not master.done.is_set():
            for node in master.nodes:
                client = clients.get(node)
                if client is not None and client.state != STATE_MISSING:
                    silent_since.pop(node, None)
                    continue
                since = silent_since.setdefault(node, time.monotonic())
                if client is None or time.monotonic() - since > _SILENCE_S:
                    master.worker_gone(node)
            gevent.sleep(_WATCH_S)


def listen(hook: EventHook, listener: Callable[..., None]) -> None:
    """Call ``listener`` when ``hook`` fires."""
    hook.add_listener(listener)  # type: ignore[no-untyped-call]
