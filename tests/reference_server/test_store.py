"""What the database keeps, and which files it refuses to touch."""

import sqlite3
from contextlib import closing

import pytest

from reference_server.hall import Hall
from reference_server.steps import ReadUpTo, Record, Seen
from reference_server.store import APPLICATION_ID, SCHEMA_VERSION, Store, StoreRefused
from schemas.account_tokens import Identity
from schemas.messages import confirm, receipt, text, title
from schemas.words import Role, TitleType

NOW = 1_800_000_000_123


def a_little_chat() -> list[list[Record]]:
    """A conversation's records, step by step: C1 says two things, S1 reads one and answers."""
    hall = Hall()
    steps = [
        hall.login(1, Identity("C1", Role.CUSTOMER, "王小明")),
        hall.login(2, Identity("S1", Role.STAFF, "客服")),
        hall.login(3, Identity("C2", Role.CUSTOMER, "silent")),
        hall.handle(1, title(TitleType.PRO, "P-1001"), NOW),
        hall.handle(2, confirm("C1", read=True), NOW + 1),
        hall.handle(1, text('a\0b "\\ 您好 \u2028'), NOW + 2),
        hall.handle(2, text("yes"), NOW + 3),
    ]
    return [step.records for step in steps]


def test_what_was_stored_comes_back_as_it_was(tmp_path):
    path = str(tmp_path / "chat.sqlite3")
    steps = a_little_chat()
    with closing(Store(path)) as store:
        for records in steps:
            store.commit(records)
    with closing(Store(path)) as store:
        past = {each.sn: each for each in store.past()}
    assert set(past) == {"C1", "C2"}
    assert (past["C2"].newest, past["C2"].unread) == (0, ())
    said = [record.entry for records in steps for record in records if hasattr(record, "entry")]
    assert (past["C1"].newest, past["C1"].last_ms) == (4, NOW + 3)
    assert past["C1"].unread == tuple(said[1:])
    assert past["C1"].unread[1].msg.content == 'a\0b "\\ 您好 \u2028'


def test_read_markers_outlive_a_restart(tmp_path):
    path = str(tmp_path / "chat.sqlite3")
    with closing(Store(path)) as store:
        hall = Hall(past=store.past())
        hall_records = [
            hall.login(1, Identity("C1", Role.CUSTOMER, "n")).records,
            hall.login(2, Identity("S1", Role.STAFF, "n")).records,
            hall.handle(1, text("a"), NOW).records,
            hall.handle(2, confirm("C1"), NOW).records,
            hall.handle(2, receipt(), NOW).records,
            hall.handle(1, receipt(), NOW).records,
        ]
        store.commit([record for records in hall_records for record in records])
    with closing(Store(path)) as store:
        (past,) = store.past()
    assert past.unread == ()
    assert past.newest == 2


def test_a_batch_is_all_or_nothing(tmp_path):
    records = [record for step in a_little_chat() for record in step]
    with closing(Store(str(tmp_path / "chat.sqlite3"))) as store:
        store.commit(records[:3])
        before = store.past()
        broken = ReadUpTo("C1", Role.STAFF, None)  # type: ignore[arg-type]
        with pytest.raises(sqlite3.Error):
            store.commit([Seen("C9"), *records[3:], broken])
        assert store.past() == before


def test_memory_keeps_no_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with closing(Store()) as store:
        store.commit([record for step in a_little_chat() for record in step])
        assert len(store.past()) == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"not a database at all", b"SQLite format 3\0" + bytes(84)])
def test_a_foreign_file_is_refused_and_left_alone(tmp_path, content):
    path = tmp_path / "other.db"
    path.write_bytes(content)
    with pytest.raises(StoreRefused, match="not a database of this server"):
        Store(str(path))
    assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


def test_another_schema_version_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "chat.sqlite3"
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
        db.execute("CREATE TABLE future (x)")
    before = path.read_bytes()
    with pytest.raises(StoreRefused, match=f"schema version {SCHEMA_VERSION + 1}"):
        Store(str(path))
    assert path.read_bytes() == before


def test_a_damaged_file_of_ours_is_refused(tmp_path):
    path = tmp_path / "chat.sqlite3"
    Store(str(path)).close()
    path.write_bytes(path.read_bytes()[:100] + b"\xee" * 4000)
    with pytest.raises(StoreRefused, match="choose another file"):
        Store(str(path))


def test_a_file_of_ours_without_its_tables_is_refused(tmp_path):
    path = str(tmp_path / "chat.sqlite3")
    Store(path).close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP TABLE message")
    with closing(Store(path)) as store, pytest.raises(StoreRefused, match="no such table"):
        store.past()


def test_folders_and_missing_folders_are_refused(tmp_path):
    with pytest.raises(StoreRefused, match="Cannot read"):
        Store(str(tmp_path))
    with pytest.raises(StoreRefused, match="create it first"):
        Store(str(tmp_path / "no" / "chat.sqlite3"))


def test_a_file_serves_one_server_at_a_time(tmp_path):
    path = str(tmp_path / "chat.sqlite3")
    with closing(Store(path)), pytest.raises(StoreRefused, match="in use"):
        Store(path)
    Store(path).close()
