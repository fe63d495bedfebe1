"""The swarm of one worker: participants on one loop, told what to do from another thread.

``main`` is the one coroutine; run it on any asyncio loop. Every other method may be called from any
thread and returns at once; what the swarm has to say goes into ``mail``, which the caller empties.
Knows no Locust, no gevent and no master.
"""

import asyncio
import gc
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from itertools import count
from typing import Any

from harness.attendance import BEFORE_NS, NEVER_NS
from harness.schedule import Pacer as SchedulePacer
from harness.swarm.customer import Customer
from harness.swarm.mail import Died, Ended, Report
from harness.swarm.participant import Participant
from harness.swarm.plan import Model
from harness.swarm.reports import Census, SwarmReport, encode_report
from harness.swarm.setup import Setup
from harness.swarm.staff import Staff
from harness.swarm.stage import Kit, Phase, Stage

_NS = 1_000_000_000
_LEAVING_S = 2.0
_RARELY = (10_000, 10, 10)  # messages leave no cycles behind
_LAST_TURNS_S = 0.5

Make = Callable[[Stage, int], Participant]


class Populations:
    """Which classes play the two sides."""

    def __init__(self, customer: Make = Customer, staff: Make = Staff) -> None:
        self.customer, self.staff = customer, staff


class Swarm:
    """See the module. ``worker`` is this worker's index, ``epoch_ns`` the run's epoch."""

    def __init__(
        self,
        setup: Setup,
        kit: Kit,
        worker: int,
        epoch_ns: int,
        populations: Populations | None = None,
    ) -> None:
        self.mail: deque[Report | Ended | Died] = deque()
        self._setup, self._kit = setup, kit
        self._worker, self._epoch_ns = worker, epoch_ns
        self._populations = populations or Populations()
        self._orders: deque[tuple[Callable[..., None], tuple[Any, ...]]] = deque()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._participants: dict[int, Participant] = {}
        self._numbers = count()
        self._stopping = False
        self._gc_threshold = gc.get_threshold()

    async def main(self) -> None:
        """Live until :meth:`finish` has been obeyed."""
        self._over = asyncio.get_running_loop().create_future()
        self._stage = Stage(self._setup, self._kit, self._turn, self._worker, self._epoch_ns)
        self._loop = asyncio.get_running_loop()
        self._obey()
        try:
            await self._over
        except Exception as error:
            self.mail.append(Died(error))
        finally:
            self._loop = None

    # Orders, from any thread.

    def join(self, number: int) -> None:
        """Let participant ``number`` come."""
        self._order(self._join, number)

    def leave(self, number: int) -> None:
        """Ask participant ``number`` to leave."""
        self._order(self._leave, number)

    def start(self, t0_ns: int, customers: int) -> None:
        """The schedule begins at ``t0_ns``, over the first ``customers`` customers."""
        self._order(self._start, t0_ns, customers)

    def stop(self, at_ns: int) -> None:
        """Send what is due up to ``at_ns`` (now or soon), and then nothing more."""
        self._order(self._stop, at_ns)

    def visit(self, conversations: Sequence[int]) -> None:
        """Let staff close its cases and visit ``conversations``; see the census for the end."""
        self._order(self._visit, tuple(conversations))

    def conclude(self, *, quiet: bool) -> None:
        """The drain is over: give up what is unanswered; check what holds when all is ``quiet``."""
        self._order(self._conclude, quiet)

    def report(self) -> None:
        """Put a report of everything since the last one into the mail."""
        self._order(self._report)

    def show(self, messages: Sequence[Sequence[int]]) -> None:
        """Tell the frames of these messages (keys), as far as they are remembered, in a report."""
        self._order(self._show, messages)

    def finish(self) -> None:
        """Close all connections, report a last time and end."""
        self._order(self._finish)

    # Carried out on the loop.

    def _order(self, what: Callable[..., None], *arguments: Any) -> None:
        self._orders.append((what, arguments))
        loop = self._loop
        if loop is not None:
            loop.call_soon_threadsafe(self._obey)

    def _obey(self) -> None:
        while self._orders:
            what, arguments = self._orders.popleft()
            try:
                what(*arguments)
            except Exception as error:
                self._stage.outbox.fault(f"swarm.{what.__name__}", error)

    def _join(self, number: int) -> None:
        if self._stage.phase is Phase.OVER or number in self._participants:
            return
        staff = self._setup.is_staff(number)
        make = self._populations.staff if staff else self._populations.customer
        participant = self._participants[number] = make(self._stage, number)
        participant.come(lambda: self._gone(number))

    def _gone(self, number: int) -> None:
        del self._participants[number]
        self.mail.append(Ended(number))

    def _leave(self, number: int) -> None:
        if number in self._participants:
            self._participants[number].leave()

    def _start(self, t0_ns: int, customers: int) -> None:
        stage, plan = self._stage, self._stage.plan
        stage.phase = Phase.RUNNING
        stage.meter.start(t0_ns, plan.warm_up_s)
        stage.exchanges.start(t0_ns + int(plan.warm_up_s * _NS))
        gc.collect()
        gc.set_threshold(*_RARELY)
        gc.freeze()  # what lives until now lives to the end: never to be looked at again
        wait_s = max(t0_ns + plan.warm_up_s * _NS - stage.clock(), 0) / _NS
        asyncio.get_running_loop().call_later(wait_s, self._measure)
        own = {n for n in self._participants if n < customers}
        if not plan.customer.steady:
            stage.spawn("swarm.doorman", lambda: self._keep_the_door(t0_ns, customers, own))
        if plan.model is Model.CLOSED:
            return
        stage.pacer.start(SchedulePacer(plan.schedule(customers).entries(own)), t0_ns)

    async def _keep_the_door(self, t0_ns: int, customers: int, own: set[int]) -> None:
        """Let this worker's customers come when their stays begin, and go when they end."""
        stage = self._stage
        for on_ns, off_ns, number, _ in stage.plan.attendance(customers).stays():
            if number not in own:
                continue
            await stage.pacer.until(t0_ns + on_ns)
            if stage.phase is not Phase.RUNNING:
                return
            if number in self._participants:
                self._participants[number].admit(on_ns if on_ns == BEFORE_NS else t0_ns + on_ns)
            if off_ns != NEVER_NS:
                stage.spawn("swarm.stay", partial(self._end_stay, number, t0_ns + off_ns))

    async def _end_stay(self, number: int, at_ns: int) -> None:
        await self._stage.pacer.until(at_ns)
        if self._stage.phase is Phase.RUNNING and number in self._participants:
            self._participants[number].dismiss()

    def _measure(self) -> None:
        if self._stage.phase is Phase.RUNNING:
            self._stage.count_departures()
            self._stage.vitals.start()

    def _turn(self, number: int, due_ns: int) -> None:
        self._stage.meter.count("due", due_ns)
        participant = self._participants.get(number)
        if participant is not None:
            participant.give_turn(due_ns)

    def _stop(self, at_ns: int) -> None:
        stage = self._stage
        if stage.phase not in (Phase.GATHERING, Phase.RUNNING) or self._stopping:
            return
        self._stopping = True
        stage.pacer.end_at(at_ns)
        stage.spawn("swarm.stop", lambda: self._stop_all(at_ns))

    async def _stop_all(self, at_ns: int) -> None:
        """When it is time, let the last turns be taken, then stop everybody."""
        stage = self._stage
        await stage.pacer.until(at_ns)
        stage.count_departures()
        stage.vitals.stop()
        stage.pacer.stop()
        for _ in range(int(_LAST_TURNS_S / 0.01)):
            await asyncio.sleep(0.01)
            if not any(p.unsent and p.online for p in self._participants.values()):
                break
        if stage.phase is Phase.RUNNING or stage.phase is Phase.GATHERING:
            stage.phase = Phase.STOPPED
        for participant in self._participants.values():
            participant.stop()

    def _visit(self, conversations: tuple[int, ...]) -> None:
        self._stage.phase = Phase.VISITING
        self._stage.to_visit.extend(conversations)
        self._stage.cleared.clear()
        for participant in self._participants.values():
            participant.go_visiting()

    def _conclude(self, quiet: bool) -> None:
        for participant in self._participants.values():
            for connection in participant.connections:
                connection.conclude(quiet=quiet)

    def _show(self, messages: Sequence[Sequence[int]]) -> None:
        self._stage.exchanges.look_up((sender, case, seq) for sender, case, seq in messages)

    def _report(self, *, final: bool = False) -> None:
        stage, outbox = self._stage, self._stage.outbox
        stage.count_departures()
        report = SwarmReport(
            self._worker,
            next(self._numbers),
            outbox.take_increments(),
            stage.meter.take(),
            stage.vitals.take(),
            self._census(),
            outbox.take_connections(),
            outbox.take_counts(),
            outbox.take_refusals(),
            outbox.take_breaches(),
            outbox.take_sightings(),
            outbox.take_faults(),
            outbox.take_unkept(),
            final,
            stage.exchanges.take(),
        )
        self.mail.append(Report(encode_report(report), report.seconds, final=final))

    def _census(self) -> Census:
        everybody = self._participants.values()
        return Census(
            at_ns=self._stage.clock(),
            joined=len(everybody),
            open=sum(p.online for p in everybody),
            settled=sum(p.ready for p in everybody),
            visiting=sum(p.visiting for p in everybody) + len(self._stage.to_visit),
            outstanding=self._stage.outbox.pending,
            last_frame_ns=self._stage.last_frame_ns,
            largest_us=self._stage.meter.largest_us,
            away=sum(p.away for p in everybody),
        )

    def _finish(self) -> None:
        if self._stage.phase is not Phase.OVER:
            self._stage.phase = Phase.OVER
            self._stage.spawn("swarm.finish", self._finish_all)

    async def _finish_all(self) -> None:
        try:
            for participant in tuple(self._participants.values()):
                participant.leave()
            for _ in range(int(_LEAVING_S / 0.01)):
                if not self._participants:
                    break
                await asyncio.sleep(0.01)
            for participant in tuple(self._participants.values()):
                participant.abort()
            await asyncio.sleep(0)
            self._report(final=True)
        finally:
            gc.set_threshold(*self._gc_threshold)
            gc.unfreeze()
            if not self._over.done():
                self._over.set_result(None)
