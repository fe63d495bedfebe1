"""Who is connected when: the planned stays of all customers, made from the seed alone.

Every worker computes the same stays, whatever its share of the customers. Times are ns from t0.
Reads no clock and connects nobody.
"""

import heapq
from collections.abc import Iterator
from itertools import count
from random import Random
from typing import NamedTuple

import msgspec

from harness.populations.habits import Coming, CustomerHabits

BEFORE_NS = -1
"""A stay that begins with this one began before t0."""

NEVER_NS = 1 << 62
"""A stay that ends with this one lasts to the end of the run."""

TURNAROUND_NS = 500_000_000
"""How long an account rests between two sessions: for its last words and its close."""

_NS = 1_000_000_000
_GREETING_NS = 1_000_000_000  # what a customer takes to look around before it speaks


class Stay(NamedTuple):
    """One customer's time on the line. ``waited_ns``: no account was free for it so long."""

    on_ns: int
    off_ns: int
    customer: int
    waited_ns: int = 0


class Attendance(msgspec.Struct, frozen=True):
    """The stays of ``customers`` with these habits over ``duration_s`` seconds."""

    seed: int
    customers: int
    duration_s: float
    habits: CustomerHabits

    def stays(self) -> Iterator[Stay]:
        """Every stay, in the order of its beginning."""
        if self.habits.coming is Coming.POISSON:
            return self._sessions()
        return heapq.merge(*(self._stays_of(number) for number in range(self.customers)))

    def present(self) -> "Present":
        """Who may speak, followed from t0 on."""
        return Present(stay for stay in self.stays() if not self.habits.listens(stay.customer))

    def _stays_of(self, customer: int) -> Iterator[Stay]:
        on_ns = BEFORE_NS
        if self.habits.coming is Coming.RAMP:
            on_ns = int(self.habits.ramp_s * _NS) * customer // self.customers
        for off_ns, back_ns in self._breaks(customer):
            if off_ns - TURNAROUND_NS > on_ns:  # else it has only just come
                yield Stay(on_ns, off_ns, customer)
                on_ns = back_ns
        yield Stay(on_ns, NEVER_NS, customer)

    def _breaks(self, customer: int) -> Iterator[tuple[int, int]]:
        """When ``customer`` drops and when it is back, before the duration's end."""
        habit = self.habits.reconnects
        if habit is None:
            return
        rng = Random(f"{self.seed}/reconnects/{customer}")  # noqa: S311 - a simulation, no secret
        for number in count(1):
            at_s = number * habit.every_s
            if at_s >= self.duration_s:
                return
            drops, lag = rng.random() < habit.share, rng.random()
            off_s = at_s + lag * habit.within_s
            if drops:
                yield int(off_s * _NS), int((off_s + habit.away_s) * _NS)

    def _arrivals(self) -> Iterator[tuple[int, int]]:
        """When each session wants to begin, and its length."""
        rng = Random(f"{self.seed}/sessions")  # noqa: S311 - a simulation, no secret
        session, arrived_s = self.habits.sessions, 0.0
        while (arrived_s := arrived_s + rng.expovariate(session.per_s)) < self.duration_s:
            yield int(arrived_s * _NS), max(int(session.length.draw(rng) * _NS), 1)

    def _sessions(self) -> Iterator[Stay]:
        """Sessions in turn on the accounts; one that finds none free waits for the first."""
        free = [(BEFORE_NS, number) for number in range(self.customers)]
        for arrived_ns, length_ns in self._arrivals():
            free_ns, customer = free[0]
            on_ns = max(arrived_ns, free_ns)
            heapq.heapreplace(free, (on_ns + length_ns + TURNAROUND_NS, customer))
            yield Stay(on_ns, on_ns + length_ns, customer, on_ns - arrived_ns)

    def accounts_needed(self) -> int:
        """How many accounts the sessions need so that none ever waits for one."""
        busy: list[int] = []
        most = 1
        for arrived_ns, length_ns in self._arrivals():
            while busy and busy[0] <= arrived_ns:
                heapq.heappop(busy)
            heapq.heappush(busy, arrived_ns + length_ns + TURNAROUND_NS)
            most = max(most, len(busy))
        return most


class Present:
    """Follows the stays in the order of time, and picks among those who may speak."""

    def __init__(self, stays: Iterator[Stay]) -> None:
        self._stays = stays
        self._next = next(stays, None)
        self._coming: list[tuple[int, int, int]] = []
        self._going: list[tuple[int, int]] = []
        self._there: list[int] = []
        self._place: dict[int, int] = {}

    def pick(self, at_ns: int, word: int) -> int | None:
        """The customer that 32 random bits choose among those who are there at ``at_ns``.

        Times never decrease from call to call. None when nobody is there.
        """
        self._follow(at_ns)
        there = self._there
        return there[(word * len(there)) >> 32] if there else None

    def _follow(self, at_ns: int) -> None:
        while self._next is not None and self._next.on_ns <= at_ns:
            stay, self._next = self._next, next(self._stays, None)
            patience_ns = min(_GREETING_NS, (stay.off_ns - stay.on_ns) // 2)
            speaks_ns = 0 if stay.on_ns == BEFORE_NS else stay.on_ns + patience_ns
            heapq.heappush(self._coming, (speaks_ns, stay.customer, stay.off_ns))
        while self._going and self._going[0][0] <= at_ns:
            self._remove(heapq.heappop(self._going)[1])
        while self._coming and self._coming[0][0] <= at_ns:
            _, customer, off_ns = heapq.heappop(self._coming)
            if off_ns > at_ns:
                self._place[customer] = len(self._there)
                self._there.append(customer)
                heapq.heappush(self._going, (off_ns, customer))

    def _remove(self, customer: int) -> None:
        place, last = self._place.pop(customer), self._there.pop()
        if last != customer:
            self._there[place], self._place[last] = last, place
