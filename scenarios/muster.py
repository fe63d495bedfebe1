"""The master's gathering of workers before a load: only ours, only those that fit, in time.

A worker says what it is; it is told the plan and what must be equal; it says whether it fits.
Whoever says nothing is none of ours and is sent away, as is whoever comes too late: Locust would
share the users out anew.
"""

import sys
import time
from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Any

import gevent  # type: ignore[import-untyped]
import msgspec
from locust.runners import STATE_MISSING, MasterRunner

from harness.errors import HarnessError, OwnFault, UsageError, one_line
from scenarios.post import Post, Subject

_POLL_S = 0.05
_SILENCE_S = 5.0
_MOST_CHARS = 500
PROGRAM = "chatsocket-harness"


class Check(msgspec.Struct, frozen=True):
    """To a worker: the plan to come, and the digests of what must be equal."""

    plan: bytes
    fit: Mapping[str, str]


class GuardedRunner(MasterRunner):
    """A master whose set of workers is closed once the load has begun."""

    closed = False

    def handle_message(self, client_id: str, msg: Any) -> None:
        """As Locust's, but that nobody new is let in."""
        if msg.type == "client_ready" and self.closed and client_id not in self.clients:
            self.send_message("ack", client_id=client_id, data={"index": -1})  # it may say READY
            return
        super().handle_message(client_id, msg)


class Muster:
    """Gathers ``expected`` workers. ``doomed`` says why none can come any more, or ""."""

    def __init__(
        self, runner: GuardedRunner, post: Post, check: Check, expected: int, where: str
    ) -> None:
        self._runner, self._post = runner, post
        self._check, self._expected, self._where = check, expected, where
        self._ours: set[str] = set()
        self._fit: set[str] = set()
        self._seen: dict[str, float] = {}
        self._refusal: HarnessError | None = None
        post.on(Subject.READY, self._on_ready)
        post.on(Subject.FIT, self._on_fit)

    def gather(self, within_s: float, doomed: Callable[[], str]) -> None:
        """Wait for all of them. UsageError when one does not fit, OwnFault when they do not come
        within ``within_s`` seconds, or never will.
        """
        deadline = time.monotonic() + within_s
        while len(self._present) < self._expected:
            self._send_strangers_away()
            if self._refusal is not None:
                raise self._refusal
            if reason := doomed():
                raise OwnFault(reason)
            if time.monotonic() > deadline:
                raise self._too_few(within_s)
            gevent.sleep(_POLL_S)
        self._runner.closed = True

    @property
    def _present(self) -> set[str]:
        clients = self._runner.clients
        there = {node for node in self._fit if node in clients}
        return {node for node in there if clients[node].state != STATE_MISSING}

    def _too_few(self, within_s: float) -> OwnFault:
        came = len(self._present)
        return OwnFault(
            f"{came} of {self._expected} load workers came within {within_s:g} s", self._where
        )

    def _on_ready(self, node: str, data: str) -> None:
        self._ours.add(node)
        if node not in self._runner.clients:
            self._dismiss(node, "the load has begun without this worker")
        elif data != version(PROGRAM):
            self._dismiss(node, f"its master is of version {version(PROGRAM)}, not {data}")
        elif len(self._ours & set(self._runner.clients)) > self._expected:
            self._dismiss(node, "the load has all the workers that it expects")
        else:
            self._post.to_worker(node, Subject.CHECK, msgspec.msgpack.encode(self._check))

    def _on_fit(self, node: str, misfit: str) -> None:
        if misfit:
            name = node.rpartition("_")[0] or node
            problem = one_line(str(misfit), _MOST_CHARS).removesuffix(".")
            self._refusal = UsageError(
                f"the worker on {one_line(name)} cannot take part: {problem}"
            )
        else:
            self._fit.add(node)

    def _dismiss(self, node: str, why: str) -> None:
        self._post.to_worker(node, Subject.DISMISS, why)
        self._runner.clients.pop(node, None)
        print(f"A worker was sent away: {why}.", file=sys.stderr)

    def _send_strangers_away(self) -> None:
        now = time.monotonic()
        for node in set(self._runner.clients) - self._ours:
            if now > self._seen.setdefault(node, now) + _SILENCE_S:
                self._runner.send_message("quit", client_id=node)
                self._runner.clients.pop(node, None)
                print("A worker that is none of this program was sent away.", file=sys.stderr)
