"""Customers' talks in simulated time: waiting, patience, and what ends them."""

import asyncio
from typing import Any

import pytest

from harness.ledger.observations import SendOutcome, Sent
from harness.populations.habits import CustomerHabits, Span
from harness.swarm.customer import Customer
from harness.swarm.plan import Model
from harness.swarm.spoken import Spoken
from harness.swarm.stage import ANSWER_PATIENCE_S
from harness.swarm.swarm import Populations
from tests.harness.swarm.play import QUIET, Play, played
from tests.harness.swarm.simulation import NS, Line, Shop, SimulatedLoop


class Forgetful(Shop):
    """Answers all but the ``forgotten``-th text (from 0)."""

    def __init__(self, loop: SimulatedLoop, forgotten: int) -> None:
        super().__init__(loop, delay_s=0.01)
        self._left = forgotten

    def hear(self, line: Line, message: dict[str, Any]) -> None:
        if message["content"]:
            self._left -= 1
        if self._left != -1 or not message["content"]:
            super().hear(line, message)


class Faulty(Customer):
    """Whose third message is a fault of the program."""

    said = 0

    def speak(self, due_ns: int) -> Spoken:
        self.said += 1
        if self.said == 3:
            raise ValueError("no words")
        return super().speak(due_ns)


def conversation(shop: Shop | None, loop: SimulatedLoop, seconds: float, **plan: Any) -> Any:
    async def work() -> Play:
        populations = plan.pop("populations", None)
        play = Play(loop, shop, populations, customers=1, staff=0, **plan)
        await play.gather(0)
        await play.run(seconds)
        await play.finish()
        return play

    return work()


def test_in_the_closed_model_the_next_message_waits_for_the_answer() -> None:
    async def work(loop: SimulatedLoop) -> Play:
        shop = Shop(loop, delay_s=0.05)
        return await conversation(shop, loop, 1.0, model=Model.CLOSED, customer=eager())

    sent = played(work).seen(Sent)
    assert len(sent) == pytest.approx(22, abs=1)  # the load begins a tenth before t0
    ends = [one.done_ns for one in sent]
    assert all(later.sent_ns >= end for end, later in zip(ends, sent[1:], strict=False))


def test_without_an_answer_the_closed_model_goes_on_after_its_patience() -> None:
    async def work(loop: SimulatedLoop) -> Play:
        shop = Forgetful(loop, forgotten=3)
        return await conversation(shop, loop, 20.0, model=Model.CLOSED, customer=eager(1.0))

    play = played(work)
    gaps = [b - a for a, b in zip(times(play), times(play)[1:], strict=False)]
    assert max(gaps) == pytest.approx((ANSWER_PATIENCE_S + 1.0) * NS, abs=0.01 * NS)
    assert sorted(gaps)[-2] == pytest.approx(1.01 * NS, abs=0.01 * NS)
    assert play.faults == []


def test_thinking_keeps_messages_apart() -> None:
    async def work(loop: SimulatedLoop) -> Play:
        return await conversation(None, loop, 3.0, model=Model.CLOSED, customer=eager(0.5))

    assert 6 <= len(times(played(work))) <= 7


@pytest.mark.parametrize("model", [Model.CLOSED, Model.OPEN_CONSTANT])
def test_a_fault_of_ours_is_recorded_and_ends_the_participant(model: Model) -> None:
    async def work(loop: SimulatedLoop) -> Play:
        populations = Populations(customer=Faulty)
        return await conversation(
            None, loop, 2.0, model=model, customer=eager(0.1), populations=populations
        )

    play = played(work)
    assert play.faults == ["ValueError: no words"]
    assert len(times(play)) == 2
    assert play.ended == [0]


@pytest.mark.parametrize("model", [Model.CLOSED, Model.OPEN_CONSTANT])
def test_a_talk_goes_on_over_the_next_connection(model: Model) -> None:
    async def work(loop: SimulatedLoop) -> Play:
        play = Play(loop, None, None, customers=1, staff=0, model=model, customer=eager(0.1))
        await play.gather(0)
        running = asyncio.ensure_future(play.run(4.0))
        await asyncio.sleep(1.0)
        play.shop.lines[0].abort()
        await running
        await play.finish()
        return play

    play = played(work)
    assert len({one.connection for one in play.seen(Sent)}) == 2
    assert [one.seq for one in play.seen(Sent)] == list(range(len(play.seen(Sent))))
    assert play.faults == []


def times(play: Play) -> list[int]:
    outcomes = (SendOutcome.ACKED, SendOutcome.UNKNOWN)
    return sorted(one.sent_ns for one in play.seen(Sent) if one.outcome in outcomes)


def eager(think_s: float = 0.0) -> CustomerHabits:
    return CustomerHabits(
        text=1.0, image=0.0, title=0.0, read_share=0.0, receipt_share=0.0, think=Span(think_s)
    )


def test_what_falls_due_while_nothing_can_be_sent_is_said_when_it_can() -> None:
    async def work(loop: SimulatedLoop) -> Play:
        play = Play(loop, None, None, customers=1, staff=0, customer=QUIET)
        await play.gather(0)
        participant = play.swarm._participants[0]
        running = asyncio.ensure_future(play.run(2.0))
        await asyncio.sleep(0.5)
        participant.connection.on_writable(False)
        await asyncio.sleep(1.0)
        participant.connection.on_writable(True)
        await running
        await play.finish()
        return play

    sent = played(work).seen(Sent)
    assert len(sent) == 20
    assert max(one.sent_ns - one.due_ns for one in sent) > 0.8 * NS
