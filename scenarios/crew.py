"""The workers of a run as the master knows them: names of the runner's nodes and numbers.

As many take part as there were at the start; who comes later is known and gets nothing to do.
"""

from collections.abc import Container


class Crew:
    """``size`` workers at most take part. ``addresses``: by worker, from how many it connects."""

    def __init__(self, size: int, lost: Container[int]) -> None:
        """``lost`` is kept up to date: the workers that will not report again."""
        self.size = size
        self.addresses: dict[int, int] = {}
        self._lost = lost
        self._numbers: dict[str, int] = {}
        self._processes: dict[int, str] = {}

    def enlist(self, node: str, addresses: int) -> int | None:
        """The number of ``node``; None where it came too late, for the books do not know it."""
        worker = self._numbers.setdefault(node, len(self._numbers))
        self.addresses[worker] = addresses
        return self.number(node)

    def is_process(self, node: str, pid: int) -> None:
        """``node`` is a process of this host."""
        self._processes[pid] = node

    def node_of(self, pid: int) -> str | None:
        """Which node a process of this host is."""
        return self._processes.get(pid)

    def number(self, node: str) -> int | None:
        """The worker at ``node``; None where it takes no part."""
        worker = self._numbers.get(node, self.size)
        return worker if worker < self.size else None

    @property
    def nodes(self) -> list[str]:
        """Of those that take part and are not lost."""
        return [
            node
            for node, worker in self._numbers.items()
            if worker < self.size and worker not in self._lost
        ]
