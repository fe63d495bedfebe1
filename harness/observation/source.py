"""What can be looked at: anything that gives values by series when asked."""

from typing import Protocol

from harness.observation.exposition import Exposition


class Unobservable(Exception):
    """A source gave nothing this time; the text says why, fit for a line of the terminal."""


class Source(Protocol):
    """One thing to look at, from one thread at a time."""

    @property
    def name(self) -> str:
        """How the log calls it; holds no secret."""
        ...

    @property
    def local(self) -> bool:
        """Whether it is a process of this machine."""
        ...

    def read(self) -> Exposition:
        """Its values now, within a bounded time; :class:`Unobservable` says why there are none."""
        ...

    def close(self) -> None:
        """Give back what it holds."""
        ...
