"""What a server has done so far, in numbers: counted where it happens, read by whoever asks."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from prometheus_client import Histogram

from reference_server.outgoing import Frame
from schemas.words import MsgStatus

_BUCKETS_S = (0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)


def _histogram() -> Histogram:
    return Histogram(
        "chatsocket_commit_seconds",
        "From a batch's first record to its being stored.",
        buckets=_BUCKETS_S,
        registry=None,
    )


@dataclass(slots=True)
class Tally:
    """Totals since the start. ``frames`` counts decided frames by status and result."""

    received: int = 0
    stored: int = 0
    frames: Counter[tuple[MsgStatus, bool]] = field(default_factory=Counter)
    commit_seconds: Histogram = field(default_factory=_histogram)

    def count_frames(self, frames: Iterable[Frame]) -> None:
        """These frames were decided on."""
        for frame in frames:
            self.frames[frame.output.status, frame.output.result] += 1

    def count_commit(self, records: int, seconds: float) -> None:
        """A batch is stored."""
        self.stored += records
        self.commit_seconds.observe(seconds)
