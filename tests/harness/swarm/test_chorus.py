"""Steps taken together."""

import asyncio
from collections.abc import Callable

from harness.swarm.chorus import Chorus
from harness.swarm.spoken import Spoken
from schemas.messages import InMsg, text
from tests.harness.swarm.simulation import SimulatedLoop, simulate


def faults_of(heard: list[Exception]) -> Callable[[Exception], None]:
    return heard.append


class Singer:
    """Takes a step."""

    def __init__(self, step: Callable[[], None]) -> None:
        self._step, self.failed = step, ""

    def sing(self) -> None:
        self._step()

    def fail(self, error: Exception) -> None:
        self.failed = str(error)


class Mouth:
    """Says things into a list, but for ``forbidden`` ones."""

    def __init__(self, said: list[str], forbidden: str = "") -> None:
        self._said, self._forbidden = said, forbidden

    def say(self, message: InMsg, spoken: Spoken) -> None:
        if message.content == self._forbidden:
            raise ValueError(message.content)
        self._said.append(message.content)


NOWHERE = Spoken(None, -1, 0, 0)


def test_letters_leave_when_all_steps_are_done() -> None:
    async def work(_: SimulatedLoop) -> None:
        said: list[str] = []
        chorus, mouth = Chorus(faults_of([])), Mouth(said)

        def step(word: str) -> None:
            chorus.post(mouth, text(word), NOWHERE)
            said.append(f"found {word}")

        for word in ("a", "b"):
            chorus.join(Singer(lambda word=word: step(word)))
        await asyncio.sleep(0)
        assert said == ["found a", "found b", "a", "b"]
        chorus.post(mouth, text("c"), NOWHERE)  # nobody sings: at once
        assert said[-1] == "c"

    simulate(work)


def test_a_letter_that_cannot_leave_is_a_fault_and_holds_up_no_other() -> None:
    async def work(_: SimulatedLoop) -> None:
        said, faults = [], []
        chorus, mouth = Chorus(faults_of(faults)), Mouth(said, forbidden="b")
        for word in ("a", "b", "c"):
            chorus.join(Singer(lambda word=word: chorus.post(mouth, text(word), NOWHERE)))
        await asyncio.sleep(0)
        assert said == ["a", "c"]
        assert [str(fault) for fault in faults] == ["b"]

    simulate(work)


def test_steps_are_taken_in_the_next_turn_in_the_order_of_joining() -> None:
    async def work(_: SimulatedLoop) -> None:
        chorus, taken = Chorus(faults_of([])), []
        for number in range(3):
            chorus.join(Singer(lambda number=number: taken.append(number)))
        assert taken == []
        await asyncio.sleep(0)
        assert taken == [0, 1, 2]

    simulate(work)


def test_a_step_that_joins_again_waits_for_another_turn() -> None:
    async def work(_: SimulatedLoop) -> None:
        chorus, turns = Chorus(faults_of([])), []

        def step() -> None:
            turns.append(len(turns))
            chorus.join(Singer(step))

        chorus.join(Singer(step))
        await asyncio.sleep(0)
        assert turns == [0]
        await asyncio.sleep(0)
        assert turns == [0, 1]

    simulate(work)


def test_a_singer_that_raises_is_told_and_the_others_sing() -> None:
    async def work(_: SimulatedLoop) -> None:
        sung: list[int] = []
        chorus = Chorus(faults_of([]))
        broken = Singer(lambda: sung.remove(7))
        for singer in (broken, Singer(lambda: sung.append(1))):
            chorus.join(singer)
        await asyncio.sleep(0)
        assert sung == [1]
        assert "not in list" in broken.failed

    simulate(work)
