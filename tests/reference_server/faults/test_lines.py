"""Writes that leave late, pipelined and in order."""

import asyncio
import time

from reference_server.faults.lines import Line
from schemas.fault_journal import Did
from tests.reference_server.faults.stand_ins import Noted, Written, delivery

LATE_NS = 20_000_000
DEADLINE_S = 5.0


def run(scene):
    async def bounded():
        async with asyncio.timeout(DEADLINE_S):
            return await scene()

    return asyncio.run(bounded())


async def until(condition):
    while not condition():
        await asyncio.sleep(0.001)


def late(data, now_ns):
    return now_ns + LATE_NS


def late_if_slow(data, now_ns):
    return now_ns + LATE_NS * (b"slow" in data)


def now(data, now_ns):
    return now_ns


def test_what_is_due_leaves_at_once():
    async def scene():
        behind, noted = Written(), Noted(None)
        Line(behind, now, noted.deed, Did.DELAYED).write(delivery("S1", "a"))
        return behind.pieces, noted.acts

    assert run(scene) == ([delivery("S1", "a")], [])


def test_frames_of_one_write_are_late_by_the_same_and_not_one_after_the_other():
    async def scene():
        behind, noted = Written(), Noted(None)
        line = Line(behind, late, noted.deed, Did.DELAYED)
        began_ns = time.monotonic_ns()
        line.write(b"".join(delivery("S1", str(number)) for number in range(50)))
        assert behind.pieces == []
        await until(lambda: len(behind.pieces) == 50)
        return time.monotonic_ns() - began_ns, behind.pieces, noted.acts

    took_ns, pieces, acts = run(scene)
    assert took_ns >= LATE_NS
    assert pieces == [delivery("S1", str(number)) for number in range(50)]
    assert [act.message.content for act in acts] == [str(number) for number in range(50)]
    assert all(LATE_NS // 1_000 <= act.amount_us <= took_ns // 1_000 for act in acts)


def test_what_is_not_late_waits_behind_what_is():
    async def scene():
        behind, noted = Written(), Noted(None)
        line = Line(behind, late_if_slow, noted.deed, Did.STALLED)
        line.write(delivery("S1", "slow"))
        line.write(delivery("S1", "quick"))
        await until(lambda: len(behind.pieces) == 2)
        return behind.pieces

    assert run(scene) == [delivery("S1", "slow"), delivery("S1", "quick")]


def test_a_close_waits_for_the_last_write_and_an_abort_does_not():
    async def scene():
        closed, aborted = Written(), Written()
        for behind in (closed, aborted):
            line = Line(behind, late, Noted(None).deed, Did.DELAYED)
            line.write(delivery("S1", "last words"))
            if behind is aborted:
                line.abort()
            else:
                line.close()
            assert line.is_closing()
        await until(lambda: closed.ends)
        return closed.pieces, closed.ends, aborted.pieces, aborted.ends

    assert run(scene) == ([delivery("S1", "last words")], ["close"], [], ["abort"])
