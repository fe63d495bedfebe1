"""Lets those who may speak do so together, once everything that has come was read.

Messages that leave one behind the other find the target awake: each woken alone would cost it, and
us, far more. Knows callables and the loop; nothing of what is said.
"""

import asyncio
from collections.abc import Callable

Step = Callable[[], None]


class Chorus:
    """Belongs to one loop. A step must not raise."""

    __slots__ = ("_waiting",)

    def __init__(self) -> None:
        self._waiting: list[Step] = []

    def join(self, step: Step) -> None:
        """Call ``step`` in the loop's next turn, in the order of joining."""
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self._sing)
        self._waiting.append(step)

    def _sing(self) -> None:
        waiting, self._waiting = self._waiting, []
        for step in waiting:
            step()
