"""When a participant's turn to speak has come: what its target bears is kept to by waiting.

The one place where the blocking client sleeps. Knows no message.
"""

import time
from collections.abc import Callable

from harness.pace import Pace


def at_once() -> None:
    """Any time is right."""


class Turns:
    """Waits for its turn when called: the ``paces`` are kept, then ``before`` is done."""

    def __init__(self, *paces: Pace, before: Callable[[], object] = at_once) -> None:
        self._paces = paces
        self._before = before

    def __call__(self) -> None:
        self._before()
        while (wait_s := self._wait_s(time.monotonic())) > 0:
            time.sleep(wait_s)
        for pace in self._paces:
            pace.sent(time.monotonic())

    def _wait_s(self, now_s: float) -> float:
        return max((pace.wait_s(now_s) for pace in self._paces), default=0.0)
