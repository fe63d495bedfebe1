"""The expected-results options of commands: read and checked before anything runs."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs; `--help` must not wait for it

import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.errors import OutputUnusable

if TYPE_CHECKING:
    from schemas.expectations import Expectation
    from schemas.run_log import Run

ExpectFile = Annotated[
    Path | None,
    typer.Option("--expect", metavar="FILE", help="What is known to fail, and why (TOML)."),
]
WriteExpect = Annotated[
    Path | None,
    typer.Option(
        "--write-expect",
        metavar="FILE",
        help="Write what did not pass as expected results; keeps the reasons already there.",
    ),
]


def known_failures(
    path: Path | None, more_ids: Iterable[str] = (), folders: tuple[str, ...] = ()
) -> "tuple[Expectation, ...]":
    """The entries of ``path``, each naming a case or clause that there is; UsageError otherwise.

    ``more_ids`` are cases besides the suite's and those of ``folders``.
    """
    if path is None:
        return ()
    from harness.conformance import SuiteOptions, list_cases
    from harness.expectations import check_names, read_expectations
    from schemas.clauses import register

    entries = read_expectations(path)
    cases = list_cases(SuiteOptions(slow=True, cases=folders))
    own = {slug for case in cases for slug in case.clauses}
    check_names(entries, {*(case.id for case in cases), *more_ids}, [*register(), *own])
    return entries


def check_writable(path: Path | None) -> None:
    """UsageError, before anything runs, where ``path`` cannot take expected results."""
    if path is None:
        return
    from harness.expectations.writing import existing

    existing(path)
    if not path.parent.is_dir():
        raise OutputUnusable(path, "there is no such folder", "name another file")


def write_from(run: "Run", path: Path, *, err: bool = False) -> None:
    """Write the expected results of ``run`` and say so, or say why not: its exit code stands.

    ``err`` says it on stderr.
    """
    from harness.expectations import write_expectations

    if run.partial:
        why = f"the run did not come to its end, so {path} was left as it was."
        print(f"chatsocket: {why}", file=sys.stderr)
        return

    count = write_expectations(path, run, date.today())
    typer.echo(f"expect  {count} {'entry' if count == 1 else 'entries'} in {path}", err=err)
