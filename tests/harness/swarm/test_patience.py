"""One timer for everybody who waits for an answer."""

import asyncio

from harness.swarm.patience import Patience
from tests.harness.swarm.simulation import NS, SimulatedLoop, simulate


def test_who_was_told_nothing_is_told_false_after_the_wait() -> None:
    async def work(loop: SimulatedLoop) -> None:
        patience, began = Patience(loop.now_ns, 10.0), loop.now_ns()
        first, second = loop.create_future(), loop.create_future()
        patience.watch(first)
        await asyncio.sleep(3)
        patience.watch(second)
        assert await first is False
        assert loop.now_ns() - began == 10 * NS
        assert await second is False
        assert 13 * NS <= loop.now_ns() - began <= 13.002 * NS

    simulate(work)


def test_an_answer_in_time_stays_and_is_forgotten() -> None:
    async def work(loop: SimulatedLoop) -> None:
        patience = Patience(loop.now_ns, 10.0)
        answers = [loop.create_future() for _ in range(100)]
        for answer in answers:
            patience.watch(answer)
            answer.set_result(True)
        late = loop.create_future()
        patience.watch(late)
        assert len(patience._waiting) == 1
        assert await late is False
        assert all(answer.result() for answer in answers)

    simulate(work)


def test_the_cancelled_are_passed_over() -> None:
    async def work(loop: SimulatedLoop) -> None:
        patience = Patience(loop.now_ns, 1.0)
        gone, there = loop.create_future(), loop.create_future()
        patience.watch(gone)
        patience.watch(there)
        gone.cancel()
        assert await there is False

    simulate(work)
