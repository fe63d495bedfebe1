"""What is due, oldest first, and who is woken."""

import asyncio

from harness.swarm.turns import Turns
from tests.harness.swarm.simulation import SimulatedLoop, simulate


def test_what_was_due_first_is_taken_first() -> None:
    turns = Turns()
    turns.give(2)
    turns.give(5)
    assert (len(turns), turns.take(), turns.take(), len(turns)) == (2, 2, 5, 0)


def test_a_long_backlog_comes_back_whole_and_in_order() -> None:
    turns, taken = Turns(), []
    for due_ns in range(5_000):
        turns.give(due_ns)
        if due_ns % 3 == 0:
            taken.append(turns.take())
    assert len(turns) == 5_000 - len(taken)
    taken += [turns.take() for _ in range(len(turns))]
    assert (taken, len(turns)) == (list(range(5_000)), 0)


def test_a_listener_and_whoever_waits_are_told_of_a_change() -> None:
    async def work(_: SimulatedLoop) -> None:
        turns, heard = Turns(), []
        turns.listener = lambda: heard.append(len(turns))
        waiting = asyncio.ensure_future(turns.change())
        await asyncio.sleep(0)
        turns.give(7)
        await waiting
        assert heard == [1]
        turns.wake()  # nobody waits any more
        assert heard == [1, 1]

    simulate(work)
