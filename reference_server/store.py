"""The SQLite file: what was said, what was read, who was seen.

Synchronous and single-threaded by contract: one thread calls it at a time. Knows records and
nothing of connections; when to commit is :mod:`reference_server.commits`' business.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Final

import msgspec

from reference_server.conversation import Entry, Past
from reference_server.outgoing import OutMsg
from reference_server.steps import ReadUpTo, Record, Said, Seen
from schemas.words import Role

MEMORY: Final = ":memory:"
APPLICATION_ID: Final = 0x43484154  # "CHAT"
SCHEMA_VERSION: Final = 2

# Rows are only ever appended: a batch then touches the last page of each table and no other.
_SCHEMA = f"""
BEGIN;
CREATE TABLE customer (sn TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE message (
    id INTEGER PRIMARY KEY, sn TEXT NOT NULL, position INTEGER NOT NULL, side TEXT NOT NULL,
    at_ms INTEGER NOT NULL, msg TEXT NOT NULL
);
CREATE TABLE read_up_to (
    id INTEGER PRIMARY KEY, sn TEXT NOT NULL, side TEXT NOT NULL, position INTEGER NOT NULL
);
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {SCHEMA_VERSION};
COMMIT;
"""
_INSERTS: Final[Mapping[type[Record], tuple[str, str]]] = {
    Seen: ("INSERT OR IGNORE INTO customer (sn) VALUES ", "(?)"),
    Said: ("INSERT INTO message (sn, position, side, at_ms, msg) VALUES ", "(?, ?, ?, ?, ?)"),
    ReadUpTo: ("INSERT INTO read_up_to (sn, side, position) VALUES ", "(?, ?, ?)"),
}
# Each statement gives up and takes back the interpreter lock, so a batch is a few statements of
# many rows; the sizes are fixed so that each is prepared once.
_ROWS_AT_ONCE: Final = (256, 64, 16, 4, 1)
_UNREAD = """
WITH read AS (SELECT sn, side, MAX(position) AS position FROM read_up_to GROUP BY sn, side)
SELECT m.sn, m.position, m.side, m.at_ms, m.msg FROM message m
LEFT JOIN read r ON r.sn = m.sn AND r.side <> m.side
WHERE m.position > COALESCE(r.position, 0) ORDER BY m.id
"""
_NEWEST = """
SELECT c.sn, COALESCE(MAX(m.position), 0), COALESCE(MAX(m.at_ms), 0)
FROM customer c LEFT JOIN message m ON m.sn = c.sn GROUP BY c.sn
"""

_encode_msg = msgspec.json.Encoder().encode
_decode_msg = msgspec.json.Decoder(OutMsg).decode


class StoreRefused(Exception):
    """The database cannot be used; the sentence says why and what to do next."""


class Store:
    """An open database. ``path`` is a file or :data:`MEMORY`; ``StoreRefused`` when unusable.

    A file that is refused is not changed. The file is locked while open: one server each.
    """

    def __init__(self, path: str = MEMORY) -> None:
        self._path = path
        is_new = path == MEMORY or inspect(Path(path))
        try:
            self._sqlite = sqlite3.connect(
                path, timeout=0.2, isolation_level=None, check_same_thread=False
            )
            self._prepare(is_new)
        except sqlite3.Error as reason:
            raise StoreRefused(_explain(path, reason)) from reason

    def _prepare(self, is_new: bool) -> None:
        self._sqlite.execute("PRAGMA locking_mode = EXCLUSIVE")
        if is_new:
            # in the rollback journal: the header must name us before write-ahead logging begins
            self._sqlite.executescript(_SCHEMA)
        self._sqlite.execute("PRAGMA journal_mode = WAL")
        self._sqlite.execute("PRAGMA synchronous = FULL")
        self._sqlite.execute("BEGIN IMMEDIATE")
        self._sqlite.execute("COMMIT")

    def past(self) -> list[Past]:
        """Every conversation as it was left; ``StoreRefused`` when the file is damaged."""
        try:
            return self._read()
        except (sqlite3.Error, ValueError) as reason:
            raise StoreRefused(_explain(self._path, reason)) from reason

    def _read(self) -> list[Past]:
        unread: dict[str, list[Entry]] = {}
        for sn, position, side, at_ms, msg in self._sqlite.execute(_UNREAD):
            entry = Entry(position, Role(side), at_ms, _decode_msg(msg))
            unread.setdefault(sn, []).append(entry)
        return [
            Past(sn, newest, last_ms, tuple(unread.get(sn, ())))
            for sn, newest, last_ms in self._sqlite.execute(_NEWEST)
        ]

    def commit(self, records: Sequence[Record]) -> None:
        """Store a batch in one transaction: all of it or, with ``sqlite3.Error``, nothing."""
        self._sqlite.execute("BEGIN IMMEDIATE")
        try:
            for kind, (insert, places) in _INSERTS.items():
                rows = [_row(record) for record in records if isinstance(record, kind)]
                self._append(insert, places, rows)
        except BaseException:
            self._sqlite.execute("ROLLBACK")
            raise
        self._sqlite.execute("COMMIT")

    def _append(self, insert: str, places: str, rows: list[tuple[str | int, ...]]) -> None:
        begin = 0
        for count in _ROWS_AT_ONCE:
            while len(rows) - begin >= count:
                values = chain.from_iterable(rows[begin : begin + count])
                self._sqlite.execute(insert + ", ".join([places] * count), tuple(values))
                begin += count

    def close(self) -> None:
        """Fold the write-ahead log into the file and let go of it."""
        self._sqlite.close()


def _row(record: Record) -> tuple[str | int, ...]:
    match record:
        case Seen(sn):
            return (sn,)
        case Said(sn, entry):
            msg = _encode_msg(entry.msg).decode()
            return (sn, entry.position, entry.side, entry.at_ms, msg)
        case ReadUpTo(sn, side, position):
            return (sn, side, position)


def inspect(path: Path) -> bool:
    """Whether ``path`` is still to be made a database; ``StoreRefused`` if it is not for us.

    Reads the header bytes only (SQLite file format §1.3), so a foreign file stays untouched.
    """
    try:
        with path.open("rb") as file:
            header = file.read(100)
    except FileNotFoundError:
        if path.parent.is_dir():
            return True
        raise StoreRefused(f"There is no folder {path.parent}: create it first.") from None
    except OSError as reason:
        raise StoreRefused(f"Cannot read {path}: {reason.strerror}. Choose another file.") from None
    if not header:
        return True
    _check_header(path, header)
    return False


def _check_header(path: Path, header: bytes) -> None:
    version, application = (int.from_bytes(header[at : at + 4], "big") for at in (60, 68))
    if not header.startswith(b"SQLite format 3\0") or application != APPLICATION_ID:
        raise StoreRefused(f"{path} is not a database of this server: choose another file.")
    if version != SCHEMA_VERSION:
        raise StoreRefused(
            f"{path} has schema version {version}, this server knows {SCHEMA_VERSION}: "
            "use the version that wrote it, or another file."
        )


def _explain(path: str, reason: Exception) -> str:
    if "locked" in str(reason):
        return f"{path} is in use by another server: stop that one, or choose another file."
    return f"Cannot use {path} as a database ({reason}): choose another file."
