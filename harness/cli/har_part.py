"""The HAR files of a saved run: one of everything, and one for each case that did not pass."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from harness.captures.har_export import write_har
from harness.errors import OutputUnusable
from schemas.case_records import CaseRecord
from schemas.run_log import Run
from schemas.verdicts import Outcome

RUN_HAR, CASES_FOLDER = "run.har", "har"

_QUIET = (Outcome.PASSED, Outcome.NOT_APPLICABLE, Outcome.INFORMATIONAL, Outcome.NON_STRICT)


def write_hars(run: Run, out: Path) -> list[Path]:
    """Write what ``run`` saw into the folder ``out``; the paths written. OutputUnusable if not."""
    started = _moment(run.header.started)
    url = run.header.target.url
    written = [_write(run.cases, out / RUN_HAR, started, url)]
    for name, case in _failures(run.cases):
        written.append(_write([case], out / CASES_FOLDER / f"{name}.har", started, url))
    return written


def _failures(cases: Iterable[CaseRecord]) -> Iterator[tuple[str, CaseRecord]]:
    """The cases that did not pass, each with a name that any file system takes."""
    taken: set[str] = set()
    for case in cases:
        if case.outcome in _QUIET or not case.transcript:
            continue
        safe = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "_" for c in case.id)
        name = safe[:100].lstrip(".")
        while name in taken:
            name += "_"
        taken.add(name)
        yield name, case


def _write(cases: Iterable[CaseRecord], path: Path, started: datetime | None, url: str) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_har(cases, file, started, url)
    except OSError as error:
        raise OutputUnusable(path, error.strerror or str(error)) from None
    return path


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
