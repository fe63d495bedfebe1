"""Marks: written beside the log, read in order, damaged lines left out."""

from pathlib import Path

from schemas.marks import MARKS, MOST, Mark, add_mark, read_marks


def test_marks_come_back_in_order_of_time(tmp_path: Path) -> None:
    later, earlier = Mark("2026-11-22T10:00:05Z", "部署 v2"), Mark("2026-11-22T10:00:01Z", "start")
    add_mark(tmp_path, later)
    add_mark(tmp_path, earlier)
    assert read_marks(tmp_path) == [earlier, later]


def test_a_folder_without_marks_has_none(tmp_path: Path) -> None:
    assert read_marks(tmp_path) == []


def test_lines_that_are_no_marks_are_left_out(tmp_path: Path) -> None:
    mark = Mark("2026-11-22T10:00:05Z", "deployed")
    (tmp_path / MARKS).write_bytes(b"{\n\xff\xfe\n[1]\n" + b"x" * 50_000 + b"\n")
    add_mark(tmp_path, mark)
    assert read_marks(tmp_path) == [mark]


def test_a_file_without_end_gives_a_bounded_number(tmp_path: Path) -> None:
    (tmp_path / MARKS).write_bytes(b'{"at":"2026","text":"x"}\n' * (MOST + 50))
    assert len(read_marks(tmp_path)) == MOST
