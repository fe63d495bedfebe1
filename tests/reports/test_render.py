from pathlib import Path

import pytest

from reports.render import EVERY_RUN, FILE_NAMES, Format, ReportUnwritable, write, write_all
from schemas.run_log import RUN_LOG, RunLogUnreadable


def test_all_reports_lie_beside_the_log(sample: Path) -> None:
    paths = write_all(sample)
    assert [path.name for path in paths] == [
        "summary.json",
        "junit.xml",
        "report.html",
        "summary.md",
    ]
    assert all(path.parent == sample and path.stat().st_size for path in paths)


def test_a_saved_run_is_drawn_elsewhere(sample: Path, tmp_path: Path) -> None:
    (path,) = write(sample, [Format.MARKDOWN], tmp_path / "new" / "place")
    assert path == tmp_path / "new" / "place" / FILE_NAMES[Format.MARKDOWN]
    assert not (sample / "summary.md").exists()


def test_what_is_asked_for_is_written_beside_the_usual(sample: Path) -> None:
    paths = write(sample, Format, sample)
    assert [path.name for path in paths] == list(FILE_NAMES.values())
    assert len(paths) == len(EVERY_RUN) + 4
    assert all(path.stat().st_size for path in paths)


@pytest.mark.parametrize("format_", Format)
def test_a_run_of_nothing_is_drawn_in_every_format(make_run, format_: Format) -> None:
    (path,) = write(make_run(footer=False), [format_], make_run())
    assert path.stat().st_size


def test_the_log_is_not_touched(sample: Path) -> None:
    before = (sample / RUN_LOG).read_bytes()
    write_all(sample)
    assert (sample / RUN_LOG).read_bytes() == before


def test_drawing_again_gives_the_same(sample: Path) -> None:
    first = [path.read_bytes() for path in write_all(sample)]
    assert [path.read_bytes() for path in write_all(sample)] == first


def test_a_place_that_cannot_be_written_is_named(sample: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ReportUnwritable, match="cannot be written"):
        write(sample, [Format.JSON], tmp_path / "file")


def test_a_folder_without_a_log_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(RunLogUnreadable):
        write_all(tmp_path)
    assert list(tmp_path.iterdir()) == []
