"""The SQLite file: what was said, what was read, who was seen.

Synchronous and single-threaded by contract: one thread calls it at a time. Knows records and
nothing of connections; when to commit is :mod:`reference_server.commits`' business.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from reference_server.conversation import Entry, Past, unix_ms
from reference_server.hall import ReadUpTo, Record, Said, Seen
from reference_server.outgoing import OutMsg
from schemas.words import Role

MEMORY: Final = ":memory:"
APPLICATION_ID: Final = 0x43484154  # "CHAT"
SCHEMA_VERSION: Final = 1

_SCHEMA = f"""
BEGIN;
CREATE TABLE customer (sn TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE message (
    sn TEXT NOT NULL, position INTEGER NOT NULL, side TEXT NOT NULL, msg TEXT NOT NULL,
    PRIMARY KEY (sn, position)
) WITHOUT ROWID;
CREATE TABLE read_up_to (
    sn TEXT NOT NULL, side TEXT NOT NULL, position INTEGER NOT NULL,
    PRIMARY KEY (sn, side)
) WITHOUT ROWID;
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {SCHEMA_VERSION};
COMMIT;
"""
# One statement per table and batch: each statement gives up and takes back the interpreter lock
# once, so a batch must not cost one statement per row.
_INSERTS: Final[Mapping[type[Record], str]] = {
    Seen: """INSERT OR IGNORE INTO customer SELECT json_extract(value, '$[0]') FROM json_each(?)""",
    Said: """INSERT INTO message SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'),
             json_extract(value, '$[2]'), json_extract(value, '$[3]') FROM json_each(?)""",
    ReadUpTo: """INSERT OR REPLACE INTO read_up_to SELECT json_extract(value, '$[0]'),
             json_extract(value, '$[1]'), json_extract(value, '$[2]') FROM json_each(?)""",
}
_UNREAD = """
SELECT m.sn, m.position, m.side, m.msg FROM message m
LEFT JOIN read_up_to r ON r.sn = m.sn AND r.side <> m.side
WHERE m.position > COALESCE(r.position, 0) ORDER BY m.sn, m.position
"""
_NEWEST = """
SELECT c.sn, COALESCE(m.position, 0), m.msg FROM customer c
LEFT JOIN message m ON m.sn = c.sn
    AND m.position = (SELECT MAX(position) FROM message WHERE sn = c.sn)
"""

_encode_msg = msgspec.json.Encoder().encode
_encode_rows = msgspec.json.Encoder().encode
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
        for sn, position, side, msg in self._sqlite.execute(_UNREAD):
            unread.setdefault(sn, []).append(Entry(position, Role(side), _decode_msg(msg)))
        return [
            Past(
                sn, newest, unix_ms(_decode_msg(msg).time) if msg else 0, tuple(unread.get(sn, ()))
            )
            for sn, newest, msg in self._sqlite.execute(_NEWEST)
        ]

    def commit(self, records: Sequence[Record]) -> None:
        """Store a batch in one transaction: all of it or, with ``sqlite3.Error``, nothing."""
        self._sqlite.execute("BEGIN IMMEDIATE")
        try:
            for kind, insert in _INSERTS.items():
                rows = [_row(record) for record in records if isinstance(record, kind)]
                if rows:
                    self._sqlite.execute(insert, (_encode_rows(rows).decode(),))
        except BaseException:
            self._sqlite.execute("ROLLBACK")
            raise
        self._sqlite.execute("COMMIT")

    def close(self) -> None:
        """Fold the write-ahead log into the file and let go of it."""
        self._sqlite.close()


def _row(record: Record) -> tuple[str | int, ...]:
    match record:
        case Seen(sn):
            return (sn,)
        case Said(sn, entry):
            return (sn, entry.position, entry.side, _encode_msg(entry.msg).decode())
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
