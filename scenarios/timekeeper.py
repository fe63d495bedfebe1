"""The master's looks at the clocks of other hosts: 8 round trips, every 10 s.

Source: measurement §4. Any live worker of a host answers for it, since a host has one clock.
A worker's run clock is its host's clock less the offset found first (its *base*), so that it reads
about as the master's does; what it drifts from there is what :class:`Hosts` learns.
"""

import time
from collections.abc import Callable

from harness.clocks.hosts import Hosts
from harness.clocks.round_trip import Estimate, RoundTrip, estimate
from scenarios.hosts import host_name
from scenarios.post import Post, Subject

EVERY_S = 10.0
TRIPS = 8
_PATIENCE_S = 2.0

Met = Callable[[int], None]
"""Called with the base (ns) of a worker's host, once that is known."""


class _Host:
    """One other host: who answers for it, and the look that is under way."""

    def __init__(self) -> None:
        self.nodes: list[str] = []
        self.waiting: list[Met] = []
        self.base_ns: int | None = None
        self.trips: list[RoundTrip] = []
        self.busy = False
        self.next_s = 0.0
        self.asked_ns = 0
        self.number = 0

    def estimate(self) -> Estimate:
        """What the look came to, by the run clock of the host's workers."""
        found = estimate(self.trips)
        if self.base_ns is None:
            self.base_ns = found.offset_ns
        base_ns = self.base_ns
        return Estimate(found.there_ns - base_ns, found.offset_ns - base_ns, found.error_ns)


class Timekeeper:
    """Fills ``hosts`` while the run goes on. ``alive`` says whether a node can still be asked."""

    def __init__(self, post: Post, hosts: Hosts, alive: Callable[[str], bool]) -> None:
        self._post, self._hosts, self._alive = post, hosts, alive
        self._own = host_name()
        self._others: dict[str, _Host] = {}
        self._of_node: dict[str, str] = {}
        post.on(Subject.PONG, self._on_pong)

    def meet(self, node: str, worker: int, host: str, met: Met) -> None:
        """``worker`` at ``node`` runs on ``host``."""
        if host == self._own:
            met(0)
            return
        other = self._others.setdefault(host, _Host())
        other.nodes.append(node)
        self._of_node[node] = host
        self._hosts.place(worker, host)
        if other.base_ns is not None:
            met(other.base_ns)
            return
        other.waiting.append(met)
        if not other.busy:
            self._look(other)

    def tick(self) -> None:
        """Look again at the clocks whose time has come, and at those that did not answer."""
        now = time.monotonic()
        for other in self._others.values():
            if other.busy and time.monotonic_ns() - other.asked_ns > _PATIENCE_S * 1e9:
                other.nodes.append(other.nodes.pop(0))  # let another of them answer
                self._look(other)
            elif not other.busy and now >= other.next_s:
                self._look(other)

    def look_now(self) -> None:
        """Look again at all of them, such as at the end of the loaded part."""
        for other in self._others.values():
            other.next_s = 0.0

    def _look(self, other: _Host) -> None:
        other.busy, other.trips = True, []
        self._ask(other)

    def _ask(self, other: _Host) -> None:
        node = next((node for node in other.nodes if self._alive(node)), None)
        other.number += 1
        other.asked_ns = time.monotonic_ns()
        if node is not None:
            self._post.to_worker(node, Subject.PING, other.number)

    def _on_pong(self, node: str, data: list[int]) -> None:
        heard_ns = time.monotonic_ns()
        other = self._others.get(self._of_node.get(node, ""))
        number, there_ns = data
        if other is None or not other.busy or number != other.number:
            return
        other.trips.append(RoundTrip(other.asked_ns, there_ns, heard_ns))
        if len(other.trips) < TRIPS:
            self._ask(other)
            return
        other.busy, other.next_s = False, time.monotonic() + EVERY_S
        self._hosts.learn(self._of_node[node], other.estimate())
        waiting, other.waiting = other.waiting, []
        assert other.base_ns is not None
        for met in waiting:
            met(other.base_ns)
