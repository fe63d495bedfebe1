"""Several files, all or none."""

from pathlib import Path

import pytest

from harness.cli.whole_files import json_text, write_all
from harness.errors import OutputUnusable


def test_files_are_written_and_others_stay(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("keep")
    (tmp_path / "a.json").write_text("old")
    write_all(tmp_path, {"a.json": "new", "deep/er/b.json": "also"})
    assert {path.name for path in tmp_path.iterdir()} == {"mine", "a.json", "deep"}
    assert (tmp_path / "a.json").read_text() == "new"
    assert (tmp_path / "deep/er/b.json").read_text() == "also"


def test_nothing_changes_when_one_file_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("old")
    with pytest.raises(OutputUnusable):
        write_all(tmp_path, {"a.json": "new", "x" * 300: "too long a name"})
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]
    assert (tmp_path / "a.json").read_text() == "old"


def test_a_file_in_the_folders_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputUnusable, match="not a folder"):
        write_all(tmp_path / "file", {"a": "b"})


def test_json_keeps_its_letters() -> None:
    assert json_text({"名": 1}) == '{\n  "名": 1\n}\n'
