"""`chatsocket history`: keep, accept, show."""

import json
from pathlib import Path

import msgspec
import pytest

from schemas.records import encode
from schemas.run_log import RUN_LOG
from tests.made_runs import latencies, made_run, metric


@pytest.fixture
def kept(call, tmp_path: Path):
    """A history of eight runs, the last three of them slower."""
    folders = []
    for number in range(8):
        ack_ms = 2.0 + 0.01 * (number % 3) + (1.0 if number > 4 else 0.0)
        run = made_run(metrics={"ack": metric(data=latencies(ack_ms, times=2_000))})
        header = msgspec.structs.replace(run.header, run_id=f"r{number}", started=f"2026-{number}")
        folder = tmp_path / f"r{number}"
        folder.mkdir()
        records = [header, *run.cases, *run.metrics.values(), run.totals, *run.parts, run.footer]
        (folder / RUN_LOG).write_bytes(b"".join(encode(record) for record in records))
        folders.append(folder)
    where = tmp_path / "h.sqlite"
    ended = call("history", "add", *folders, "--history", where)
    assert (ended.code, ended.err) == (0, "")
    return where, folders


def test_trends_show_where_a_level_began(call, kept):
    where, _ = kept
    ended = call("history", "show", "--history", where)
    assert (ended.code, ended.err) == (0, "")
    assert "8 runs, 0 accepted" in ended.out
    (line,) = (line for line in ended.out.splitlines() if "p50(ack)" in line)
    assert line.strip().endswith("shift at r5")


def test_a_run_is_accepted_by_its_id_or_its_folder(call, kept):
    where, folders = kept
    assert call("history", "accept", "r1", "--history", where).out == "accepted r1\n"
    assert call("history", "accept", folders[2], "--history", where).out == "accepted r2\n"
    shown = json.loads(call("history", "show", "--history", where, "--json").out)
    assert [run["run_id"] for run in shown[0]["runs"] if run["accepted"]] == ["r1", "r2"]


def test_the_page_has_a_chart_for_each_quantity(call, kept, tmp_path):
    where, _ = kept
    assert call("history", "show", "--history", where, "--out", tmp_path / "h.html").code == 0
    page = (tmp_path / "h.html").read_text()
    assert page.count("<figure") == 4
    assert "1 throughout" in page
    assert "a new level from run 6" in page


def test_what_was_kept_and_accepted_is_told_to_programs(call, kept, tmp_path):
    where, folders = kept
    ended = call("history", "add", *folders[:2], "--history", tmp_path / "other", "--json")
    assert [run["run_id"] for run in json.loads(ended.out)] == ["r0", "r1"]
    ended = call("history", "accept", "r1", "--history", where, "--json")
    assert (ended.code, ended.err) == (0, "")
    assert json.loads(ended.out)[0] == {
        "run_id": "r1",
        "started": "2026-1",
        "target": "ws://127.0.0.1:1/",
        "verdict": None,
        "accepted": True,
    }


def test_a_baseline_that_did_not_pass_is_remarked_upon(call, kept):
    where, folders = kept
    assert "nobody judged it" in call("history", "accept", "r1", "--history", where).err
    call("gate", folders[2])
    call("history", "add", folders[2], "--history", f"{where}.2")
    assert call("history", "accept", "r2", "--history", f"{where}.2").err == ""


def test_a_history_is_found_by_a_variable(call, kept, monkeypatch):
    monkeypatch.setenv("CHAT_HISTORY", str(kept[0]))
    assert "8 runs" in call("history", "show", "--history", "env:CHAT_HISTORY").out
    monkeypatch.delenv("CHAT_HISTORY")
    ended = call("history", "show", "--history", "env:CHAT_HISTORY")
    assert ended.code == 2
    assert "there is no variable CHAT_HISTORY" in ended.err


def test_runs_without_latencies_are_shown_too(call, tmp_path):
    run = made_run(metrics={}, cases=[])
    (tmp_path / RUN_LOG).write_bytes(b"".join(map(encode, [run.header, run.totals, run.footer])))
    assert call("history", "add", tmp_path, "--history", tmp_path / "h").code == 0
    ended = call("history", "show", "--history", tmp_path / "h", "--out", tmp_path / "h.html")
    assert "1 run, 0 accepted" in ended.out
    assert run.header.run_id in (tmp_path / "h.html").read_text()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("add", "nowhere"), "nowhere is no run folder"),
        (("show", "--history", "nowhere"), "there is no history nowhere"),
        (("accept", "r1", "--history", "nowhere"), "there is no history nowhere"),
        (("shwo",), "No such command 'shwo'"),
    ],
)
def test_wrong_use_is_a_sentence(call, monkeypatch, tmp_path, arguments, sentence):
    monkeypatch.chdir(tmp_path)
    ended = call("history", *arguments)
    assert ended.code == 2
    assert sentence in ended.err
    assert list(tmp_path.iterdir()) == []
