"""What the schedule asks of one participant, until it is said. Knows due times alone."""

import asyncio
from collections.abc import Callable

_MOST_TAKEN = 1_000


class Turns:
    """Due times (ns), oldest first. ``listener`` is called whenever it is worth another look."""

    __slots__ = ("_due", "_signal", "_taken", "listener")

    def __init__(self) -> None:
        self._due: list[int] = []  # a deque would take half a KiB, and few ever wait
        self._taken = 0
        self._signal: asyncio.Future[None] | None = None
        self.listener: Callable[[], None] | None = None

    def give(self, due_ns: int) -> None:
        """A message is due."""
        self._due.append(due_ns)
        self.wake()

    def take(self) -> int:
        """The one that is due first."""
        due_ns = self._due[self._taken]
        self._taken += 1
        if self._taken == len(self._due) or self._taken > _MOST_TAKEN:
            del self._due[: self._taken]
            self._taken = 0
        return due_ns

    def clear(self) -> None:
        """Nothing is to be said any more."""
        self._due.clear()
        self._taken = 0

    def wake(self) -> None:
        """Something has changed."""
        if self.listener is not None:
            self.listener()
        if self._signal is not None and not self._signal.done():
            self._signal.set_result(None)

    async def change(self) -> None:
        """Return when something has changed."""
        self._signal = asyncio.get_running_loop().create_future()
        await self._signal

    def __len__(self) -> int:
        return len(self._due) - self._taken
