"""What the schedule asks of one participant, until it is said. Knows due times alone."""

import asyncio
from collections.abc import Callable


class Turns:
    """Due times (ns), oldest first. ``listener`` is called whenever it is worth another look."""

    __slots__ = ("_due", "_signal", "listener")

    def __init__(self) -> None:
        self._due: list[int] = []  # a deque would take half a KiB, and few ever wait
        self._signal: asyncio.Future[None] | None = None
        self.listener: Callable[[], None] | None = None

    def give(self, due_ns: int) -> None:
        """A message is due."""
        self._due.append(due_ns)
        self.wake()

    def take(self) -> int:
        """The one that is due first."""
        return self._due.pop(0)

    def clear(self) -> None:
        """Nothing is to be said any more."""
        self._due.clear()

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
        return len(self._due)
