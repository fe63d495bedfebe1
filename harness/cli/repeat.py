"""Several runs of one load: each in a folder of its own, then how much their latencies spread.

Run k of them has the k-th seed from the given one on: what is said of the runs is then said of the
load and not of one schedule, and two series from the same seed stand to each other run by run.
"""

import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import typer
from rich.console import Console

from harness.cli.beside_options import Besides
from harness.cli.load_options import LoadSize
from harness.cli.load_runs import LoadRuns, Made, worst
from harness.cli.out_folder import fresh_folder
from harness.cli.recording import new_mark
from harness.cli.spread_options import Spread
from harness.cli.watch import watched_of
from harness.cli.whole_files import json_text, write_all
from harness.comparison.spread import spreads
from harness.errors import UsageError
from harness.swarm.plan import LoadPlan
from harness.target import Profile
from harness.target.choice import TargetChoice
from reports.progress import Progress
from reports.spread_text import print_spread
from schemas.spread import SPREAD_FILE, RepeatedRun, Repetition
from schemas.verdicts import ExitCode, Level

_PIPED_WIDTH = 160


@dataclass(frozen=True, slots=True)
class Series:
    """``count`` runs of ``size`` against ``choice``, judged at ``level`` by ``thresholds``."""

    choice: TargetChoice
    profile: Profile
    size: LoadSize
    count: int
    level: Level
    thresholds: Path | None

    def plan(self, number: int, mark: str, folder: Path) -> LoadPlan:
        """The plan of the run with this ``number``, from 0."""
        size = replace(self.size, seed=self.size.seed + number)
        return size.plan(self.choice, mark, folder)


def demand_plain(besides: Besides, spread: Spread, *, web: bool) -> None:
    """UsageError for what goes on beside one run alone."""
    if web or besides != Besides() or spread != Spread(within=spread.within):
        raise UsageError(
            "--repeat goes without --web, --observe, --otel, --prometheus and workers elsewhere",
            "leave them away, or make one run after another",
        )


def make_series(
    series: Series, out: Path | None, progress: Progress, *, force: bool, as_json: bool
) -> ExitCode:
    """Make the runs into OUT/1, OUT/2, …, show how they spread; the worst of their exit codes.

    An interrupted run is the last one.
    """
    folder = fresh_folder(
        out, f"repeat-{new_mark()}", datetime.now(UTC), force=force, holds=SPREAD_FILE
    )
    made: list[Made] = []
    with progress:
        for number in range(series.count):
            progress.say(f"run {number + 1} of {series.count}, seed {series.size.seed + number}")
            made.append(make_one(series, number, folder / str(number + 1), progress))
            if made[-1].interrupted:
                break
    codes = [each.exit_code for each in made]
    found = Repetition(
        exit_code=worst(codes),
        runs=[
            RepeatedRun(run_id=each.run.header.run_id, folder=str(n), exit_code=each.exit_code)
            for n, each in enumerate(made, 1)
        ],
        latencies=spreads([each.run for each in made if not each.run.partial]),
    )
    write_all(folder, {SPREAD_FILE: json_text(msgspec.to_builtins(found))})
    if as_json:
        typer.echo(json_text(msgspec.to_builtins(found)), nl=False)
    else:
        console = Console(width=None if sys.stdout.isatty() else _PIPED_WIDTH)
        print_spread(found, console)
        console.print(f"  {folder}", soft_wrap=True, markup=False, highlight=False)
    return found.exit_code


def make_one(series: Series, number: int, folder: Path, progress: Progress) -> Made:
    """Make the run with this ``number``, from 0."""
    runs = LoadRuns(
        profile=series.profile,
        progress=progress,
        level=series.level,
        thresholds=series.thresholds,
        watched=watched_of(series.thresholds),
    )

    def planning(mark: str, at: Path) -> LoadPlan:
        return series.plan(number, mark, at)

    made = runs.make(planning, folder)
    if made.reason:
        progress.say(f"run {number + 1} ended early: {made.reason}")
    return made
