"""Reads a file of expected results: TOML with a list ``[[expected]]`` and a list ``[[flaky]]``.

Every mistake in it is a UsageError that names the entry. Knows no run.
"""

import tomllib
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from harness.errors import UnknownName, UsageError, shown
from schemas.expectations import Expectation
from schemas.verdicts import Outcome

EXPECTED, FLAKY = "expected", "flaky"
EXPECTABLE = (Outcome.FAILED, Outcome.NON_STRICT, Outcome.BLOCKED, Outcome.INCONCLUSIVE)

_MEMBERS = ("case", "clause", "outcome", "reason", "ticket", "expires")
_MAX_BYTES = 4 << 20
_WILD = "*?["


def read_expectations(path: Path) -> tuple[Expectation, ...]:
    """The entries of ``path`` in their order, the flaky ones last; UsageError for a wrong file."""
    return entries_of(_document(path), str(path))


def entries_of(document: dict[str, Any], file: str) -> tuple[Expectation, ...]:
    """The entries of a parsed file; ``file`` names it in a UsageError."""
    for name in document:
        if name not in (EXPECTED, FLAKY):
            raise UnknownName(f"list in {file} named", name, (EXPECTED, FLAKY))
    return tuple(
        _Entry(row, f"{file}: [[{kind}]] number {number}", flaky=kind == FLAKY).value()
        for kind in (EXPECTED, FLAKY)
        for number, row in enumerate(_rows(document.get(kind, []), kind, file), 1)
    )


def check_names(
    entries: Sequence[Expectation], case_ids: Collection[str], clause_ids: Collection[str]
) -> None:
    """UnknownName, with the nearest, for a case or clause that there is not."""
    for entry in entries:
        for pattern in entry.cases:
            if not any(fnmatchcase(case_id, pattern) for case_id in case_ids):
                kind = "case that fits" if any(map(pattern.__contains__, _WILD)) else "case"
                raise UnknownName(kind, pattern, case_ids, _advice(pattern, case_ids))
        for slug in entry.clauses:
            if slug not in clause_ids:
                raise UnknownName("clause", slug, clause_ids, _advice(slug, clause_ids))


def _advice(name: str, known: Collection[str]) -> str:
    """Nothing, where a near name is found; else how to list them, for they are hundreds."""
    found = UnknownName("name", name, known).nearest
    return "" if found else "`chatsocket check --list` shows the cases with their clauses"


def _document(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            raw = file.read(_MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(f"cannot read the expected results {path}: {reason}") from None
    if len(raw) > _MAX_BYTES:
        raise UsageError(f"{path} is larger than {_MAX_BYTES >> 20} MiB")
    try:
        return tomllib.loads(raw.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"{path} is no TOML: {shown(str(error))}") from None


def _rows(found: object, kind: str, file: str) -> Iterator[dict[str, Any]]:
    rows = found if isinstance(found, list) else [None]
    for row in rows:
        if not isinstance(row, dict):
            raise UsageError(f"{file}: {kind} is no list of tables", f"write [[{kind}]]")
        yield row


class _Entry:
    """One table of the file; ``place`` names it."""

    def __init__(self, row: dict[str, Any], place: str, *, flaky: bool) -> None:
        self._row, self._place, self._flaky = row, place, flaky

    def value(self) -> Expectation:
        """The entry; UsageError says what is wrong with it."""
        known = [name for name in _MEMBERS if not (self._flaky and name == "outcome")]
        for name in self._row:
            if name not in known:
                raise UnknownName(f"member in {self._place} named", name, known)
        cases, clauses = self._names("case"), self._names("clause")
        if not cases and not clauses:
            raise self._wrong("names neither a case nor a clause", 'write case = "…" or clause')
        reason = self._text("reason")
        if not reason.strip():
            raise self._wrong("has no reason", 'write reason = "…"')
        return Expectation(
            cases=cases,
            clauses=clauses,
            outcome=self._outcome(),
            reason=reason,
            ticket=self._text("ticket"),
            expires=self._expires(),
            flaky=self._flaky,
        )

    def _names(self, member: str) -> tuple[str, ...]:
        found = self._row.get(member, [])
        names = [found] if isinstance(found, str) else found
        if not isinstance(names, list) or not all(isinstance(n, str) and n for n in names):
            raise self._wrong(f"has a {member} that is no text and no list of texts")
        return tuple(names)

    def _text(self, member: str) -> str:
        found = self._row.get(member, "")
        if not isinstance(found, str):
            raise self._wrong(f"has a {member} that is no text", "put it in quotes")
        return found

    def _outcome(self) -> Outcome:
        found = self._text("outcome") or Outcome.FAILED
        if found not in EXPECTABLE:
            known = ", ".join(EXPECTABLE)
            raise self._wrong(f"has outcome {shown(found)}", f"what can be expected: {known}")
        return Outcome(found)

    def _expires(self) -> date | None:
        """TOML's own date, or the same as a text."""
        found = self._row.get("expires")
        if isinstance(found, str):
            try:
                found = date.fromisoformat(found)
            except ValueError:
                found = False
        if found is None or (isinstance(found, date) and not isinstance(found, datetime)):
            return found
        raise self._wrong("has an expires that is no date", "write expires = 2027-01-31")

    def _wrong(self, problem: str, advice: str = "") -> UsageError:
        return UsageError(f"{self._place} {problem}", advice)
