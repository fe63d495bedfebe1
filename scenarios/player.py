"""A worker's side: Locust's slots on one end, the swarm in its native thread on the other.

One player lives from a test's start to its end, in the process that has users. It hands identities
to slots, orders to the swarm, and reports to the master. The gevent side only waits and passes on.
"""

import os
import time
import traceback
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

import gevent  # type: ignore[import-untyped]
import msgspec
import uvloop
from gevent.event import Event  # type: ignore[import-untyped]
from locust.exception import RPCError
from locust.stats import RequestStats

from harness.errors import HarnessError
from harness.swarm.link import Clock
from harness.swarm.mail import Died, Ended, Report
from harness.swarm.plan import decode_plan
from harness.swarm.setup import Setup
from harness.swarm.stage import Kit
from harness.swarm.swarm import Populations, Swarm
from scenarios.broker import Grant
from scenarios.equipment import Equipment
from scenarios.hosts import host_clock, host_name
from scenarios.post import Handler, Post, Subject
from scenarios.stats import show_seconds
from scenarios.words import prepare
from schemas.words import Role

REPORT_S = 1.0
_MAIL_S = 0.05


class Slot(Protocol):
    """A Locust user as the player sees it: a place for one participant after another."""

    role: Role

    def vacate(self) -> None:
        """The participant has left; the user may end."""


class Orders(msgspec.Struct, frozen=True):
    """What the master sends first: everything that makes a swarm.

    ``base_ns`` is how far this host's clock is ahead of the master's; 0 where they share one.
    """

    plan: bytes
    worker: int
    epoch_ns: int
    base_ns: int = 0


