"""What one side has read of one sender's messages, and since when that is certain."""

from collections import deque
from collections.abc import Sequence

from harness.ledger.intervals import IntervalSet

_RECENT_READS = 8
_SINGLE_RECEIPTS = 64

Run = tuple[int, int, int]
"""Messages received one after the other: first seq, last seq, time of the last receipt."""


class UnreadRuns:
    """What a connection received of one sender since its last read, with the times.

    The first receipts are kept one by one; a backlog beyond them is kept as runs, and a run counts
    as received when its last message was.
    """

    __slots__ = ("_runs",)

    def __init__(self) -> None:
        self._runs: list[Run] = []

    def add(self, seq: int, at_ns: int) -> None:
        """``seq`` was received at ``at_ns`` (or is known only now, and counts as the latest)."""
        runs = self._runs
        if runs and runs[-1][2] > at_ns:
            at_ns = runs[-1][2]
        if len(runs) >= _SINGLE_RECEIPTS and runs[-1][1] + 1 == seq:
            runs[-1] = (runs[-1][0], seq, at_ns)
        else:
            runs.append((seq, seq, at_ns))

    def take(self, before_ns: int) -> list[Run]:
        """Remove and return what had been received before ``before_ns``."""
        runs = self._runs
        place = len(runs)
        while place and runs[place - 1][2] >= before_ns:
            place -= 1
        taken = runs[:place]
        del runs[:place]
        return taken

    def __len__(self) -> int:
        return len(self._runs)


class Coverage:
    """The messages that acknowledged reads covered (D10).

    The latest reads are kept apart, each with the time of its answer; older ones are one set that
    is certain since the last of them. So "covered before t" may be denied, never wrongly affirmed.
    """

    __slots__ = ("_recent", "_settled", "_settled_ns")

    def __init__(self) -> None:
        self._recent: deque[tuple[int, Sequence[Run]]] = deque()
        self._settled = IntervalSet()
        self._settled_ns = 0

    def cover(self, runs: Sequence[Run], done_ns: int) -> None:
        """A read that was answered at ``done_ns`` covered ``runs``."""
        self._recent.append((done_ns, runs))
        if len(self._recent) > _RECENT_READS:
            self._settled_ns, oldest = self._recent.popleft()
            for first, last, _ in oldest:
                self._settled.add_range(first, last)

    def covered_before(self, seq: int, at_ns: int) -> bool:
        """Whether ``seq`` had certainly been read before ``at_ns``."""
        if self._settled_ns < at_ns and seq in self._settled:
            return True
        return any(
            done_ns < at_ns and any(first <= seq <= last for first, last, _ in runs)
            for done_ns, runs in self._recent
        )

    def __len__(self) -> int:
        return self._settled.gaps + sum(len(runs) for _, runs in self._recent)
