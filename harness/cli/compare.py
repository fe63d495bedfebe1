"""`chatsocket compare`: saved runs of a candidate against those of a base."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs; `--help` must not wait for it

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperCommand

from harness.cli.live_load import LiveLoad
from harness.cli.load_options import (
    Customers,
    Duration,
    LoadModel,
    PopulationName,
    Rate,
    Staff,
    WarmUp,
)
from harness.cli.options import AccountsFile, Force, ProfileFile
from harness.cli.shares import share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typer._click import Context

    from harness.comparison.comparable import Aspect
    from schemas.run_log import Run

SEPARATOR = "--"
_PIPED_WIDTH = 160
_MARK = "\N{SYMBOL FOR GROUP SEPARATOR}"


class SeparatedCommand(TyperCommand):
    """A command whose arguments may hold ``--`` once, which stays visible to it."""

    def parse_args(self, ctx: "Context", args: list[str]) -> list[str]:
        """As the base class does, with ``--`` as an argument like any other."""
        return super().parse_args(ctx, [_MARK if arg == SEPARATOR else arg for arg in args])


def compare(  # noqa: PLR0913 - one parameter per option
    *,
    runs: Annotated[
        list[str],
        typer.Argument(
            metavar="BASE... -- CANDIDATE...",
            help="Run folders of both sides; with --interleave two targets.",
        ),
    ],
    primary: Annotated[
        str, typer.Option(metavar="QUANTITY", help="What is tested at the full level of 5 %.")
    ] = "p50(ack)",
    effect: Annotated[
        str, typer.Option(metavar="SHARE", help="The smallest difference that matters.")
    ] = "5%",
    noise: Annotated[
        str | None,
        typer.Option(
            metavar="SHARE", help="How much equal runs differ, where there are under 3 a side."
        ),
    ] = None,
    allow_different: Annotated[
        list[str] | None,
        typer.Option(metavar="ASPECT", help="Compare runs that differ in this; repeatable."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write comparison.json and comparison.md there."),
    ] = None,
    interleave: Annotated[
        bool,
        typer.Option("--interleave", help="Load two live targets in turn, and compare these runs."),
    ] = False,
    repeat: Annotated[
        int | None, typer.Option(min=1, help="With --interleave: runs of each target; default: 5.")
    ] = None,
    profile: ProfileFile = None,
    accounts: AccountsFile = None,
    population: PopulationName = None,
    customers: Customers = None,
    staff: Staff = None,
    rate: Rate = None,
    duration: Duration = None,
    warm_up: WarmUp = None,
    model: LoadModel = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="How many worker processes; default: 1.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="Of the first pair of runs, one more for each; default: 1.")
    ] = None,
    force: Force = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """Compare runs: better, same, worse or inconclusive, and how many more runs would decide.

    With --interleave the runs are made first, by the options of `chatsocket load`.

    Exit code 0 for same or better, 1 for worse, 3 for inconclusive.
    """
    from rich.console import Console

    from harness.cli.comparison_files import write_comparison
    from harness.comparison.comparable import demand_comparable
    from harness.comparison.comparing import compare as compared
    from harness.comparison.latencies import Rules
    from reports.comparison_text import print_comparison

    allowed = _aspects(allow_different or [])
    rules = Rules(
        primary=primary,
        effect=share(effect, "--effect"),
        noise=None if noise is None else share(noise, "--noise"),
    )
    load = LiveLoad(
        repeat=repeat,
        profile=profile,
        accounts=accounts,
        population=population,
        customers=customers,
        staff=staff,
        rate=rate,
        duration=duration,
        warm_up=warm_up,
        model=model,
        workers=workers,
        seed=seed,
    )
    if interleave:
        _demand_quantity(primary)
        out, base, candidate = load.compared(runs, out, force=force)
        allowed = [*allowed, *_differing_targets(allowed)]
    else:
        load.demand_unused(force=force)
        base, candidate = _saved(runs)
    demand_comparable([*base, *candidate], allowed)
    _demand_known(primary, [*base, *candidate])
    found = compared(base, candidate, rules, allowed)
    if out is not None:
        write_comparison(found, out)
    if as_json:
        import msgspec

        from harness.cli.whole_files import json_text

        typer.echo(json_text(msgspec.to_builtins(found)), nl=False)
    else:
        print_comparison(found, Console(width=None if sys.stdout.isatty() else _PIPED_WIDTH))
    return found.exit_code


def _saved(words: list[str]) -> "tuple[list[Run], list[Run]]":
    from harness.cli.saved_runs import readable_run

    base, candidate = _sides(words)
    return [readable_run(each) for each in base], [readable_run(each) for each in candidate]


def _differing_targets(allowed: "Sequence[Aspect]") -> "list[Aspect]":
    """Two live targets are meant to be two."""
    from harness.comparison.comparable import Aspect

    return [] if Aspect.TARGET in allowed else [Aspect.TARGET]


def _sides(runs: list[str]) -> tuple[list[Path], list[Path]]:
    from harness.errors import UsageError

    if runs.count(_MARK) == 1:
        at = runs.index(_MARK)
        base, candidate = list(map(Path, runs[:at])), list(map(Path, runs[at + 1 :]))
        if base and candidate:
            return base, candidate
    raise UsageError(
        "a comparison needs two sets of runs", "write chatsocket compare BASE... -- CANDIDATE..."
    )


def _aspects(names: list[str]) -> list["Aspect"]:
    from harness.comparison.comparable import Aspect
    from harness.errors import UnknownName

    for name in names:
        if name not in tuple(Aspect):
            raise UnknownName("aspect of runs", name, list(Aspect))
    return [Aspect(name) for name in names]


def _demand_known(name: str, runs: list["Run"]) -> None:
    """UnknownName where none of ``runs`` has the quantity ``name``, though they have others."""
    from harness.comparison.quantities import quantities
    from harness.errors import UnknownName

    known = sorted({each for run in runs for each in quantities(run)})
    if known and name not in known:
        raise UnknownName("quantity in these runs", name, known)


def _demand_quantity(name: str) -> None:
    """UnknownName where no run could have the quantity ``name``."""
    from harness.comparison.quantities import QUANTILES
    from harness.errors import UnknownName
    from harness.thresholds.figures import METRICS
    from schemas.words import MessageType

    series = [*METRICS, *(f"{metric}.{kind}" for metric in METRICS for kind in MessageType)]
    known = [f"{quantile}({metric})" for quantile in QUANTILES for metric in series]
    if name not in known:
        raise UnknownName("quantity", name, known)