class Player:
    """See the module. ``failed`` is told when the swarm itself has died."""

    def __init__(
        self,
        post: Post,
        stats: RequestStats,
        populations: Populations | None = None,
        equipment: Equipment | None = None,
    ) -> None:
        self._post, self._stats = post, stats
        self._equipment = equipment or Equipment()
        self._clock = host_clock()
        self._populations = populations
        self._swarm: Swarm | None = None
        self._waiting: deque[Slot] = deque()
        self._asked: dict[Role, int] = dict.fromkeys(Role, 0)
        self._free: dict[Role, deque[int]] = {role: deque() for role in Role}
        self._playing: dict[int, Slot] = {}
        self._accepting = True
        self._unsent: deque[bytes] = deque()
        self._next_report = 0.0
        self.finished = Event()
        self._listen()
        self._greenlet = gevent.spawn(self._attend)
        addresses = max(len(self._equipment.sources), 1)
        post.to_master(Subject.HELLO, [os.getpid(), host_name(), addresses])

    # Slots

    def arrive(self, slot: Slot) -> None:
        """A slot wants a participant."""
        if self._accepting:
            self._waiting.append(slot)
        else:
            slot.vacate()

    def depart(self, slot: Slot) -> None:
        """A slot is to end: its participant is asked to leave, which ends the slot."""
        number = next((n for n, other in self._playing.items() if other is slot), None)
        if number is not None and self._swarm is not None and not self.finished.is_set():
            self._swarm.leave(number)
            return
        if slot in self._waiting:
            self._waiting.remove(slot)
        slot.vacate()

    # Orders of the master

    def _listen(self) -> None:
        handlers: dict[Subject, Callable[[Any], None]] = {
            Subject.PING: lambda number: self._post.to_master(
                Subject.PONG, [number, self._clock()]
            ),
            Subject.PLAN: self._on_plan,
            Subject.GRANT: self._on_grant,
            Subject.START: self._on_start,
            Subject.STOP: self._on_stop,
            Subject.VISIT: lambda data: self._told(lambda swarm: swarm.visit(data)),
            Subject.CONCLUDE: lambda quiet: self._told(lambda swarm: swarm.conclude(quiet=quiet)),
            Subject.ASK: lambda _: self._told(Swarm.report),
            Subject.SHOW: lambda keys: self._told(lambda swarm: swarm.show(keys)),
            Subject.FINISH: lambda _: self._told(Swarm.finish),
        }
        for subject, handler in handlers.items():
            self._post.on(subject, _data_only(handler))

    def _told(self, order: Callable[[Swarm], None]) -> None:
        if self._swarm is not None:
            order(self._swarm)

    def _on_plan(self, data: bytes) -> None:
        try:
            self._make_swarm(data)
        except HarnessError as error:  # such as an account file that this machine does not have
            self._fail(str(error), "")
        except Exception as error:
            self._fail(f"{type(error).__name__}: {error}", traceback.format_exc())

    def _make_swarm(self, data: bytes) -> None:
        if self._swarm is not None:
            return
        orders = msgspec.msgpack.decode(data, type=Orders)
        plan = self._equipment.own(decode_plan(orders.plan))
        setup = Setup(plan)
        clock = _run_clock(self._clock, orders.base_ns)
        kit = Kit(prepare(plan, setup.profile), self._equipment.dialer(setup, clock), clock)
        swarm = Swarm(setup, kit, orders.worker, orders.epoch_ns, self._populations)
        # a thread of the system: gevent has patched threading's
        gevent.get_hub().threadpool.spawn(_run, swarm)
        self._swarm = swarm

    def _on_grant(self, data: bytes) -> None:
        grant = msgspec.msgpack.decode(data, type=Grant)
        self._free[Role.CUSTOMER].extend(grant.customers)
        self._free[Role.STAFF].extend(grant.staff)
        self._seat()

    def _on_start(self, data: list[int]) -> None:
        t0_ns, customers = data
        self._told(lambda swarm: swarm.start(t0_ns, customers))

    def _on_stop(self, at_ns: int) -> None:
        self._accepting = False
        while self._waiting:
            self._waiting.popleft().vacate()
        self._told(lambda swarm: swarm.stop(at_ns))

    # The greenlet

    def _attend(self) -> None:
        while not self.finished.is_set():
            gevent.sleep(_MAIL_S)
            self._reserve()
            self._report_when_due()
            self._empty_mail()

    def _reserve(self) -> None:
        """Ask for an identity for each slot that waits without one."""
        if self._swarm is None or not self._waiting:
            return
        wanted = {role: sum(slot.role is role for slot in self._waiting) for role in Role}
        for role in Role:
            wanted[role] -= min(wanted[role], len(self._free[role]) + self._asked[role])
            self._asked[role] += wanted[role]
        if any(wanted.values()):
            counts = [wanted[Role.CUSTOMER], wanted[Role.STAFF]]
            self._post.to_master(Subject.RESERVE, counts)
        self._seat()

    def _seat(self) -> None:
        """Give free identities to waiting slots."""
        assert self._swarm is not None
        for _ in range(len(self._waiting)):
            slot = self._waiting.popleft()
            free = self._free[slot.role]
            if not free:
                self._waiting.append(slot)
                continue
            number = free.popleft()
            self._asked[slot.role] = max(self._asked[slot.role] - 1, 0)
            self._playing[number] = slot
            self._swarm.join(number)

    def _report_when_due(self) -> None:
        now = time.monotonic()
        if self._swarm is not None and now >= self._next_report:
            self._next_report = now + REPORT_S
            self._swarm.report()

    def _empty_mail(self) -> None:
        if self._swarm is None:
            return
        while self._swarm.mail:
            match self._swarm.mail.popleft():
                case Report() as report:
                    self._unsent.append(report.data)
                    show_seconds(self._stats, report.seconds)
                    if report.final:
                        self._end()
                case Ended(number=number):
                    self._free_seat(number)
                case Died(error=error):
                    self._fail(f"{type(error).__name__}: {error}", _trace(error))
                    self._end()
        self._send()

    def _send(self) -> None:
        """Send what is unsent; what Locust cannot send now is tried again."""
        while self._unsent:
            try:
                self._post.to_master(Subject.REPORT, self._unsent[0])
            except RPCError:
                return
            self._unsent.popleft()

    def _fail(self, message: str, trace: str) -> None:
        """This worker cannot take part (any more)."""
        with suppress(RPCError):
            self._post.to_master(Subject.FAILED, [message, trace])

    def _free_seat(self, number: int) -> None:
        slot = self._playing.pop(number, None)
        if slot is None:
            return
        self._free[slot.role].append(number)
        slot.vacate()

    def _end(self) -> None:
        self._send()
        self.finished.set()
        for slot in (*self._playing.values(), *self._waiting):
            slot.vacate()
        self._playing.clear()
        self._waiting.clear()


def _run_clock(clock: Clock, base_ns: int) -> Clock:
    return (lambda: clock() - base_ns) if base_ns else clock


def _run(swarm: Swarm) -> None:
    try:
        uvloop.run(swarm.main())
    except BaseException as error:  # whatever killed it: a dead swarm must be told
        swarm.mail.append(Died(error))


def _data_only(handler: Callable[[Any], None]) -> Handler:
    return lambda _node, data: handler(data)


def _trace(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))[-4_000:]
