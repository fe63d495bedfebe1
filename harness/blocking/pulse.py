"""Whether the target of a run gives signs of life: who asks, how often, and when to stop asking.

Pure bookkeeping; how it is asked is :mod:`harness.blocking.knock`'s business.
"""

import threading
from collections.abc import Callable
from typing import Protocol

MOST_IN_VAIN = 3
"""A target that was silent to so many questions in a row is not waited for any longer."""


class Sign(Protocol):
    """The question whether a target lives, once it has been put."""

    asked_ns: int
    answered_ns: int | None
    refused: bool

    @property
    def is_open(self) -> bool:
        """Whether it may still be answered."""


class Pulse:
    """One question at a time, whoever asks; none where the target may not be asked."""

    def __init__(self, *, may_be_asked: bool = True) -> None:
        self._may_be_asked = may_be_asked
        self._lock = threading.Lock()
        self._last: Sign | None = None
        self._in_vain = 0

    def ask(self, put: Callable[[], Sign]) -> Sign | None:
        """The question that is open, or a new one, ``put`` now; None where the target is dead, or
        may not be asked."""
        if not self._may_be_asked:
            return None
        with self._lock:
            last = self._last
            if last is not None and last.is_open:
                return last
            if self._in_vain < MOST_IN_VAIN:
                unanswered = last is not None and last.answered_ns is None
                self._in_vain = self._in_vain + 1 if unanswered else 0
            if self._in_vain >= MOST_IN_VAIN:
                return None
            self._last = put()
            return self._last
