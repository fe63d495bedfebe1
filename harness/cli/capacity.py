"""`chatsocket capacity`: how much a server bears."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs; `--help` must not wait for it

import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.cli.load_options import (
    Customers,
    LoadModel,
    LoadSize,
    Locustfile,
    PopulationName,
    SaturatedAt,
    Seed,
    Staff,
    Workers,
    demand_borne,
)
from harness.cli.options import (
    AccountsFile,
    Force,
    ProfileFile,
    Target,
    choice_of,
)
from schemas.capacity import CAPACITY_FILE, Capacity, Ending, Of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.capacity import Question, Search
    from harness.cli.capacity_trials import Trials
    from harness.thresholds import Threshold

TRIALS = "trials"
SLO_FILE = "slo.toml"

Slos = Annotated[
    list[str] | None,
    typer.Option(
        "--slo",
        metavar="THRESHOLD",
        help="What must hold, as in a thresholds file: 'p99(ack) < 200ms'; repeatable.",
    ),
]
Raised = Annotated[Of, typer.Option("--of", help="What is raised until it no longer holds.")]
StartRate = Annotated[
    float | None,
    typer.Option("--rate", help="Customers' messages per second to begin with, over all workers."),
]
Shortest = Annotated[
    str, typer.Option("--trial", metavar="TIME", help="How long a trial is measured at least.")
]
WarmUp = Annotated[
    str, typer.Option("--warm-up", metavar="TIME", help="How much comes before, in each trial.")
]
Width = Annotated[
    str, typer.Option("--width", metavar="SHARE", help="How wide the interval may be in the end.")
]
Budget = Annotated[
    str | None,
    typer.Option("--budget", metavar="TIME", help="No trial is begun that would end later."),
]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Where to write the report; default: runs/<time>."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def capacity(  # noqa: PLR0913 - one parameter per option
    *,
    target: Target = None,
    slo: Slos = None,
    of: Raised = Of.RATE,
    profile: ProfileFile = None,
    accounts: AccountsFile = None,
    population: PopulationName = None,
    customers: Customers = None,
    staff: Staff = None,
    rate: StartRate = None,
    model: LoadModel = None,
    locustfile: Locustfile = None,
    trial: Shortest = "5s",
    warm_up: WarmUp = "1s",
    width: Width = "5%",
    budget: Budget = None,
    workers: Workers = 1,
    saturated_at: SaturatedAt = "",
    seed: Seed = 1,
    out: Out = None,
    force: Force = False,
    as_json: Json = False,
) -> int:
    """Find the highest rate, or number of participants, at which every --slo holds.

    Exit codes: 0 an interval was found; 1 the start does not hold, or does not hold again after
    an overload; 2 wrong usage; 3 nothing was decided, or the answer is "at least".
    """
    import msgspec
    from rich.console import Console

    from harness.capacity import Levels, Question, Search, Sizes
    from harness.cli.capacity_files import show
    from harness.cli.capacity_trials import Ladder, Trials
    from harness.cli.load_runs import LoadRuns
    from harness.cli.recording import new_mark
    from harness.cli.shares import share
    from harness.durations import seconds
    from reports.progress import Progress

    slos, mark = _demands(slo or []), new_mark()
    size = LoadSize(
        population=population,
        customers=customers,
        staff=staff,
        rate=rate,
        duration=None,
        warm_up=warm_up,
        model=model,
        workers=workers,
        seed=seed,
        saturated_at=saturated_at,
        locustfile=locustfile,
    )
    choice = choice_of(target, profile, accounts)
    described = choice.load()
    first = msgspec.structs.replace(size.plan(choice, mark, Path()), shape=())
    ladder, sizes = Ladder(of, first), Sizes(slos, seconds(trial, "--trial"))
    levels = Levels(ladder.start, share(width, "--width"), whole=of is Of.PARTICIPANTS)
    limit_s = None if budget is None else seconds(budget, "--budget")
    begin = ladder.at(levels.start, sizes.measured_s(first.rate), seed)
    demand_borne(begin, described)
    _demand_time(begin.until_s, limit_s)
    folder = _folder(out, mark, slos, force=force)
    progress = Progress(Console(stderr=True))
    runs = LoadRuns(profile=described, progress=progress, thresholds=folder / SLO_FILE)
    trials = Trials(ladder, slos, sizes, runs, folder / TRIALS)
    shown = [each.text for each in slos]
    question = Question(target=described.shown_url, of=of, slos=shown, seed=seed)
    found = _found(question, Search(levels), trials, folder, limit_s)
    show(found, folder, as_json=as_json)
    return found.exit_code


def _demands(texts: list[str]) -> "tuple[Threshold, ...]":
    from harness.capacity import demand_slo
    from harness.errors import UsageError
    from harness.thresholds import parse

    if not texts:
        raise UsageError(
            "a capacity needs a demand that is kept below it and missed above",
            "give for example --slo 'p99(deliver) < 200ms' --slo 'lost == 0'",
        )
    return tuple(demand_slo(parse(text)) for text in texts)


def _demand_time(first_s: float, limit_s: float | None) -> None:
    from harness.errors import UsageError

    if limit_s is not None and limit_s < first_s:
        raise UsageError(
            f"--budget {limit_s:g}s is shorter than the first trial, which takes {first_s:.0f} s",
            "give more time, or begin at a higher --rate",
        )


def _folder(out: Path | None, mark: str, slos: "Sequence[Threshold]", *, force: bool) -> Path:
    """The folder of the report, with the demands in it as a thresholds file."""
    import json
    from datetime import UTC, datetime

    from harness.cli.out_folder import fresh_folder
    from harness.cli.whole_files import write_all

    now = datetime.now(UTC)
    folder = fresh_folder(out, f"capacity-{mark}", now, force=force, holds=CAPACITY_FILE)
    texts = ",\n".join(f"  {json.dumps(each.text)}" for each in slos)
    write_all(folder, {SLO_FILE: f"thresholds = [\n{texts},\n]\n"})
    return folder


def _found(
    question: "Question", search: "Search", trials: "Trials", folder: Path, limit_s: float | None
) -> Capacity:
    """Search, and write into ``folder`` what was found until then, whatever stops it."""
    from harness.capacity import concluded
    from harness.cli.capacity_files import write
    from harness.errors import UsageError

    try:
        with trials.progress:
            _carry_out(search, trials, limit_s)
    except UsageError:
        if not trials.reports:  # nothing was run
            shutil.rmtree(folder, ignore_errors=True)
        raise
    finally:
        search.stop(Ending.INTERRUPTED)
        found = concluded(question, search.answer(), trials.reports)
        if folder.exists():
            write(found, folder)
    return found


def _carry_out(search: "Search", trials: "Trials", limit_s: float | None) -> None:
    """Try what the search names until it is over, or the time is, or the user wants no more."""
    from harness.cli.capacity_trials import Interrupted, Unreachable
    from reports.capacity_text import trial_line

    began = time.monotonic()
    try:
        while (level := search.next) is not None:
            spent_s = time.monotonic() - began
            if limit_s is not None and spent_s + trials.expected_s(level) > limit_s:
                search.stop(Ending.BUDGET)
                break
            search.record(trials.run(level))
            trials.progress.say(trial_line(trials.reports[-1], trials.of))
    except (Interrupted, KeyboardInterrupt):
        search.stop(Ending.INTERRUPTED)
    except Unreachable as error:
        trials.progress.say(f"chatsocket: {error}")
        search.stop(Ending.UNDECIDED)
