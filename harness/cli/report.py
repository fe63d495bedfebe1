"""`chatsocket report`: draw a saved run again."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs; `--help` must not wait for it

from pathlib import Path
from typing import Annotated

import typer

HAR = "har"


def report(
    run_dir: Annotated[Path, typer.Argument(help="The folder that a run was written into.")],
    formats: Annotated[
        list[str] | None,
        typer.Option(
            "--format", help="json, junit, html, markdown or har; repeatable; default: all but har."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where to write; default: the run's folder.")
    ] = None,
) -> None:
    """Write the reports of a saved run and print their paths."""
    from harness.cli.har_part import write_hars
    from harness.cli.judgement import write_reports
    from harness.cli.saved_runs import readable_run
    from harness.errors import UnknownName
    from reports.render import Format

    known = [*(each.value for each in Format), HAR]
    for name in formats or ():
        if name not in known:
            raise UnknownName("format", name, known)
    run, folder = readable_run(run_dir), out or run_dir
    chosen = [Format(name) for name in formats if name != HAR] if formats else list(Format)
    for path in write_reports(run_dir, chosen, folder):
        typer.echo(path)
    if HAR in (formats or ()):
        for path in write_hars(run, folder):
            typer.echo(path)
