"""`chatsocket history`: keep runs, look at their trends, and accept baselines."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs; `--help` must not wait for it

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from schemas.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    import msgspec

    from harness.history.store import History
    from schemas.history import Trend

app = typer.Typer(help="Keep runs, look at their trends, accept baselines.", no_args_is_help=True)

Where = Annotated[
    str,
    typer.Option(
        "--history",
        metavar="FILE|URL",
        help="A SQLite file, a database URL of SQLAlchemy, or env:NAME of a variable that has it.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
DEFAULT = "history.sqlite"


@app.command()
def add(
    run_dirs: Annotated[list[Path], typer.Argument(metavar="RUN_DIR...", help="Run folders.")],
    where: Where = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Keep runs, with all that comparing needs; the folders may go afterwards."""
    from harness.cli.saved_runs import readable_run
    from harness.comparison.comparable import kind_of
    from schemas.verdict_file import read_verdict

    runs = [(folder, readable_run(folder)) for folder in run_dirs]
    history = opened(where, create=True)
    for folder, run in runs:
        verdict = read_verdict(folder)
        history.add(folder, run, kind_of(run), verdict.verdict if verdict else None)
        if not as_json:
            typer.echo(f"kept {run.header.run_id}")
    if as_json:
        _print_json([history.run(run.header.run_id) for _, run in runs])


@app.command()
def accept(
    run: Annotated[str, typer.Argument(metavar="RUN", help="The run's id, or its folder.")],
    where: Where = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Make a kept run a baseline for `gate --baseline latest-accepted`."""
    from harness.cli.saved_runs import readable_run

    history = opened(where)
    run_id = readable_run(Path(run)).header.run_id if Path(run).is_dir() else run
    history.accept(run_id)
    accepted = history.run(run_id)
    if as_json:
        _print_json([accepted])
        return
    typer.echo(f"accepted {run_id}")
    if accepted.verdict is not Verdict.PASSED:
        judged = f"its verdict is {accepted.verdict}" if accepted.verdict else "nobody judged it"
        typer.echo(f"chatsocket: a baseline that did not pass: {judged}", err=True)


@app.command()
def show(
    where: Where = DEFAULT,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a page with trend charts there.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show each kind of run's latencies over time, and where they shifted."""
    from rich.console import Console

    from reports.history_text import print_trends

    trends = _trends(opened(where))
    if out is not None:
        from harness.cli.whole_files import write_all
        from reports.history_page import render

        write_all(out.absolute().parent, {out.name: render(trends)})
        typer.echo(out, err=True)
    if as_json:
        _print_json(trends)
    else:
        print_trends(trends, Console())


def opened(where: str, *, create: bool = False) -> "History":
    """The history that ``--history`` means; UsageError when there is none."""
    from harness.errors import UsageError
    from harness.history.store import History
    from harness.target.checks import ENV_PREFIX

    if not where.startswith(ENV_PREFIX):
        return History.open(where, create=create)
    name = where.removeprefix(ENV_PREFIX)
    if not os.environ.get(name):
        raise UsageError(f"--history {where}: there is no variable {name}", f"set {name}")
    return History.open(os.environ[name], create=create)


def _print_json(found: "Sequence[msgspec.Struct]") -> None:
    import msgspec

    from harness.cli.whole_files import json_text

    typer.echo(json_text(msgspec.to_builtins(found)), nl=False)


def _trends(history: "History") -> "list[Trend]":
    """Every quantity of every kind of run; without any a row that shows the runs alone."""
    from harness.comparison.quantities import PRIMARY
    from harness.history.store import CASES
    from harness.history.trends import shifts
    from schemas.history import Trend, Unit

    found = []
    for kind, runs in history.runs().items():
        figures = history.figures(kind) or {PRIMARY: {}}
        for quantity, by_run in sorted(figures.items()):
            values = [by_run.get(run.run_id) for run in runs]
            cases = quantity.startswith(CASES)
            trend = Trend(
                kind=kind,
                quantity=quantity,
                runs=runs,
                values=values,
                shifts=[] if cases else shifts(values),
                unit=Unit.CASES if cases else Unit.US,
            )
            found.append(trend)
    return found
