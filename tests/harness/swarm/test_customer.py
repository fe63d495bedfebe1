"""Customers in simulated time against a scripted shop."""

import itertools
import json
from typing import Any

import pytest

from harness.ledger.observations import SendOutcome, Sent
from harness.populations.habits import CustomerHabits, Span
from harness.swarm.allowance import Allowance
from harness.swarm.plan import Model
from tests.harness.swarm.play import Play, played
from tests.harness.swarm.simulation import (
    NS,
    Shop,
    SimulatedLoop,
)


def test_customers_send_what_the_schedule_asks_for_and_nothing_else() -> None:
    async def run(loop: SimulatedLoop) -> Play:
        play = Play(loop)
        await play.gather(0, 1)
        await play.run()
        await play.finish()
        return play

    play = played(run)
    sent = play.seen(Sent)
    assert play.total("scheduled_sent") == play.total("sent_in_time") == 20
    assert [s.outcome for s in sent] == [SendOutcome.ACKED] * 20
    assert all(0 <= s.sent_ns - s.due_ns < 2_000_000 for s in sent)
    for number in (0, 1):
        mine = [s.seq for s in sent if s.sender == number]
        assert mine == list(range(len(mine)))
    assert sorted(play.ended) == [0, 1]
    assert play.faults == []


def test_latencies_are_what_the_server_took() -> None:
    async def run(loop: SimulatedLoop) -> Play:
        play = Play(loop, Shop(loop, delay_s=0.02))
        await play.gather(0, 1)
        await play.run()
        await play.finish()
        return play

    play = played(run)
    took_ms = [(s.done_ns - s.sent_ns) / 1e6 for s in play.seen(Sent)]
    assert took_ms == pytest.approx([20.0] * 20, abs=0.01)
    measured = play.latencies("ack")
    assert sum(histogram.count for histogram in measured) == 20
    assert max(histogram.max_us for histogram in measured) <= 21_001


def test_the_slowest_messages_are_told_as_they_went_over_the_wire() -> None:
    class Faltering(Shop):
        def delay(self, line: Any, frame: dict[str, Any]) -> float:
            return 0.1 if len(line.sent) == 5 else 0.001

    async def run(loop: SimulatedLoop) -> tuple[Play, list[dict[str, Any]]]:
        play = Play(loop, Faltering(loop))
        await play.gather(0)
        await play.run()
        play.swarm.show([(0, 0, 2), (0, 1, 2), (0, 0, 10**6)])
        await play.finish()
        return play, play.shop.lines[0].sent

    play, sent = played(run)
    told = [each for report in play.reports for each in report.exchanges]
    slowest, asked = told[0], told[-1]
    assert (json.loads(slowest.sent), asked.key) == (sent[4], (0, 0, 2))
    said, answer = json.loads(asked.sent), json.loads(asked.answer)
    assert (answer["MsgStatus"], answer["msg"]["content"]) == ("Send", said["content"])
    assert said in sent
    slowest_ns = max(s.done_ns - s.due_ns for s in play.seen(Sent))
    assert slowest_ns == pytest.approx(0.1 * NS, rel=0.02)


def test_a_customer_settles_with_a_receipt() -> None:
    async def run(loop: SimulatedLoop) -> list[dict[str, Any]]:
        play = Play(loop)
        await play.gather(0)
        return play.shop.lines[0].sent

    (receipt,) = played(run)
    assert (receipt["type"], receipt["content"], receipt["read"]) == ("text", "", True)


def test_customers_end_an_untokened_message_with_a_token_when_stopped() -> None:
    async def run(loop: SimulatedLoop) -> list[Any]:
        habits = CustomerHabits(text=0.001, image=0.0, title=1.0, read_share=0, receipt_share=0)
        play = Play(loop, customers=1, rate=10.0, duration_s=0.35, customer=habits)
        play.swarm._kit = play.swarm._kit._replace(
            lexicon=play.swarm._kit.lexicon.__class__(
                texts=("hello",), answers=("yes",), products=("P-1001",)
            )
        )
        await play.gather(0)
        await play.run()
        await play.finish()
        return play.seen(Sent)

    sent = played(run)
    assert [bool(s.digest) for s in sent] == [False, True, False, True, False]


def test_the_closed_model_thinks_after_each_answer() -> None:
    async def run(loop: SimulatedLoop) -> list[Any]:
        habits = CustomerHabits(read_share=0.0, receipt_share=0.0, think=Span(0.5))
        play = Play(
            loop,
            Shop(loop, delay_s=0.25),
            customers=1,
            model=Model.CLOSED,
            customer=habits,
            duration_s=3.0,
        )
        await play.gather(0)
        await play.run()
        await play.finish()
        return play.seen(Sent)

    sent = played(run)
    gaps = [(b.sent_ns - a.done_ns) / NS for a, b in itertools.pairwise(sent)]
    assert 3 <= len(sent) <= 5
    assert all(0.5 <= gap < 0.51 for gap in gaps)


def test_a_connection_is_never_spoken_on_faster_than_the_target_bears() -> None:
    async def run(loop: SimulatedLoop) -> Play:
        play = Play(loop, customers=1, rate=12.0, duration_s=1.0)
        play.swarm._setup.allowance = Allowance(connection=5)
        await play.gather(0)
        await play.run(4.0)
        await play.finish()
        return play

    sent_ns = [sent.sent_ns for sent in played(run).seen(Sent)]
    assert len(sent_ns) == 12
    assert all(
        last - first >= NS - 2_000 for first, last in zip(sent_ns, sent_ns[5:], strict=False)
    )
