"""Load plans: what can be asked for, and what cannot, in one sentence."""

from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.populations.habits import CustomerHabits, Span, StaffHabits
from harness.swarm.plan import encode_plan, read_plan, run_mark
from tests.harness.swarm.simulation import plan_for


def test_a_plan_survives_its_file(tmp_path: Path) -> None:
    plan = plan_for(service=StaffHabits(reply=Span(0.1)), warm_up_s=0.5)
    file = tmp_path / "plan.json"
    file.write_bytes(encode_plan(plan))
    assert read_plan(file) == plan


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"customers": 0}, "needs customers"),
        ({"staff": -1}, "negative"),
        ({"rate": 0.0}, "sends nothing"),
        ({"rate": float("nan")}, "sends nothing"),
        ({"rate": float("inf")}, "cannot be made; ask for 1000000 at most"),
        ({"rate": 1e12}, "cannot be made"),
        ({"duration_s": 0.0}, "duration"),
        ({"warm_up_s": 2.0}, "leaves nothing"),
        ({"workers": 0}, "worker"),
        ({"run": "ABC123"}, "mark"),
        ({"customer": CustomerHabits(text=0.0)}, "texts"),
        ({"customer": CustomerHabits(title=-1.0)}, "weights"),
        ({"customer": CustomerHabits(read_share=1.5)}, "between 0 and 1"),
        ({"service": StaffHabits(patience_s=-1.0)}, "negative"),
    ],
)
def test_an_impossible_plan_says_what_is_wrong(changes, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        plan_for(**changes)


@pytest.mark.parametrize("content", [b"", b"[]", b'{"rate": 1}', b"\xff"])
def test_a_file_that_is_no_plan_is_refused_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "plan.json"
    file.write_bytes(content)
    with pytest.raises(UsageError, match="no load plan"):
        read_plan(file)


def test_an_impossible_plan_in_a_file_keeps_its_sentence(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_bytes(encode_plan(plan_for()).replace(b'"customers":2', b'"customers":0'))
    with pytest.raises(UsageError, match="needs customers"):
        read_plan(file)


def test_a_missing_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot read"):
        read_plan(tmp_path / "none.json")


def test_run_marks_are_six_characters_and_differ() -> None:
    marks = {run_mark(number) for number in range(2_000)}
    assert len(marks) == 2_000
    assert all(len(mark) == 6 for mark in marks)
