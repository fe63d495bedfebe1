"""`chatsocket report`: draw saved runs again."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs; `--help` must not wait for it

from pathlib import Path
from typing import Annotated

import typer

from harness.cli.options import AsJson

HAR = "har"


def report(
    run_dirs: Annotated[
        list[Path],
        typer.Argument(
            metavar="RUN_DIR...",
            help="The folder that a run was written into; several conformance shards are one.",
        ),
    ],
    formats: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            help="json, junit, html, markdown, csv, png, badge, annotations or har; repeatable; "
            "default: the first four.",
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where to write; default: the run's folder.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write the reports of a saved run and print their paths.

    Several shards are judged anew, as the one run that they are, by all that they were held to.
    """
    from harness.cli.har_part import write_hars
    from harness.cli.shards import drawn_as_one
    from harness.errors import OutputUnusable, UnknownName, UsageError
    from reports import json_file
    from reports.environment_view import missing
    from reports.render import EVERY_RUN, Format, ReportUnwritable, write_material

    known = [*(each.value for each in Format), HAR]
    for name in formats or ():
        if name not in known:
            raise UnknownName("format", name, known)
    if len(run_dirs) > 1 and out is None:
        raise UsageError("several runs are drawn as one", "say where to with --out DIR")
    material, folder = drawn_as_one(run_dirs), out or run_dirs[0]
    for sentence in missing(material.run):
        typer.echo(f"partial: {sentence}", err=True)
    chosen = [Format(name) for name in formats if name != HAR] if formats else EVERY_RUN
    try:
        paths = write_material(material, chosen, folder)
    except ReportUnwritable as error:
        raise OutputUnusable(error.path, error.why) from None
    if HAR in (formats or ()):
        paths += write_hars(material.run, folder)
    for path in paths:
        typer.echo(path, err=as_json)
    if as_json:
        typer.echo(json_file.render(material), nl=False)
