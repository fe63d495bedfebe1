"""Group commit: batches, their numbers, and what happens when the disk says no."""

import asyncio
from collections.abc import Sequence

from reference_server.commits import Committed, GroupCommit
from reference_server.steps import Record, Seen


class Disk:
    def __init__(self) -> None:
        self.batches: list[list[Record]] = []
        self.broken = False

    def commit(self, records: Sequence[Record]) -> None:
        if self.broken:
            raise OSError("no space left")
        self.batches.append(list(records))


def test_records_of_the_same_moment_share_a_transaction():
    async def scenario() -> None:
        disk, stored = Disk(), []
        commits = GroupCommit(disk, lambda done: stored.append(done.number), lambda _: None)
        assert commits.number == 0
        commits.add([])
        assert commits.number == 0
        commits.add([Seen("a")])
        commits.add([Seen("b"), Seen("c")])
        assert (commits.number, stored) == (1, [])
        await commits.flush()
        assert (disk.batches, stored) == ([[Seen("a"), Seen("b"), Seen("c")]], [1])
        commits.close()

    asyncio.run(scenario())


def test_what_comes_while_a_batch_is_stored_is_the_next_batch():
    async def scenario() -> None:
        disk, stored = Disk(), []

        def again(done: Committed) -> None:
            stored.append(done.number)
            if done.number == 1:
                commits.add([Seen("late")])

        commits = GroupCommit(disk, again, lambda _: None)
        commits.add([Seen("a")])
        await commits.flush()
        assert (disk.batches, stored) == ([[Seen("a")], [Seen("late")]], [1, 2])
        commits.close()

    asyncio.run(scenario())


def test_a_failure_is_told_once_and_nothing_counts_as_stored():
    async def scenario() -> None:
        disk, stored, failures = Disk(), [], []
        disk.broken = True
        commits = GroupCommit(disk, lambda done: stored.append(done.number), failures.append)
        commits.add([Seen("a")])
        await commits.flush()
        commits.add([Seen("b")])
        await commits.flush()
        assert (len(failures), stored) == (1, [])
        commits.close()

    asyncio.run(scenario())
