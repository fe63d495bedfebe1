"""SIGKILL under load and a new start: every acknowledged message is there, in order, once."""

import subprocess
import sys

import pytest

from benchmarks.durability import Sender, Verdict, judge
from schemas.words import Role


def sender() -> Sender:
    return Sender("C-1", Role.CUSTOMER, sent=["a", "b", "c", "d"], acknowledged={"a", "b"})


@pytest.mark.parametrize(
    ("found", "wrong"),
    [
        ("ab", {}),
        ("abcd", {"survived": 2}),
        ("abd", {"survived": 1}),
        ("b", {"lost": 1}),
        ("aab", {"doubled": 1}),
        ("ba", {"out_of_order": 1}),
        ("abx", {"never_sent": 1}),
    ],
)
def test_the_judge_of_what_was_left_misses_nothing(found, wrong):
    assert judge(sender(), list(found)) == Verdict(looked_for=2, unknown=2, **wrong)
    assert judge(sender(), list(found)).is_clean == (set(wrong) <= {"survived"})


@pytest.mark.loopback
def test_three_kills_under_load_break_no_promise():
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks.durability", "--kills", "3"],
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "3 kills: " in run.stdout
    assert "looked_for=0" not in run.stdout
