"""What every participant does: connect, wait, lose its connection, fail."""

import asyncio
from typing import Any

import pytest

from harness.errors import Unavailability
from harness.ledger.observations import Closed, Opened, SendOutcome, Sent
from harness.swarm.customer import Customer
from harness.swarm.link import Closing, DialFailed
from harness.swarm.swarm import Populations
from tests.harness.swarm.play import C1, S1, Play, played
from tests.harness.swarm.simulation import (
    NS,
    Line,
    Shop,
    SimulatedLoop,
    delivery,
)


def test_a_message_due_while_disconnected_waits_and_its_latency_runs() -> None:
    async def run(loop: SimulatedLoop) -> Play:
        play = Play(loop, customers=1, rate=1.0, duration_s=10.0)
        await play.gather(0)
        t0_ns = loop.now_ns() + NS // 10
        play.swarm.start(t0_ns, 1)
        await asyncio.sleep(2.5)
        play.shop.refusal = DialFailed(Unavailability.REFUSED)
        play.shop.lines[0].end(Closing(by_server=True, code=1001))
        await asyncio.sleep(3.0)
        play.shop.refusal = None
        await asyncio.sleep(5.0)
        play.swarm.stop(t0_ns + 10 * NS)
        await asyncio.sleep(1.0)
        await play.finish()
        return play

    play = played(run)
    late = [(s.sent_ns - s.due_ns) / NS for s in play.seen(Sent)]
    assert len(late) == 10
    assert max(late) > 2.0
    assert play.total("sent_in_time") < 10
    assert len(play.seen(Opened)) == 2
    counts = [report.connections for report in play.reports]
    assert sum(c.reconnects for c in counts) == sum(c.dropped_by_server for c in counts) == 1
    assert sum(c.failed for c in counts) > 0
    assert len(play.latencies("reconnect")) == 1
    assert {r.cause for report in play.reports for r in report.refusals} == {"refused"}


def test_a_send_without_an_answer_is_unknown_when_its_connection_ends() -> None:
    class Mute(Shop):
        def hear(self, line: Line, message: dict[str, Any]) -> None:
            if not message["content"]:
                super().hear(line, message)

    async def run(loop: SimulatedLoop) -> Play:
        play = Play(loop, Mute(loop), customers=1)
        await play.gather(0)
        await play.run(0.35)
        await play.finish()
        return play

    play = played(run)
    assert [s.outcome for s in play.seen(Sent)] == [SendOutcome.UNKNOWN] * 4
    assert play.total("timeouts_ack") == 4
    assert [type(o) for o in play.seen(Closed)] == [Closed]


def test_concluding_gives_up_what_has_no_answer_while_the_connection_lives() -> None:
    class Mute(Shop):
        def hear(self, line: Line, message: dict[str, Any]) -> None:
            if not message["content"]:
                super().hear(line, message)

    async def run(loop: SimulatedLoop) -> tuple[int, list[Any]]:
        play = Play(loop, Mute(loop), customers=1)
        await play.gather(0)
        await play.run(0.35)
        play.swarm.conclude(quiet=True)
        await asyncio.sleep(0.1)
        return play.census().outstanding, play.seen(Sent)

    outstanding, sent = played(run)
    assert outstanding == 0
    assert {s.outcome for s in sent} == {SendOutcome.UNKNOWN}


def test_a_fault_in_a_behaviour_is_recorded_and_ends_that_participant_alone() -> None:
    class Broken(Customer):
        async def behave(self) -> None:
            await self.settle()
            if self.number == 1:
                await self.sleep(2.0)
                raise ZeroDivisionError("a defect of the population")
            await super().behave()

    async def run(loop: SimulatedLoop) -> Play:
        play = Play(loop, populations=Populations(customer=Broken))
        await play.gather(0, 1)
        await play.run()
        play.collect()
        assert play.ended == [1]
        await play.finish()
        return play

    play = played(run)
    assert play.faults == ["ZeroDivisionError: a defect of the population"]
    assert {s.sender for s in play.seen(Sent)} == {0}


def test_a_population_is_ten_lines() -> None:
    class Greeter(Customer):
        async def behave(self) -> None:
            await self.settle()
            for _ in range(3):
                await self.sleep(0.1)
                await self.answered(self.say_text(self.number, self.stage.clock()))

    async def run(loop: SimulatedLoop) -> Play:
        play = Play(loop, populations=Populations(customer=Greeter))
        play.swarm.join(0)
        await asyncio.sleep(2.0)
        await play.finish()
        return play

    play = played(run)
    assert len(play.seen(Sent)) == 3
    assert play.ended == [0]
    assert play.faults == []


def test_a_server_that_never_logs_in_is_given_up_and_told() -> None:
    class Silent(Shop):
        async def dial(self, address: Any, sink: Any) -> Line:
            line = Line(self, address.url.rpartition("sn=")[2], sink)
            self.lines.append(line)
            return line

    async def run(loop: SimulatedLoop) -> Play:
        play = Play(loop, Silent(loop))
        play.swarm.join(0)
        await asyncio.sleep(6.0)
        play.census()
        return play

    play = played(run)
    assert {r.cause for report in play.reports for r in report.refusals} == {"silent"}
    assert play.shop.lines[0].open is False


def unkept(sender: str, told: int, *, tokened: bool) -> int:
    """How many promises customer 0 finds unkept after one message of ``sender`` with that count."""

    async def run(loop: SimulatedLoop) -> int:
        play = Play(loop)
        await play.gather(0)
        content = "welcome"
        if tokened:
            content = play.swarm._stage.stamper.stamp(2, 0, 0, loop.now_ns(), " hello")
        message = {"type": "text", "content": content, "titletype": None}
        play.shop.line_of(C1).push(delivery(sender, message, told))
        await asyncio.sleep(0.1)
        play.swarm.conclude(quiet=True)
        await asyncio.sleep(0.1)
        play.census()
        return sum(len(report.unkept) for report in play.reports)

    return played(run)


@pytest.mark.parametrize(("told", "promises"), [(1, 0), (2, 1)])
def test_a_count_of_more_than_came_is_an_unkept_promise(told: int, promises: int) -> None:
    assert unkept(S1, told, tokened=True) == promises


def test_a_strangers_message_spoils_the_count_and_nothing_is_claimed() -> None:
    assert unkept("bot", 2, tokened=False) == 0
