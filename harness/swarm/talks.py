"""How customers talk: by the schedule, or after each answer. No task wakes up for a message.

A talk is a part of a behaviour: it lasts until the behaviour is cancelled, or until something keeps
it from going on, which it raises. Knows when to speak; what is said is its speaker's.
"""

import asyncio
from random import Random
from typing import Protocol

from harness.populations.habits import Span
from harness.swarm.spoken import Spoken
from harness.swarm.stage import ANSWER_PATIENCE_S, Phase, Stage
from harness.swarm.turns import Turns
from harness.swarm.voice import ConnectionLost

_NS = 1_000_000_000
_NOT_YET_S = 0.01
_RUNNING = Phase.RUNNING


class Speaker(Protocol):
    """Whoever talks."""

    stage: Stage
    rng: Random
    turns: Turns

    @property
    def may_send(self) -> bool:
        """Whether its connection takes something now."""

    def wait_s(self, *, scheduled: bool = False) -> float:
        """Seconds until the target bears one more message."""

    def speak(self, due_ns: int) -> Spoken:
        """Say the next message; raises ConnectionLost."""


class Talk:
    """See the module. :meth:`last` is what a behaviour awaits."""

    __slots__ = ("_over", "_speaker", "_stage")

    def __init__(self, speaker: Speaker) -> None:
        self._speaker, self._stage = speaker, speaker.stage
        self._over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def last(self) -> None:
        """Talk on and on. Raises ConnectionLost, or a fault of the speaker."""
        try:
            self.begin()
            await self._over
        finally:
            self._over.cancel()
            self.end()

    def begin(self) -> None:
        """The talk begins."""
        raise NotImplementedError

    def end(self) -> None:
        """The talk has ended."""

    def sing(self) -> None:
        """Say what is to be said now, unless the talk has ended. What this raises ends it."""
        raise NotImplementedError

    def fail(self, error: Exception) -> None:
        """The talk cannot go on."""
        if not self._over.done():
            self._over.set_exception(error)


class ScheduledTalk(Talk):
    """The open model: says what is due, as soon as there is a connection that takes it.

    One message at a time: whether the connection takes another shows when the first has left.
    """

    __slots__ = ("_joined",)

    def __init__(self, speaker: Speaker) -> None:
        super().__init__(speaker)
        self._joined = False

    def begin(self) -> None:
        self._speaker.turns.listener = self._look
        self._look()

    def end(self) -> None:
        if self._speaker.turns.listener == self._look:
            self._speaker.turns.listener = None

    def sing(self) -> None:
        self._joined = False
        speaker = self._speaker
        turns = speaker.turns
        if self._over.done() or not turns or not speaker.may_send:
            return
        wait_s = speaker.wait_s(scheduled=True)
        if wait_s > 0:
            self._stage.pacer.call_at(self._stage.clock() + int(wait_s * _NS), self._look)
            return
        due_ns = turns.take()
        try:
            speaker.speak(due_ns)
        except ConnectionLost:
            turns.give(due_ns)  # it waits for the next connection, its latency running
            raise
        self._look()

    def _look(self) -> None:
        if self._speaker.turns and not self._joined:
            self._joined = True
            self._stage.chorus.join(self)


class ThinkingTalk(Talk):
    """The closed model: thinks, speaks, waits for the answer, and so on.

    Where no answer comes it goes on after a while; one deadline is kept, and looked at anew when it
    is reached.
    """

    __slots__ = ("_asked_ns", "_never_thinks", "_spoken", "_think", "_watched")

    def __init__(self, speaker: Speaker, think: Span) -> None:
        super().__init__(speaker)
        self._think = think
        self._never_thinks = not think.mean_s
        self._spoken: Spoken | None = None
        self._asked_ns = 0
        self._watched = False

    def begin(self) -> None:
        self._go_on_after(self._think.draw(self._speaker.rng))

    def sing(self) -> None:
        stage = self._stage
        if self._over.done():
            return
        if stage.phase is not _RUNNING:  # without thinking, nothing else would get its turn
            self._go_on_after(_NOT_YET_S + self._think.draw(self._speaker.rng))
            return
        self._asked_ns = now_ns = stage.clock()
        self._spoken = spoken = self._speaker.speak(now_ns)
        spoken.on_answer = self._answered
        if not self._watched:
            self._watch()

    def _answered(self, accepted: bool) -> None:  # noqa: ARG002 - whatever it was
        self._spoken = None
        if self._never_thinks:
            self._stage.chorus.join(self)
        else:
            self._go_on_after(self._think.draw(self._speaker.rng))

    def _go_on_after(self, seconds: float) -> None:
        stage = self._stage
        if seconds > 0:
            stage.pacer.call_at(stage.clock() + int(seconds * _NS), self._resume)
        else:
            stage.chorus.join(self)

    def _resume(self) -> None:
        self._stage.chorus.join(self)

    @property
    def _patient_until_ns(self) -> int:
        return self._asked_ns + int(ANSWER_PATIENCE_S * _NS)

    def _watch(self) -> None:
        self._watched = True
        self._stage.pacer.call_at(self._patient_until_ns, self._look)

    def _look(self) -> None:
        """The deadline of some message is reached: perhaps that of the present one."""
        self._watched = False
        spoken = self._spoken
        if self._over.done() or spoken is None:
            return
        if self._stage.clock() < self._patient_until_ns:
            self._watch()
            return
        spoken.on_answer = None
        self._answered(False)
