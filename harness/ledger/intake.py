"""Where the workers' reports come in: each counted once, and given on in the order of time.

Workers report out of step. An observation is given on only when every live worker has reported past
its time, so that what follows sees one history, the same for any number of workers. Knows nothing
of what the observations mean.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from enum import StrEnum
from operator import attrgetter, itemgetter

import msgspec
import numpy as np

from harness.ledger.ack_rows import DONE, NO_ROWS, Rows, by_time, decode_rows, sents_of
from harness.ledger.observations import (
    Bound,
    Closed,
    Increment,
    Intruded,
    Observation,
    Opened,
    Read,
    Received,
    Sent,
    Unbound,
)


class Acceptance(StrEnum):
    """What became of an increment."""

    APPLIED = "applied"
    REPEATED = "repeated"  # had already; nothing changed
    GAP = "gap"  # an earlier one is missing; nothing changed
    STRANGER = "stranger"  # of a worker that is unknown or was given up; nothing changed


class WorkerGone(msgspec.Struct, frozen=True):
    """Nothing more will be known of ``worker``, whose reports ended at ``at_ns``.

    From ``gone_ns`` on its connections were certainly gone; until then they lived on, perhaps.
    """

    worker: int
    unaccounted: int
    at_ns: int
    gone_ns: int


class AckRun:
    """Acknowledged messages between which nothing else happened, in the order of time."""

    __slots__ = ("rows",)

    def __init__(self, rows: Rows) -> None:
        self.rows = rows

    @property
    def until_ns(self) -> int:
        """The time of the last one."""
        return int(self.rows[-1, DONE])


Event = Observation | WorkerGone | AckRun

_at = attrgetter("at_ns")
_done = attrgetter("done_ns")
_TIMES: dict[type, Callable[[Event], int]] = {
    Opened: _at,
    Closed: _at,
    Bound: _at,
    Unbound: _at,
    Received: _at,
    Sent: _done,
    Read: _done,
    Intruded: _at,
    WorkerGone: _at,
}
_by_time = itemgetter(0)
_LONG = 50  # rows from which on a run is worth its columns


class _Desk:
    """One worker's place in its sequence of reports."""

    __slots__ = ("next_number", "pending", "until_ns")

    def __init__(self) -> None:
        self.next_number = 0
        self.until_ns = 0
        self.pending = 0


class Intake:
    """Takes increments of a fixed set of workers, gives on events in the order of time."""

    def __init__(self, workers: Iterable[int]) -> None:
        self._desks = {worker: _Desk() for worker in workers}
        self._waiting: list[tuple[int, Event]] = []
        self._rows: list[Rows] = []

    def take(self, increment: Increment) -> Acceptance:
        """Keep the increment's observations, unless it is not the next one of its worker."""
        desk = self._desks.get(increment.worker)
        if desk is None:
            return Acceptance.STRANGER
        if increment.number != desk.next_number:
            early = increment.number > desk.next_number
            return Acceptance.GAP if early else Acceptance.REPEATED
        desk.next_number += 1
        desk.until_ns = max(desk.until_ns, increment.until_ns)
        desk.pending = increment.pending
        times = _TIMES
        self._waiting += [
            (seen.done_ns if type(seen) is Sent else times[type(seen)](seen), seen)
            for seen in increment.observations
        ]
        if increment.acked:
            self._rows.append(decode_rows(increment.acked))
        return Acceptance.APPLIED

    def drop(self, worker: int, unaccounted: int | None, gone_ns: int) -> bool:
        """Wait no longer for ``worker``; False when it is unknown or was dropped before.

        ``unaccounted`` sends of it happened or not (None: those pending in its last report).
        ``gone_ns``: see :class:`WorkerGone`.
        """
        desk = self._desks.pop(worker, None)
        if desk is None:
            return False
        lost = desk.pending if unaccounted is None else unaccounted
        gone = WorkerGone(worker, lost, desk.until_ns, gone_ns)
        self._waiting.append((desk.until_ns, gone))
        return True

    @property
    def pending(self) -> int:
        """Sends without an outcome, as the live workers last reported."""
        return sum(desk.pending for desk in self._desks.values())

    @property
    def waiting(self) -> int:
        """How many observations some worker's horizon holds back."""
        return len(self._waiting) + sum(map(len, self._rows))

    @property
    def horizon_ns(self) -> int | None:
        """Up to when everything is known; None when no worker is left (then all that ever will)."""
        return min((desk.until_ns for desk in self._desks.values()), default=None)

    def release(self, *, everything: bool = False) -> list[tuple[int, Event]]:
        """(time, event) of what every live worker has reported past, or of all, in order."""
        waiting = self._waiting
        waiting.sort(key=_by_time)
        horizon_ns = None if everything else self.horizon_ns
        rows = self._release_rows(horizon_ns)
        if horizon_ns is None:
            self._waiting = []
            return _merged(waiting, rows)
        place = bisect_right(waiting, horizon_ns, key=_by_time)
        self._waiting = waiting[place:]
        return _merged(waiting[:place], rows)

    def _release_rows(self, horizon_ns: int | None) -> Rows:
        if not self._rows:
            return NO_ROWS
        rows = by_time(self._rows[0] if len(self._rows) == 1 else np.concatenate(self._rows))
        place = len(rows)
        if horizon_ns is not None:
            place = int(np.searchsorted(rows[:, DONE], horizon_ns, side="right"))
        self._rows = [rows[place:]] if place < len(rows) else []
        return rows[:place]


def _merged(events: list[tuple[int, Event]], rows: Rows) -> list[tuple[int, Event]]:
    """Events and rows in the order of time; at the same time rows come first."""
    if not len(rows):
        return events
    if len(rows) < _LONG * (len(events) + 1):  # on average there is no long run
        found: list[tuple[int, Event]] = [(sent.done_ns, sent) for sent in sents_of(rows)]
        found += events
        found.sort(key=_by_time)
        return found
    found, begin = [], 0
    times = [at_ns for at_ns, _ in events]
    places = np.searchsorted(rows[:, DONE], times, side="right").tolist()
    for place, event in zip(places, events, strict=True):
        found += _runs(rows[begin:place])
        found.append(event)
        begin = place
    return found + _runs(rows[begin:])


def _runs(rows: Rows) -> list[tuple[int, Event]]:
    """Rows with nothing between them."""
    if len(rows) < _LONG:
        return [(sent.done_ns, sent) for sent in sents_of(rows)]
    return [(int(rows[0, DONE]), AckRun(rows))]
