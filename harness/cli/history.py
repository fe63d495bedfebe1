"""`chatsocket history`: keep runs, look at their trends, and accept baselines."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs; `--help` must not wait for it

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from harness.history.store import History
    from schemas.history import Trend

app = typer.Typer(help="Keep runs, look at their trends, accept baselines.", no_args_is_help=True)

Where = Annotated[
    str,
    typer.Option(
        "--history", metavar="FILE|URL", help="A SQLite file, or a database URL of SQLAlchemy."
    ),
]
DEFAULT = "history.sqlite"


@app.command()
def add(
    run_dirs: Annotated[list[Path], typer.Argument(metavar="RUN_DIR...", help="Run folders.")],
    where: Where = DEFAULT,
) -> None:
    """Keep runs, with all that comparing needs; the folders may go afterwards."""
    from harness.cli.saved_runs import readable_run
    from harness.comparison.comparable import kind_of
    from harness.history.store import History
    from schemas.verdict_file import read_verdict

    runs = [(folder, readable_run(folder)) for folder in run_dirs]
    history = History.open(where, create=True)
    for folder, run in runs:
        verdict = read_verdict(folder)
        history.add(folder, run, kind_of(run), verdict.verdict if verdict else None)
        typer.echo(f"kept {run.header.run_id}")


@app.command()
def accept(
    run: Annotated[str, typer.Argument(metavar="RUN", help="The run's id, or its folder.")],
    where: Where = DEFAULT,
) -> None:
    """Make a kept run a baseline for `gate --baseline latest-accepted`."""
    from harness.cli.saved_runs import readable_run
    from harness.history.store import History

    history = History.open(where)
    run_id = readable_run(Path(run)).header.run_id if Path(run).is_dir() else run
    history.accept(run_id)
    typer.echo(f"accepted {run_id}")


@app.command()
def show(
    where: Where = DEFAULT,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a page with trend charts there.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show each kind of run's latencies over time, and where they shifted."""
    from rich.console import Console

    from harness.history.store import History
    from reports.history_text import print_trends

    trends = _trends(History.open(where))
    if out is not None:
        from harness.cli.whole_files import write_all
        from reports.history_page import render

        write_all(out.absolute().parent, {out.name: render(trends)})
        typer.echo(out, err=True)
    if as_json:
        import msgspec

        from harness.cli.whole_files import json_text

        typer.echo(json_text(msgspec.to_builtins(trends)), nl=False)
    else:
        print_trends(trends, Console())


def _trends(history: "History") -> "list[Trend]":
    from harness.history.trends import shifts
    from schemas.history import Trend

    found = []
    for kind, runs in history.runs().items():
        for quantity, by_run in sorted(history.figures(kind).items()):
            values = [by_run.get(run.run_id) for run in runs]
            trend = Trend(
                kind=kind, quantity=quantity, runs=runs, values=values, shifts=shifts(values)
            )
            found.append(trend)
    return found
