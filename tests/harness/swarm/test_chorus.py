"""Steps taken together."""

import asyncio

from harness.swarm.chorus import Chorus
from tests.harness.swarm.simulation import SimulatedLoop, simulate


def test_steps_are_taken_in_the_next_turn_in_the_order_of_joining() -> None:
    async def work(_: SimulatedLoop) -> None:
        chorus, taken = Chorus(), []
        for number in range(3):
            chorus.join(lambda number=number: taken.append(number))
        assert taken == []
        await asyncio.sleep(0)
        assert taken == [0, 1, 2]

    simulate(work)


def test_a_step_that_joins_again_waits_for_another_turn() -> None:
    async def work(_: SimulatedLoop) -> None:
        chorus, turns = Chorus(), []

        def step() -> None:
            turns.append(len(turns))
            chorus.join(step)

        chorus.join(step)
        await asyncio.sleep(0)
        assert turns == [0]
        await asyncio.sleep(0)
        assert turns == [0, 1]

    simulate(work)
