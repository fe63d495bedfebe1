"""`chatsocket compare --interleave`: two live targets, in turn."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.cli.children import Children, first_line
from harness.cli.interleave import turns
from schemas.run_log import read_run

START_S = 20.0
ONE, OTHER = "ws://127.0.0.1:1/x", "ws://127.0.0.1:2/x"


def test_the_order_turns_around_with_every_pair() -> None:
    letters = "".join("AB"[side] for side, _ in turns(4))
    assert letters == "ABBAABBA"
    assert [number for _, number in turns(3)] == [0, 0, 1, 1, 2, 2]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--interleave", ONE], "--interleave needs two targets"),
        (["--interleave", ONE, "runs/x"], "--interleave needs two targets"),
        (["--interleave", ONE, "--", OTHER], "--interleave needs two targets"),
        (["--interleave", ONE, OTHER, "--repeat", "0"], "Invalid value for '--repeat'"),
        (["--interleave", ONE, OTHER, "--rate", "0"], "a rate of 0 messages a second"),
        (["--interleave", ONE, OTHER, "--primary", "p50(akc)"], "did you mean 'p50(ack)'?"),
        (["--interleave", ONE, OTHER, "--effect", "7"], "--effect '7' is no share"),
        (["--interleave", ONE, OTHER, "--accounts", "a.csv"], "customer accounts needed, 1 in"),
        (["a", "--", "b", "--rate", "5"], "--rate says how targets are loaded"),
        (["a", "--", "b", "--force"], "--force says how targets are loaded"),
    ],
)
def test_wrong_use_is_told_before_anything_is_loaded(
    call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.csv").write_text("sn,role,token\nC1,customer,t\n")
    ended = call("compare", *arguments)
    assert ended.code == 2
    assert sentence in ended.err
    assert not Path("runs").exists()


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """An honest server, and one that answers late."""
    with Children() as children:
        argv = ["-m", "reference_server", "--port", "0"]
        honest = children.start("honest", argv, tmp_path / "honest.log")
        late = children.start("late", [*argv, "--fault", "delay=150ms"], tmp_path / "late.log")
        yield first_line(honest, START_S), first_line(late, START_S)


@pytest.mark.loopback
@pytest.mark.long
def test_the_slower_of_two_targets_is_found(call, pair, tmp_path: Path) -> None:
    out = tmp_path / "out"
    size = ("--customers", 4, "--staff", 2, "--rate", 20, "--duration", "2s", "--warm-up", "0s")
    ended = call(
        *("compare", "--interleave", *pair, "--profile", "reference", *size, "--repeat", 2),
        *("--noise", "20%", "--out", out, "--json"),
    )
    assert ended.code == 1, ended.err
    found = json.loads(ended.out)
    assert found["direction"] == "worse"
    assert found["allowed"] == ["target"]
    assert found == json.loads((out / "comparison.json").read_text())
    seeds = {side: [read_run(out / side / n).header.seed for n in "12"] for side in "ab"}
    assert seeds == {"a": [1, 2], "b": [1, 2]}
    started = sorted((read_run(out / s / n).header.started, s) for s in "ab" for n in "12")
    assert [side for _, side in started] == ["a", "b", "b", "a"]


@pytest.mark.loopback
def test_a_target_that_refuses_gives_no_verdict(call, tmp_path: Path) -> None:
    ended = call("compare", "--interleave", ONE, OTHER, "--out", tmp_path / "out")
    assert ended.code == 3
    assert "run a/1 did not go to its end" in ended.err
