"""Where a run is written, and what it never overwrites."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.cli.out_folder import fresh_folder
from harness.errors import OutputUnusable

NOW = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)


def test_by_default_a_run_lies_under_its_time_and_id(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = fresh_folder(None, "ab12", NOW, force=False)
    assert folder == Path("runs/20261122T103000Z-ab12")
    assert folder.is_dir()


def test_a_folder_that_is_not_empty_is_spared(tmp_path: Path) -> None:
    (tmp_path / "run.ndjson").write_text("")
    with pytest.raises(OutputUnusable, match="not empty; add --force to replace it"):
        fresh_folder(tmp_path, "x", NOW, force=False)
    assert (tmp_path / "run.ndjson").exists()


def test_force_empties_a_run_folder(tmp_path: Path) -> None:
    (tmp_path / "run.ndjson").write_text("")
    (tmp_path / "transcripts").mkdir()
    (tmp_path / "transcripts" / "a").write_text("")
    fresh_folder(tmp_path, "x", NOW, force=True)
    assert list(tmp_path.iterdir()) == []


def test_force_replaces_a_run_that_never_began(tmp_path: Path) -> None:
    (tmp_path / "server.log").write_text("")
    fresh_folder(tmp_path, "x", NOW, force=True)
    assert list(tmp_path.iterdir()) == []


def test_force_spares_what_is_no_run(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(OutputUnusable, match="something else than a run"):
        fresh_folder(tmp_path, "x", NOW, force=True)
    assert (tmp_path / "thesis.tex").exists()


def test_force_follows_no_link(tmp_path: Path) -> None:
    mine, run = tmp_path / "mine", tmp_path / "run"
    mine.mkdir()
    run.mkdir()
    (mine / "kept").write_text("")
    (run / "run.ndjson").write_text("")
    (run / "link").symlink_to(mine)
    fresh_folder(run, "x", NOW, force=True)
    assert (mine / "kept").exists()


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "f").write_text("")
    with pytest.raises(OutputUnusable, match="it is a file, not a folder"):
        fresh_folder(tmp_path / "f", "x", NOW, force=True)


def test_a_place_that_cannot_be_written_is_named() -> None:
    with pytest.raises(OutputUnusable, match=r"cannot write to /proc/x: .*; choose another"):
        fresh_folder(Path("/proc/x"), "x", NOW, force=False)
