"""The folder that a run is written into: a fresh one, or an old run's that may be replaced."""

import shutil
import tempfile
from datetime import datetime
from pathlib import Path

from harness.errors import OutputUnusable
from schemas.run_log import RUN_LOG

RUNS = Path("runs")


def fresh_folder(
    out: Path | None, run_id: str, now: datetime, *, force: bool, holds: str = RUN_LOG
) -> Path:
    """An empty folder for the run ``run_id`` that starts ``now`` (UTC).

    ``out`` is where the user wants it; by default it lies in ``runs/`` under its time and id.
    ``force`` empties a folder that holds an earlier run, known by the file ``holds``, and no other.
    OutputUnusable says why not.
    """
    folder = out if out is not None else RUNS / f"{now:%Y%m%dT%H%M%SZ}-{run_id}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _make_room(folder, holds, force=force)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except FileExistsError:
        raise OutputUnusable(folder, "it is a file, not a folder") from None
    except OSError as error:
        raise OutputUnusable(folder, error.strerror or str(error)) from None


def _make_room(folder: Path, holds: str, *, force: bool) -> None:
    entries = list(folder.iterdir())
    if not entries:
        return
    if not force:
        advice = "add --force to replace it, or choose another with --out"
        raise OutputUnusable(folder, "it is not empty", advice)
    if not (folder / holds).is_file() and any(entry.suffix != ".log" for entry in entries):
        raise OutputUnusable(folder, "it holds something else than a run, which --force spares")
    for entry in entries:
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
