"""Customers that come and go, have several devices, or read slowly, in simulated time."""

import asyncio
from typing import Any

import pytest

from harness.ledger.observations import CloseCause, Closed, Opened, Sent
from harness.populations.habits import (
    Coming,
    CustomerHabits,
    Reconnects,
    Sessions,
    Span,
)
from harness.swarm.link import Closing
from harness.swarm.plan import Model
from tests.harness.swarm.play import Play, played
from tests.harness.swarm.simulation import NS, SimulatedLoop

QUIET = {"read_share": 0.0, "receipt_share": 0.0}
VISITS = CustomerHabits(coming=Coming.POISSON, sessions=Sessions(1.0, Span(2.0)), **QUIET)
DROPS = CustomerHabits(reconnects=Reconnects(2.0, away_s=0.5), **QUIET)


def run_of(seconds: float, numbers: tuple[int, ...], **plan: Any) -> tuple[Play, int]:
    """A whole run of these participants, and its t0."""

    async def run(loop: SimulatedLoop) -> tuple[Play, int]:
        play = Play(loop, duration_s=seconds, **plan)
        await play.gather(*numbers)
        t0_ns = await play.run()
        await asyncio.sleep(2.0)
        await play.finish()
        return play, t0_ns

    found: tuple[Play, int] = played(run)
    return found


def test_before_the_load_only_those_are_there_who_come_together() -> None:
    async def run(loop: SimulatedLoop) -> list[int]:
        play = Play(loop, customer=VISITS)
        await play.gather(0, 1, 2)
        census = play.census()
        return [census.joined, census.settled, census.open, census.away]

    assert played(run) == [3, 3, 1, 2]


def test_sessions_open_and_close_when_they_were_planned() -> None:
    play, t0_ns = run_of(12.0, (0, 1, 2), customer=VISITS, customers=3, rate=5.0)
    stays = list(play.plan.attendance(3).stays())
    assert len(stays) > 3
    opened = [o.at_ns for o in play.seen(Opened)]
    for stay in stays:
        assert any(0 <= at_ns - t0_ns - stay.on_ns < NS // 10 for at_ns in opened)
    closed = [c for c in play.seen(Closed) if c.at_ns < t0_ns + 11 * NS]
    assert {c.cause for c in closed} == {CloseCause.OURS}
    for stay in (s for s in stays if s.off_ns < 10 * NS):
        assert any(0 <= c.at_ns - t0_ns - stay.off_ns < NS // 2 for c in closed)
    assert play.faults == []


def test_a_session_says_all_that_was_due_in_it() -> None:
    play, t0_ns = run_of(12.0, (0, 1, 2), customer=VISITS, customers=3, rate=5.0)
    due = [t0_ns + e.offset_ns for e in play.plan.schedule(3).entries()]
    sent = [s.due_ns for s in play.seen(Sent) if s.due_ns in set(due)]
    assert sorted(sent) == due
    assert play.total("scheduled_sent") == play.total("sent_in_time") == len(due)


def test_who_was_there_comes_back_when_the_run_stops() -> None:
    async def run(loop: SimulatedLoop) -> tuple[int, int]:
        play = Play(loop, customer=VISITS, customers=2, duration_s=30.0)
        await play.gather(0, 1)
        t0_ns = loop.now_ns() + NS // 10
        play.swarm.start(t0_ns, 2)
        first = next(iter(play.plan.attendance(2).stays()))
        await asyncio.sleep(0.1 + first.off_ns / NS + 0.45)
        before = len(play.shop.lines)
        play.swarm.stop(loop.now_ns())
        await asyncio.sleep(1.0)
        there = sum(line.open for line in play.shop.lines)
        been = len({line.sn for line in play.shop.lines})
        assert len(play.shop.lines) >= before
        return there, been

    there, been = played(run)
    assert there == been


def test_who_drops_is_back_after_its_time_and_counted() -> None:
    play, t0_ns = run_of(5.0, (0, 1), customer=DROPS, staff=0, rate=5.0)
    drops = sorted(c.at_ns for c in play.seen(Closed) if c.at_ns < t0_ns + int(4.9 * NS))
    assert [round((at - t0_ns) / NS, 1) for at in drops] == [2.0, 2.0, 4.0, 4.0]
    backs = sorted(o.at_ns for o in play.seen(Opened))[2:]
    assert [round((at - t0_ns) / NS, 1) for at in backs] == [2.5, 2.5, 4.5, 4.5]
    assert sum(r.connections.reconnects for r in play.reports) == 4
    assert sum(h.count for h in play.latencies("reconnect")) == 4
    assert play.total("scheduled_sent") == len(list(play.plan.schedule(2).entries()))


def test_every_device_logs_in_and_one_speaks() -> None:
    habits = CustomerHabits(devices=3, **QUIET)
    play, _ = run_of(2.0, (0,), customer=habits, customers=1, staff=0)
    opened = play.seen(Opened)
    assert [o.participant for o in opened] == [0, 0, 0]
    assert len({s.connection for s in play.seen(Sent)}) == 1
    assert len(play.seen(Closed)) == 3


def test_a_device_that_is_dropped_comes_back() -> None:
    async def run(loop: SimulatedLoop) -> int:
        habits = CustomerHabits(devices=2, **QUIET)
        play = Play(loop, customer=habits, customers=1, staff=0)
        await play.gather(0)
        play.shop.lines[-1].end(Closing(by_server=True, code=1001))
        await asyncio.sleep(1.0)
        return sum(line.open for line in play.shop.lines)

    assert played(run) == 2


@pytest.mark.parametrize(("share", "held"), [(1.0, True), (0.0, False)])
def test_a_slow_reader_reads_in_gulps_and_is_left_out_of_the_latencies(
    share: float, held: bool
) -> None:
    async def run(loop: SimulatedLoop) -> tuple[Play, list[bool]]:
        habits = CustomerHabits(slow_share=share, slow_pause_s=0.5, **QUIET)
        play = Play(loop, customer=habits, customers=1, staff=0, rate=10.0, duration_s=3.0)
        await play.gather(0)
        play.swarm.start(loop.now_ns(), 1)
        seen = []
        for _ in range(29):
            await asyncio.sleep(0.1)
            seen.append(play.shop.lines[0].held)
        play.swarm.stop(loop.now_ns())
        await asyncio.sleep(1.0)
        seen.append(play.shop.lines[0].held)
        await play.finish()
        return play, seen

    play, seen = played(run)
    assert (any(seen), seen[-1]) == (held, False)
    assert play.total("scheduled_sent") > 20
    assert bool(play.latencies("ack")) is bool(play.latencies("ack.text")) is not held
    assert [o.is_slow for o in play.seen(Opened)] == [held]


def test_who_listens_says_nothing_in_the_closed_model_either() -> None:
    habits = CustomerHabits(idle_share=0.5, think=Span(0.2), **QUIET)
    play, _ = run_of(3.0, (0, 1), customer=habits, staff=0, model=Model.CLOSED)
    assert {s.sender for s in play.seen(Sent)} == {0}
