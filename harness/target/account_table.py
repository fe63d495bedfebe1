"""Accounts as CSV with the columns ``sn,name,role,token``: what a user wrote in, lines out."""

import csv
import json
from collections.abc import Iterable, Iterator
from io import StringIO
from pathlib import Path

from harness.errors import UnknownName, UsageError, nearest, shown
from harness.target.accounts import Account
from harness.target.sections import AccountEntry
from schemas.words import Role

COLUMNS = ("sn", "name", "role", "token")
MAX_TABLE_BYTES = 256 << 20


def read_table(path: Path, *, tokens_needed: bool = True) -> tuple[AccountEntry, ...]:
    """The rows of the CSV file ``path``; ``token`` may be ``env:NAME``.

    UsageError names the line; a token is never repeated.
    """
    rows = csv.DictReader(StringIO(_text(path)), strict=True)
    try:
        _check_columns(rows.fieldnames or (), path)
        return tuple(_entries(rows, path, tokens_needed))
    except csv.Error as error:
        raise UsageError(f"{path} line {rows.line_num} is not CSV: {error}") from error


def write_table(accounts: Iterable[Account]) -> Iterator[str]:
    """The CSV lines of ``accounts``, with tokens in clear.

    This and :func:`write_json` are the places that write tokens out.
    """
    yield _line(COLUMNS)
    for account in accounts:
        yield _line((account.sn, account.name, account.role, account.token.reveal()))


def write_json(accounts: Iterable[Account]) -> Iterator[str]:
    """A JSON array of ``accounts``, one a line and tokens in clear, as by :func:`write_table`."""
    opening = "["
    for account in accounts:
        fields = (account.sn, account.name, account.role, account.token.reveal())
        row = dict(zip(COLUMNS, fields, strict=True))
        yield f"{opening}\n  {json.dumps(row, ensure_ascii=False)}"
        opening = ","
    yield "[]\n" if opening == "[" else "\n]\n"


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_TABLE_BYTES + 1)
    except OSError as error:
        raise UsageError(f"cannot read the accounts in {path}: {error.strerror}") from error
    if len(raw) > MAX_TABLE_BYTES:
        raise UsageError(f"{path} holds no accounts: it is longer than 256 MiB")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text", "save it as CSV UTF-8") from error


def _check_columns(found: Iterable[str], path: Path) -> None:
    names = [name.strip() for name in found]
    head = f"the first line is {','.join(COLUMNS)}"
    for name in names:
        if name not in COLUMNS:
            close = nearest(name, COLUMNS)
            hint = f"did you mean {close}? {head}" if close else head
            raise UnknownName(f"account column in {path} named", name, COLUMNS, hint)
    missing = next((name for name in ("sn", "role") if name not in names), None)
    if missing or len(set(names)) < len(names):
        problem = f"has no column {missing}" if missing else "names a column twice"
        raise UsageError(f"{path} {problem}", head)


def _entries(
    rows: "csv.DictReader[str]", path: Path, tokens_needed: bool
) -> Iterator[AccountEntry]:
    seen: set[str] = set()
    for row in rows:
        place = f"{path} line {rows.line_num}"
        if None in row or None in row.values():
            raise UsageError(f"{place} does not have as many fields as the first line")
        entry = _entry({name.strip(): value.strip() for name, value in row.items()}, place)
        if entry.sn in seen:
            raise UsageError(f"{place} names {shown(entry.sn)} a second time")
        if tokens_needed and not entry.token:
            raise UsageError(f"{place} has no token for {shown(entry.sn)}")
        seen.add(entry.sn)
        yield entry


def _entry(row: dict[str, str], place: str) -> AccountEntry:
    if not row["sn"]:
        raise UsageError(f"{place} has no sn")
    try:
        role = Role(row["role"])
    except ValueError:
        raise UsageError(
            f"{place}: the role is customer or staff, not {shown(row['role'])}"
        ) from None
    return AccountEntry(
        sn=row["sn"], role=role, name=row.get("name", ""), token=row.get("token", "")
    )


def _line(fields: Iterable[str]) -> str:
    buffer = StringIO()
    csv.writer(buffer, lineterminator="\n").writerow(fields)
    return buffer.getvalue()
