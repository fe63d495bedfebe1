"""Results for programs: a run's summary.json on stdout, where nothing else is then printed."""

from pathlib import Path

import typer

from schemas.summary import SUMMARY_FILE


def print_json(folder: Path) -> None:
    """Print the summary of the judged run in ``folder``."""
    typer.echo((folder / SUMMARY_FILE).read_text("utf-8"), nl=False)
