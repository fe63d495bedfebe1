"""Group commit: records gather for a few milliseconds and become one transaction in one thread.

Knows that batches get numbers and when each is safe; knows nothing of what the records mean.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import msgspec

from reference_server.steps import Record

GATHER_S = 0.002
BUSY_RECORDS = 64
BUSY_GATHER_S = 0.005
"""After a batch of more records the next is gathered longer: a commit costs the same for any
number, and who is that busy waits longer for everything else.
"""


class Sink(Protocol):
    """Where batches go: the store, seen from here."""

    def commit(self, records: Sequence[Record]) -> None:
        """Store all of them or raise."""


class Committed(msgspec.Struct, frozen=True):
    """A batch is stored, and all before it: how many records, how long after the first of them."""

    number: int
    records: int
    seconds: float


class GroupCommit:
    """Numbers every batch; calls ``on_commit`` when it is stored.

    When storing fails, ``on_failure`` is called once and nothing is committed any more.
    """

    def __init__(
        self,
        sink: Sink,
        on_commit: Callable[[Committed], None],
        on_failure: Callable[[Exception], None],
    ) -> None:
        self._sink = sink
        self._on_commit = on_commit
        self._on_failure = on_failure
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="commit")
        self._gathering: list[Record] = []
        self._opened = 0
        self._opened_at = 0.0
        self._task: asyncio.Task[None] | None = None

    def add(self, records: Sequence[Record]) -> None:
        """Take records into the batch that is being gathered."""
        if not records:
            return
        if not self._gathering:
            self._opened += 1
            self._opened_at = time.perf_counter()
        self._gathering.extend(records)
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run())

    @property
    def waiting(self) -> int:
        """How many records are being gathered."""
        return len(self._gathering)

    @property
    def number(self) -> int:
        """The batch that must be stored before anything said now may leave."""
        return self._opened

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        batch: Sequence[Record] = ()
        while self._gathering:
            await asyncio.sleep(BUSY_GATHER_S if len(batch) > BUSY_RECORDS else GATHER_S)
            batch, number, begun = self._gathering, self._opened, self._opened_at
            self._gathering = []
            try:
                await loop.run_in_executor(self._thread, self._sink.commit, batch)
            except Exception as reason:  # whatever the disk says, nothing may be acknowledged
                self._on_failure(reason)
                return
            self._on_commit(Committed(number, len(batch), time.perf_counter() - begun))
        self._task = None

    async def flush(self) -> None:
        """Wait until everything added so far is stored or has failed."""
        while self._task is not None and not self._task.done():
            await asyncio.shield(self._task)

    def close(self) -> None:
        """End the thread."""
        self._thread.shutdown()
