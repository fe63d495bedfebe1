"""The database of runs: what goes in comes out, and what it refuses."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import create_engine, text

from harness.errors import UnknownName, UsageError
from harness.history.store import History
from schemas.records import Footer, encode
from schemas.run_log import RUN_LOG, Run
from schemas.verdicts import Verdict
from tests.made_runs import latencies, made_run, metric

_CUT_SHORT = Footer(ended="", duration_s=1.0, partial=True, records=1)


def run_of(run_id: str, ack_ms: float = 2.0, started: str = "") -> Run:
    run = made_run(metrics={"ack": metric(data=latencies(ack_ms, times=2_000))})
    header = msgspec.structs.replace(run.header, run_id=run_id, started=started or run_id)
    return msgspec.structs.replace(run, header=header)


def write(folder: Path, run: Run) -> None:
    records = [run.header, *run.cases, *run.metrics.values(), run.totals, *run.parts, run.footer]
    (folder / RUN_LOG).write_bytes(b"".join(encode(each) for each in records))


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History.open(str(tmp_path / "h.sqlite"), create=True)


@pytest.fixture
def keep(history: History, tmp_path: Path):
    def add(run: Run, kind: str = "k", verdict: Verdict | None = None) -> None:
        write(tmp_path, run)
        history.add(tmp_path, run, kind, verdict)

    return add


def test_runs_come_out_by_kind_oldest_first(history, keep):
    for run_id, kind in (("r2", "a"), ("r1", "a"), ("r3", "b")):
        keep(run_of(run_id), kind, Verdict.PASSED if run_id == "r1" else None)
    found = history.runs()
    assert {kind: [run.run_id for run in runs] for kind, runs in found.items()} == {
        "a": ["r1", "r2"],
        "b": ["r3"],
    }
    assert [run.verdict for run in found["a"]] == [Verdict.PASSED, None]


def test_histories_that_are_begun_at_the_same_moment_are_one(tmp_path: Path) -> None:
    begin_together(str(tmp_path / "new.sqlite"), tmp_path)


def begin_together(where: str, folder: Path) -> None:
    names = [f"t{number}" for number in range(6)]
    together = threading.Barrier(len(names), timeout=20)

    def begin(name: str) -> None:
        (folder / name).mkdir()
        write(folder / name, run_of(name))
        together.wait()
        History.open(where, create=True).add(folder / name, run_of(name), "together", None)

    with ThreadPoolExecutor(len(names)) as pool:
        list(pool.map(begin, names))
    kept = History.open(where).runs()
    assert [run.run_id for run in kept["together"]] == names


def test_measured_figures_stand_by_quantity_and_run(history, keep):
    keep(run_of("r1", 2.0))
    keep(run_of("r2", 4.0))
    found = history.figures("k")["p50(ack)"]
    assert found["r2"] / found["r1"] == pytest.approx(2, rel=0.01)
    assert history.figures("other") == {}


def test_cases_are_counted_beside_what_was_measured(history, keep):
    keep(run_of("r1"))
    found = history.figures("k")
    assert found["conformance.passed"] == {"r1": 1.0}
    assert found["conformance.failed"] == {"r1": 0.0}


def test_accepted_runs_come_back_whole_newest_first(history, keep):
    for run_id in ("r1", "r2", "r3", "r4"):
        keep(run_of(run_id))
    for run_id in ("r1", "r3", "r4"):
        history.accept(run_id)
    found = history.accepted("k", 2)
    assert [run.header.run_id for run in found] == ["r4", "r3"]
    assert found[0] == run_of("r4")
    assert history.accepted("other", 2) == []


def test_a_run_is_kept_once(keep):
    keep(run_of("r1"))
    with pytest.raises(UsageError, match="has the run r1 already"):
        keep(run_of("r1"))


def test_accepting_an_unknown_run_names_the_nearest(history, keep):
    keep(run_of("20261122T100000Z-abcdef"))
    with pytest.raises(UnknownName, match="did you mean"):
        history.accept("20261122T100000Z-abcdeg")


def test_a_missing_file_is_made_only_when_asked(tmp_path):
    with pytest.raises(UsageError, match="there is no history"):
        History.open(str(tmp_path / "none.sqlite"))
    assert not (tmp_path / "none.sqlite").exists()


def test_foreign_files_and_databases_are_refused_and_left_alone(tmp_path):
    page = tmp_path / "page.html"
    page.write_text("<html>" * 100)
    with pytest.raises(UsageError, match="cannot be used: file is not a database"):
        History.open(str(page), create=True)
    assert page.read_text() == "<html>" * 100
    with create_engine(f"sqlite:///{tmp_path}/other.sqlite").begin() as connection:
        connection.execute(text("create table t (a)"))
    with pytest.raises(UsageError, match="is no history of runs"):
        History.open(str(tmp_path / "other.sqlite"), create=True)


def test_a_history_of_another_version_is_refused(tmp_path):
    file = f"{tmp_path}/h.sqlite"
    History.open(file, create=True)
    with create_engine(f"sqlite:///{file}").begin() as connection:
        connection.execute(text("update chatsocket_history set version = 9"))
    with pytest.raises(UsageError, match="is a history of version 9"):
        History.open(file)


@pytest.mark.parametrize("url", ["foo://x", "://", "postgresql://u:secret@127.0.0.1:1/x"])
def test_an_unusable_url_is_a_sentence_without_its_password(url):
    with pytest.raises(UsageError) as refused:
        History.open(url)
    assert "secret" not in str(refused.value)


@pytest.mark.skipif(find_spec("psycopg") is not None, reason="the driver is here")
@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_a_missing_driver_of_postgresql_is_named_with_how_to_get_it(scheme):
    with pytest.raises(UsageError) as refused:
        History.open(f"{scheme}://u:secret@127.0.0.1:1/x")
    assert "pip install 'chatsocket-harness[postgresql]'" in str(refused.value)
    assert "secret" not in str(refused.value)


def test_a_run_that_was_cut_short_is_kept_and_is_no_baseline(history, keep):
    keep(msgspec.structs.replace(run_of("r1"), footer=_CUT_SHORT))
    assert history.figures("k") == {}
    with pytest.raises(UsageError, match="r1 is partial"):
        history.accept("r1")
    assert not history.run("r1").accepted


def test_an_empty_database_is_told_from_one_of_something_else(tmp_path):
    create_engine(f"sqlite:///{tmp_path}/empty").connect().close()
    (tmp_path / "empty").touch()
    with pytest.raises(UsageError, match=r"there is no history .*history add makes one"):
        History.open(f"{tmp_path}/empty")


@pytest.mark.skipif(
    "CHATSOCKET_POSTGRESQL" not in os.environ,
    reason="no URL of an empty PostgreSQL database in CHATSOCKET_POSTGRESQL",
)
def test_a_history_lives_in_postgresql_too(tmp_path):
    begin_together(os.environ["CHATSOCKET_POSTGRESQL"], tmp_path)
    history = History.open(os.environ["CHATSOCKET_POSTGRESQL"], create=True)
    for number in range(3):
        write(tmp_path, run_of(f"r{number}", 2.0 + number))
        history.add(tmp_path, run_of(f"r{number}", 2.0 + number), "k" * 5_000, Verdict.PASSED)
    with pytest.raises(UsageError, match="has the run r1 already"):
        history.add(tmp_path, run_of("r1"), "k", None)
    history.accept("r1")
    again = History.open(os.environ["CHATSOCKET_POSTGRESQL"])
    assert [run.run_id for run in again.runs()["k" * 5_000]] == ["r0", "r1", "r2"]
    assert [run.header.run_id for run in again.accepted("k" * 5_000, 9)] == ["r1"]
    assert len(again.figures("k" * 5_000)["p50(ack)"]) == 3
