"""How long a behaviour waits for an answer: one timer for all that wait, instead of one for each.

All wait equally long, so that the order in which they began is the order in which they give up.
Knows futures and a clock; nothing of what was asked.
"""

import asyncio
from collections import deque

from harness.swarm.link import Clock

_NS = 1_000_000_000


class Patience:
    """Tells a future False when nobody has told it anything for ``wait_s``."""

    def __init__(self, clock: Clock, wait_s: float) -> None:
        self._clock = clock
        self._wait_s, self._wait_ns = wait_s, int(wait_s * _NS)
        self._waiting: deque[tuple[int, asyncio.Future[bool]]] = deque()
        self._timer: asyncio.TimerHandle | None = None

    def watch(self, answer: "asyncio.Future[bool]") -> None:
        """From now on ``answer`` is waited for."""
        waiting = self._waiting
        while waiting and waiting[0][1].done():
            waiting.popleft()
        waiting.append((self._clock() + self._wait_ns, answer))
        if self._timer is None:
            self._arm(self._wait_s)

    def _arm(self, wait_s: float) -> None:
        self._timer = asyncio.get_running_loop().call_later(wait_s, self._look)

    def _look(self) -> None:
        """Give up what is overdue; come again for the next one."""
        self._timer = None
        waiting, now_ns = self._waiting, self._clock()
        while waiting and (waiting[0][1].done() or waiting[0][0] <= now_ns):
            answer = waiting.popleft()[1]
            if not answer.done():
                answer.set_result(False)
        if waiting:
            self._arm(max((waiting[0][0] - now_ns) / _NS, 0.001))
