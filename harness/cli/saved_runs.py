"""Reads saved runs for commands: a folder without one is the user's mistake."""

from pathlib import Path

from harness.errors import UsageError
from schemas.run_log import Run, RunLogUnreadable, read_run


def readable_run(folder: Path) -> Run:
    """The run in ``folder``; UsageError when there is none."""
    try:
        return read_run(folder)
    except RunLogUnreadable as error:
        raise UsageError(f"{folder} is no run folder: {error}", error.advice) from None
