"""`chatsocket gate --baseline`: folders and a history as what a run is held against."""

import json
from pathlib import Path

import msgspec
import pytest

from schemas.records import encode
from schemas.run_log import RUN_LOG
from tests.made_runs import latencies, made_run, metric


@pytest.fixture
def saved(tmp_path: Path):
    """Write a run whose p50(ack) is so many milliseconds into a folder of that name."""

    def save(name: str, ack_ms: float) -> Path:
        run = made_run(metrics={"ack": metric(data=latencies(ack_ms, times=2_000))})
        header = msgspec.structs.replace(run.header, run_id=name, started=name)
        records = [header, *run.cases, *run.metrics.values(), run.totals, *run.parts, run.footer]
        (tmp_path / name).mkdir()
        (tmp_path / name / RUN_LOG).write_bytes(b"".join(encode(each) for each in records))
        return tmp_path / name

    return save


@pytest.fixture
def base(saved) -> list[Path]:
    return [saved(f"base{number}", ms) for number, ms in enumerate((2.00, 2.04, 1.98))]


def options(base: list[Path]) -> list[object]:
    return [part for folder in base for part in ("--baseline", folder)]


@pytest.mark.parametrize(("ack_ms", "code", "word"), [(2.0, 0, "same"), (3.0, 1, "worse")])
def test_the_gate_follows_the_baseline(call, saved, base, ack_ms, code, word):
    folder = saved("now", ack_ms)
    ended = call("gate", folder, *options(base), "--noise", "1%")
    assert (ended.code, ended.err) == (code, "")
    assert word in ended.out.partition("baseline")[2]
    assert json.loads((folder / "verdict.json").read_text())["baseline"]["runs"] == [
        "base0",
        "base1",
        "base2",
    ]
    assert json.loads((folder / "comparison.json").read_text())["direction"] in (
        word,
        "inconclusive",
    )


def test_inconclusive_is_shown_and_passes(call, saved, base):
    ended = call("gate", saved("now", 2.2), "--baseline", base[0])
    assert ended.code == 0
    assert "? inconclusive" in ended.out


def test_the_latest_accepted_runs_of_a_history_are_a_baseline(call, saved, base, tmp_path):
    where = tmp_path / "h.sqlite"
    assert call("history", "add", *base, "--history", where).code == 0
    slow = saved("now", 3.0)
    latest = ("--baseline", "latest-accepted", "--history", where)
    ended = call("gate", slow, *latest)
    assert ended.code == 2
    assert "has no accepted run" in ended.err
    for folder in base:
        assert call("history", "accept", folder, "--history", where).code == 0
    assert call("gate", slow, *latest).code == 1


def test_wrong_use_is_a_sentence(call, saved, base):
    folder = saved("now", 2.0)
    for arguments, sentence in (
        (("--baseline", "latest-accepted"), "needs --history"),
        (("--baseline", "latest-accepted", "--baseline", base[0], "--history", "h"), "alone"),
        (("--baseline", "nowhere"), "nowhere is no run folder"),
        (("--effect", "5%"), "--effect needs --baseline"),
        (("--history", "h"), "--history needs --baseline"),
        (("--baseline", base[0], "--noise", "7"), "--noise '7' is no share"),
    ):
        ended = call("gate", folder, *arguments)
        assert ended.code == 2
        assert sentence in ended.err
