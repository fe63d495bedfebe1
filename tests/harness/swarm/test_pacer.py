"""The pacer in simulated time: nothing early, nothing forgotten."""

import asyncio

from harness.schedule import Pacer as Entries
from harness.schedule import Schedule
from harness.swarm.pacer import Pacer
from tests.harness.swarm.simulation import NS, SimulatedLoop, simulate


def handed_out(rate: float, duration_s: float, stop_after_s: float) -> list[tuple[int, int]]:
    """(now, due) of every turn, in ns since t0."""
    turns: list[tuple[int, int]] = []

    async def run(loop: SimulatedLoop) -> None:
        t0_ns = loop.now_ns() + NS // 2
        pacer = Pacer(
            loop.now_ns, lambda _, due_ns: turns.append((loop.now_ns() - t0_ns, due_ns - t0_ns))
        )
        schedule = Schedule(seed=3, rate=rate, duration_s=duration_s, customers=4)
        pacer.start(Entries(schedule.entries()), t0_ns)
        await asyncio.sleep(0.5 + stop_after_s - 0.2)
        pacer.end_at(t0_ns + int(stop_after_s * NS))
        await asyncio.sleep(0.3)
        pacer.stop()
        await asyncio.sleep(5)

    simulate(run)
    return turns


def test_every_entry_is_handed_out_once_and_none_before_it_is_due() -> None:
    turns = handed_out(rate=7.0, duration_s=2.0, stop_after_s=3.0)
    assert [due for _, due in turns] == [number * NS // 7 for number in range(14)]
    assert all(0 <= now - due <= 1_000_001 for now, due in turns)


def test_entries_closer_than_a_millisecond_come_together() -> None:
    turns = handed_out(rate=5_000.0, duration_s=0.1, stop_after_s=1.0)
    assert len(turns) == 500
    assert all(0 <= now - due <= 1_000_001 for now, due in turns)
    assert len({now for now, _ in turns}) < 110


def test_the_end_is_kept_to_though_it_was_told_before() -> None:
    turns = handed_out(rate=10.0, duration_s=10.0, stop_after_s=1.05)
    assert [due for _, due in turns] == [number * NS // 10 for number in range(11)]
    assert all(now >= due for now, due in turns)


def test_behaviours_are_woken_at_their_time_in_order_of_time() -> None:
    woken: list[tuple[str, int]] = []

    async def run(loop: SimulatedLoop) -> None:
        pacer = Pacer(loop.now_ns, lambda _, __: None)
        start_ns = loop.now_ns()

        async def wait(name: str, seconds: float) -> None:
            await pacer.sleep(seconds)
            woken.append((name, loop.now_ns() - start_ns))

        await asyncio.gather(wait("late", 0.5), wait("soon", 0.2), wait("at once", 0.0))

    simulate(run)
    assert [name for name, _ in woken] == ["at once", "soon", "late"]
    assert woken[1][1] >= 200_000_000
    assert woken[2][1] >= 500_000_000


def test_a_cancelled_sleeper_disturbs_nobody() -> None:
    async def run(loop: SimulatedLoop) -> float:
        pacer = Pacer(loop.now_ns, lambda _, __: None)
        given_up = asyncio.ensure_future(pacer.sleep(0.1))
        other = asyncio.ensure_future(pacer.sleep(0.2))
        await asyncio.sleep(0)
        given_up.cancel()
        before = loop.time()
        await other
        return loop.time() - before

    assert 0.2 <= simulate(run) < 0.21
