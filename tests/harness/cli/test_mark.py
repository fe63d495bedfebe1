"""`chatsocket mark`."""

import json
from pathlib import Path

import pytest

from schemas.marks import MARKS, MOST
from schemas.records import encode
from schemas.run_log import RUN_LOG, read_run
from tests.made_runs import made_run

HEADER = encode(made_run().header)


def test_a_run_is_marked_and_its_log_stays(call, tmp_path: Path) -> None:
    log = tmp_path / RUN_LOG
    log.write_bytes(HEADER)  # still under way: no footer yet
    ended = call("mark", tmp_path, "  deployed\tv2 ")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("marked 20")
    call("mark", tmp_path, "earlier", "--at", "2020-01-01T10:00:00+02:00")
    first, second = read_run(tmp_path).marks
    assert (first.at, first.text) == ("2020-01-01T08:00:00.000Z", "earlier")
    assert second.text == "deployed v2"
    assert log.read_bytes() == HEADER


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["   "], "a mark is a text of 1 to 300 characters"),
        (["x" * 301], "a mark is a text of 1 to 300 characters"),
        (["x", "--at", "noon"], "--at 'noon' is no moment; write it as"),
        (["x", "--at", "2026-11-22T10:00:00"], "is no moment"),
    ],
)
def test_what_is_no_mark_is_told(call, tmp_path: Path, arguments: list[str], sentence: str) -> None:
    (tmp_path / RUN_LOG).write_bytes(HEADER)
    ended = call("mark", tmp_path, *arguments)
    assert ended.code == 2
    assert sentence in ended.err
    assert not (tmp_path / MARKS).exists()


def test_a_folder_without_a_run_cannot_be_marked(call, tmp_path: Path) -> None:
    ended = call("mark", tmp_path, "x")
    assert ended.code == 2
    assert "is no run folder" in ended.err


def test_a_run_takes_a_bounded_number_of_marks(call, tmp_path: Path) -> None:
    (tmp_path / RUN_LOG).write_bytes(HEADER)
    (tmp_path / MARKS).write_bytes(b'{"at":"2026","text":"x"}\n' * MOST)
    ended = call("mark", tmp_path, "one more")
    assert (ended.code, "which is the most" in ended.err) == (2, True)


def test_a_mark_is_told_to_programs(call, tmp_path: Path) -> None:
    (tmp_path / RUN_LOG).write_bytes(HEADER)
    ended = call("mark", tmp_path, "deployed  v2", "--at", "2026-11-22T11:00:05+01:00", "--json")
    assert json.loads(ended.out) == {"at": "2026-11-22T10:00:05.000Z", "text": "deployed v2"}
