"""A load run against a server that keeps a journal, and the figures that the journal gives.

The journal has when each frame was given to the socket, the token in it when its message was due:
so every latency can be computed without anything of the load engine but its tokens.
"""

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import pytest

from benchmarks.processes import running
from schemas.fault_journal import Acted, Did, Direction, FrameNoted, JournalRecord, read_journal
from schemas.histogram import quantile
from schemas.load_records import LoadPlanned, Metric
from schemas.records import decode
from schemas.summary import Load, Summary

CHATSOCKET = Path(sys.executable).with_name("chatsocket")
ATTEMPTS = 3
_TOKEN = re.compile(
    r"(?P<run>[0-9a-z]{6})\.(?P<sender>[0-9a-f]{1,6})\.(?P<conversation>[0-9a-f]{1,6})"
    r"\.(?P<seq>[0-9a-f]{1,6})\.(?P<due>[0-9a-f]{1,10})\.[0-9a-f]{8}"
)


class Trial(msgspec.Struct, frozen=True):
    """One run. ``metrics`` are the histograms of its log by name, ``journal`` all that happened."""

    summary: Summary
    plan: LoadPlanned
    metrics: dict[str, Metric]
    journal: list[JournalRecord]

    @property
    def load(self) -> Load:
        """The load part."""
        assert self.summary.load is not None
        return self.summary.load

    @property
    def saturated(self) -> bool:
        """Whether the generator could not keep up, so that the run proves nothing."""
        return self.load.generator is None or self.load.generator.saturated

    def done(self) -> Counter[Did]:
        """What the faults did, and how often."""
        return Counter(act.did for act in self.journal if isinstance(act, Acted))

    def reported_us(self, metric: str, share: float) -> int:
        """A quantile of what was reported."""
        value = quantile(self.metrics[metric].latency, share)
        assert value is not None
        return value

    def acks_us(self) -> list[float]:
        """From the journal: when each customer's ack was written, since its message was due."""
        return sorted(
            (frame.at_ns - self.plan.epoch_ns) / 1000 - due_us
            for frame in self.journal
            if isinstance(frame, FrameNoted) and frame.direction is Direction.WRITTEN
            if (due_us := self._due_us(frame)) is not None
        )

    def _due_us(self, frame: FrameNoted) -> int | None:
        """The due time in the ``Send`` of a customer's message."""
        if frame.status != "Send" or frame.message is None:
            return None
        token = _TOKEN.search(frame.message.content)
        if token is None or int(token["sender"], 16) >= self.plan.customers:
            return None
        return int(token["due"], 16)


def nearest_rank(values: Sequence[float], share: float) -> float:
    """A quantile of sorted values."""
    rank = max(1, -(-round(share * len(values) * 1e9) // round(1e9)))
    return values[rank - 1]


def unsaturated(attempt: Callable[[Path], Trial], folder: Path) -> Trial:
    """The first run whose generator kept up: a saturated one counts for nothing.

    On a machine that is too busy for all of them nothing was proven, which is said by a skip: the
    neighbours of a machine are no fault of the product.
    """
    for number in range(ATTEMPTS):
        trial = attempt(folder / str(number))
        if not trial.saturated:
            return trial
    words = f"the generator was saturated in {ATTEMPTS} of {ATTEMPTS} runs: {_reasons(trial)}"
    pytest.skip(f"{words}; this proof needs a quieter machine")


def run_load(faults: Sequence[str], options: Sequence[str], folder: Path) -> Trial:
    """Load a server that has ``faults``; everything is written below ``folder``."""
    folder.mkdir(parents=True)
    journal, out = folder / "journal", folder / "run"
    faulty = [word for fault in faults for word in ("--fault", fault)]
    with running(
        "-m", "reference_server", *faulty, "--fault-seed", "1", "--fault-journal", str(journal)
    ) as server:
        subprocess.run(
            [CHATSOCKET, "load", server.url, *options, "--out", out],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    records = [decode(line) for line in (out / "run.ndjson").read_bytes().splitlines()]
    return Trial(
        msgspec.json.decode((out / "summary.json").read_bytes(), type=Summary),
        next(record for record in records if isinstance(record, LoadPlanned)),
        {record.name: record for record in records if isinstance(record, Metric)},
        list(read_journal(journal)),
    )


def _reasons(trial: Trial) -> str:
    generator = trial.load.generator
    if generator is None:
        return "no worker reported"
    waited = generator.core_wait_share or 0.0
    lags_us = (generator.loop_lag_p99_us or 0, generator.schedule_lag_p99_us or 0)
    return f"lag p99 {max(lags_us) / 1000:.1f} ms, waited for a core {waited:.0%} of the time"
