"""Writes a file of expected results from a run, keeping what an existing one says of it.

Entries that still speak of a failure stay as they are, comments included; those whose cases all
ran and gave no trouble go; what nobody speaks of yet is added, with the finding as its reason.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from harness.errors import OutputUnusable, UsageError
from harness.expectations.judging import expected_results
from harness.expectations.reading import EXPECTABLE, EXPECTED, FLAKY, entries_of
from schemas.case_records import CaseRecord
from schemas.expectations import Expectation, Standing
from schemas.rulings import ruled
from schemas.run_log import Run
from schemas.verdicts import Outcome

_HEAD = """\
Expected results of `chatsocket check`: what is known to fail, and why. Use it with --expect.
An entry that passes, or whose day is over, fails the run. Give each a reason, a ticket and, better,
a last day (expires = 2027-01-31). Under [[flaky]] stands what may fail or pass.\
"""
_REASON_CHARS = 300
_WRITTEN = tuple(outcome for outcome in EXPECTABLE if outcome is not Outcome.NON_STRICT)
_SETTLED = (Standing.UNEXPECTED_PASS,)


def write_expectations(path: Path, run: Run, today: date) -> int:
    """Write what of ``run`` did not pass into ``path``; how many entries it then holds.

    UsageError where ``path`` holds something else or the run did not come to its end,
    OutputUnusable where it cannot be written.
    """
    if run.partial:
        raise UsageError(f"the run did not come to its end, so {path} was left as it was")
    document = existing(path)
    entries = entries_of(document.unwrap(), str(path))
    live = expected_results(run, entries, date.min)
    gone = [
        result.entry for result in live if result.standing in _SETTLED and not result.under_load
    ]
    _remove(document, entries, gone)
    kept = [entry for entry in entries if entry not in gone]
    left = ruled(run, expected_results(run, kept, date.min))
    added = [_table(case, today) for case in left.cases if case.outcome in _WRITTEN]
    _append(document, added)
    try:
        path.write_text(tomlkit.dumps(document), "utf-8")
    except OSError as error:
        raise OutputUnusable(path, error.strerror or str(error), "name another file") from None
    return len(kept) + len(added)


def existing(path: Path) -> tomlkit.TOMLDocument:
    """What stands in ``path``, or the head of a new file; UsageError for what is no such file."""
    if not path.exists():
        document = tomlkit.document()
        for line in _HEAD.splitlines():
            document.add(tomlkit.comment(line))
        return document
    try:
        document = tomlkit.parse(path.read_text("utf-8"))
    except (TOMLKitError, UnicodeDecodeError):
        raise UsageError(f"{path} is no TOML", "name another file") from None
    except OSError as error:
        raise OutputUnusable(path, error.strerror or str(error), "name another file") from None
    entries_of(document.unwrap(), str(path))
    return document


def _remove(
    document: tomlkit.TOMLDocument, entries: Sequence[Expectation], gone: Sequence[Expectation]
) -> None:
    for kind, flaky in ((EXPECTED, False), (FLAKY, True)):
        mine = [entry for entry in entries if entry.flaky is flaky]
        for position in reversed(range(len(mine))):
            if mine[position] in gone:
                del document[kind][position]
        if kind in document and not document[kind]:
            del document[kind]


def _append(document: tomlkit.TOMLDocument, tables: Sequence[Any]) -> None:
    if not tables:
        return
    if EXPECTED not in document:
        document.append(EXPECTED, tomlkit.aot())
    for table in tables:
        document[EXPECTED].append(table)


def _table(case: CaseRecord, today: date) -> Any:
    """The entry for ``case``: its broken clauses, so that a new one beside them is noticed."""
    table = tomlkit.table()
    table["case"] = case.id
    if case.outcome is not Outcome.FAILED:
        table["outcome"] = str(case.outcome)
    elif broken := sorted({finding.clause for finding in case.findings}):
        table["clause"] = broken
    told = (
        case.message if len(case.message) <= _REASON_CHARS else f"{case.message[:_REASON_CHARS]}…"
    )
    table["reason"] = f"seen on {today}: {told or case.outcome}"
    return table
