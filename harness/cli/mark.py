"""`chatsocket mark`: a note with its time on a run, also while it is under way."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs; `--help` must not wait for it

from pathlib import Path
from typing import Annotated

import typer


def mark(
    run_dir: Annotated[Path, typer.Argument(help="The folder that a run is written into.")],
    text: Annotated[str, typer.Argument(help="What happened: 'deployed v2'.")],
    at: Annotated[
        str, typer.Option(metavar="TIME", help="When, as 2026-11-22T10:00:05Z; default: now.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Mark a moment of a run; the reports show it.

    The run's log stays as it is. Reports that are already there show the mark once they are drawn
    again, by `chatsocket report`.
    """
    from harness.cli.saved_runs import readable_run
    from harness.errors import OutputUnusable, UsageError, one_line
    from harness.run_log import now_text
    from schemas.marks import MOST, TEXT_CHARS, Mark, add_mark

    words = " ".join(text.split())
    if not words or len(words) > TEXT_CHARS:
        raise UsageError(f"a mark is a text of 1 to {TEXT_CHARS} characters", "say what happened")
    if len(readable_run(run_dir).marks) >= MOST:
        raise UsageError(f"{run_dir} has {MOST} marks already, which is the most")
    time = _moment(at) if at else now_text()
    try:
        add_mark(run_dir, Mark(time, words))
    except OSError as error:
        raise OutputUnusable(run_dir, error.strerror or str(error), "") from None
    if as_json:
        from harness.cli.whole_files import json_text

        typer.echo(json_text({"at": time, "text": words}), nl=False)
    else:
        typer.echo(f"marked {time}  {one_line(words)}")


def _moment(text: str) -> str:
    """``text`` as RFC 3339 in UTC; UsageError when it is no moment."""
    from datetime import UTC, datetime

    from harness.errors import UsageError, shown

    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise UsageError(f"--at {shown(text)} is no moment", "write it as 2026-11-22T10:00:05Z")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
