"""Lets those who may speak do so together: all find their words first, and then all letters leave.

So it is once everything that has come was read. Letters that leave one behind the other find the
target awake; each sent alone would wake it anew, at its cost and ours. Knows neither what is said
nor who says it.
"""

import asyncio
from collections.abc import Callable
from typing import Protocol

from harness.swarm.spoken import Spoken
from schemas.messages import InMsg


class Singer(Protocol):
    """Whoever may speak."""

    def sing(self) -> None:
        """Speak now."""

    def fail(self, error: Exception) -> None:
        """Singing raised ``error``."""


class Mouth(Protocol):
    """What a letter leaves by."""

    def say(self, message: InMsg, spoken: Spoken) -> None:
        """Send ``message`` now."""


class Chorus:
    """Belongs to one loop. ``on_fault`` hears what a mouth raises."""

    __slots__ = ("_letters", "_on_fault", "_singing", "_waiting")

    def __init__(self, on_fault: Callable[[Exception], None]) -> None:
        self._on_fault = on_fault
        self._waiting: list[Singer] = []
        self._letters: list[tuple[Mouth, InMsg, Spoken]] = []
        self._singing = False

    def join(self, singer: Singer) -> None:
        """Let ``singer`` sing in the loop's next turn, in the order of joining."""
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self._sing)
        self._waiting.append(singer)

    def post(self, mouth: Mouth, message: InMsg, spoken: Spoken) -> None:
        """Let ``mouth`` say it: while they sing, when all have sung; else at once."""
        if self._singing:
            self._letters.append((mouth, message, spoken))
        else:
            mouth.say(message, spoken)

    def _sing(self) -> None:
        waiting, self._waiting = self._waiting, []
        self._singing = True
        for singer in waiting:
            try:
                singer.sing()
            except Exception as error:
                singer.fail(error)
        self._singing = False
        letters, self._letters = self._letters, []
        for mouth, message, spoken in letters:
            try:
                mouth.say(message, spoken)
            except Exception as error:
                self._on_fault(error)
