"""Two live targets loaded in turn: ABBA, so that what drifts on the machine befalls both alike.

Pair k has the k-th seed from the given one on, on both sides.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from harness.cli.load_options import LoadSize
from harness.cli.out_folder import fresh_folder
from harness.cli.recording import INTERRUPTED, new_mark
from harness.cli.repeat import Series, make_one
from harness.errors import HarnessError, UsageError
from harness.target.choice import TargetChoice
from reports.progress import Progress
from schemas.comparison import COMPARISON_FILE
from schemas.run_log import Run
from schemas.verdicts import Level

SIDES = ("a", "b")


def turns(pairs: int) -> Iterator[tuple[int, int]]:
    """Side and number of each run, in order: A0 B0, B1 A1, A2 B2, …"""
    for number in range(pairs):
        yield from ((side, number) for side in ((0, 1) if number % 2 == 0 else (1, 0)))


def series_of(choice: TargetChoice, size: LoadSize, count: int) -> Series:
    """One side's runs; UsageError when they cannot be."""
    described = choice.load()
    size.check(choice, described, new_mark())
    return Series(choice, described, size, count, Level.SHOULD, None)


def two_targets(words: list[str]) -> tuple[str, str]:
    """The two that the arguments name; UsageError for any other number."""
    if len(words) != len(SIDES) or not all(word.startswith(("ws://", "wss://")) for word in words):
        raise UsageError(
            "--interleave needs two targets", "give two ws:// or wss:// URLs, and no run folders"
        )
    return words[0], words[1]


def interleaved(
    sides: tuple[Series, Series], out: Path | None, *, force: bool
) -> tuple[Path, list[Run], list[Run]]:
    """Make the runs into OUT/a/1, OUT/b/1, …: the folder, and the runs of each side.

    HarnessError (no verdict) when one of them does not go to its end.
    """
    folder = fresh_folder(
        out, f"interleave-{new_mark()}", datetime.now(UTC), force=force, holds=COMPARISON_FILE
    )
    progress = Progress(Console(stderr=True))
    found: tuple[list[Run], list[Run]] = ([], [])
    with progress:
        for side, number in turns(sides[0].count):
            name = f"{SIDES[side]}/{number + 1}"
            progress.say(f"run {name}, seed {sides[side].size.seed + number}")
            made = make_one(sides[side], number, folder / name, progress)
            if made.interrupted:
                raise HarnessError(f"{INTERRUPTED} during run {name}", f"the runs are in {folder}")
            if made.run.partial:
                raise HarnessError(f"run {name} did not go to its end: {made.reason}")
            found[side].append(made.run)
    return folder, *found
