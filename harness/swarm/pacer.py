"""The one pacer of a worker: whatever is due at a moment happens then, and nothing before.

Timers of uvloop are rounded to milliseconds and fire up to 1.4 ms early, so each wake-up looks at
the clock again. A wake-up handles everything that fell due, so lateness is bounded by the timer's
millisecond and by the loop. Knows schedule entries and whom to wake; nothing of what is sent.
"""

import asyncio
import heapq
from collections.abc import Callable
from itertools import count

from harness.schedule import Pacer as Schedule
from harness.swarm.link import Clock

_NS = 1_000_000_000
_SHORTEST_S = 0.001  # below, uvloop would spin

Turn = Callable[[int, int], None]
"""Called with a participant's number and the due time (ns) of its next message."""


class Pacer:
    """Hands out turns from the schedule, and wakes behaviours at times of their own."""

    def __init__(self, clock: Clock, turn: Turn) -> None:
        self._clock = clock
        self._turn = turn
        self._schedule: Schedule | None = None
        self._t0_ns = 0
        self._end_ns: int | None = None
        self._waiting: list[tuple[int, int, Callable[[], None]]] = []
        self._order = count()
        self._timer: asyncio.TimerHandle | None = None
        self._timer_ns = 0

    def start(self, schedule: Schedule, t0_ns: int) -> None:
        """From ``t0_ns`` on, hand out the entries of ``schedule``."""
        self._schedule = schedule
        self._t0_ns = t0_ns
        schedule.start(t0_ns)
        self._arm()

    def end_at(self, at_ns: int) -> None:
        """Hand out nothing that is due after ``at_ns``. Behaviours are still woken."""
        self._end_ns = at_ns

    def stop(self) -> None:
        """Hand out what is due by now, and no more."""
        self._hand_out(self._clock())
        self._schedule = None

    @property
    def finished(self) -> bool:
        """Whether every entry has been handed out, or none will be."""
        return self._schedule is None or self._schedule.finished

    async def until(self, due_ns: int) -> None:
        """Return at ``due_ns`` or as soon after as the loop allows; never before."""
        if due_ns <= self._clock():
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.call_at(due_ns, lambda: None if future.done() else future.set_result(None))
        await future

    def call_at(self, due_ns: int, wake: Callable[[], None]) -> None:
        """Call ``wake``, which must not raise, at ``due_ns`` or soon after; never before."""
        heapq.heappush(self._waiting, (due_ns, next(self._order), wake))
        self._arm()

    async def sleep(self, seconds: float) -> None:
        """:meth:`until`, from now."""
        await self.until(self._clock() + int(seconds * _NS))

    def _next_ns(self) -> int | None:
        scheduled = self._schedule.next_due_ns if self._schedule is not None else None
        if scheduled is not None and self._end_ns is not None and scheduled > self._end_ns:
            scheduled = None
        waiting = self._waiting[0][0] if self._waiting else None
        if scheduled is None or waiting is None:
            return scheduled if waiting is None else waiting
        return min(scheduled, waiting)

    def _arm(self) -> None:
        next_ns = self._next_ns()
        if next_ns is None or (self._timer is not None and self._timer_ns <= next_ns):
            return
        if self._timer is not None:
            self._timer.cancel()
        delay_s = max((next_ns - self._clock()) / _NS, _SHORTEST_S)
        self._timer = asyncio.get_running_loop().call_later(delay_s, self._wake)
        self._timer_ns = next_ns

    def _wake(self) -> None:
        self._timer = None
        now_ns = self._clock()
        try:
            self._hand_out(now_ns)
            while self._waiting and self._waiting[0][0] <= now_ns:
                heapq.heappop(self._waiting)[2]()
        finally:
            self._arm()

    def _hand_out(self, now_ns: int) -> None:
        if self._schedule is not None:
            t0_ns, turn = self._t0_ns, self._turn
            until_ns = now_ns if self._end_ns is None else min(now_ns, self._end_ns)
            for entry in self._schedule.due(until_ns):
                turn(entry.participant, t0_ns + entry.offset_ns)
