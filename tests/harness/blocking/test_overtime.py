"""Past a deadline what has come is taken in, and only what a living peer withholds is missing."""

from types import SimpleNamespace

import pytest

from harness.blocking.deadline import Deadline
from harness.blocking.overtime import GRACE_NS, LOOK_NS, STUBBORN_NS, Overtime

MS = 1_000_000
S = 1000 * MS
PLAIN, OWED = Deadline(5 * S), Deadline(5 * S, 20 * S)


def sign(answered_ns=None, asked_ns=5 * S, refused=False):
    return SimpleNamespace(asked_ns=asked_ns, answered_ns=answered_ns, refused=refused)


def asking(of):
    """Overtime of an answer that is owed, and how often the peer was asked."""
    asked = []
    return Overtime(OWED, 5 * S, lambda: asked.append(1) or of), asked


def waited_until(overtime, now_ns=5 * S):
    """When it is over, looked at whenever it says."""
    while wait_ns := overtime.waits_ns(now_ns):
        assert 0 < wait_ns <= LOOK_NS
        now_ns += wait_ns
    return now_ns


def test_what_need_not_come_is_not_waited_for():
    overtime = Overtime(PLAIN, 5 * S, pytest.fail)
    assert overtime.waits_ns(5 * S) == 0


def test_who_looks_late_still_reads_what_lies_there_and_not_forever():
    overtime = Overtime(PLAIN, 13 * S, pytest.fail)  # this process stood still for eight seconds
    assert overtime.reads(13 * S)
    assert not overtime.reads(13 * S + STUBBORN_NS)


def test_an_answer_is_missing_soon_after_a_sign_of_life():
    overtime, asked = asking(sign(answered_ns=5 * S + 2 * MS))
    assert waited_until(overtime) == 5 * S + 2 * MS + GRACE_NS
    assert asked == [1]


def test_a_slow_sign_of_life_gives_time_in_proportion():
    overtime, _ = asking(sign(answered_ns=5 * S + 100 * MS))
    assert waited_until(overtime) == 5 * S + 100 * MS + 20 * 100 * MS


def test_without_a_sign_of_life_the_wait_is_long_and_bounded():
    overtime, asked = asking(sign())
    assert waited_until(overtime) == 20 * S
    assert asked == [1]


def test_where_nobody_is_there_nothing_is_waited_for():
    assert waited_until(asking(sign(refused=True))[0]) == 5 * S
    assert waited_until(asking(None)[0]) == 5 * S


def test_as_long_as_something_comes_the_answer_may_stand_behind_it():
    overtime, _ = asking(sign(answered_ns=5 * S + MS))
    overtime.heard(7 * S)
    assert overtime.reads(7 * S)
    assert waited_until(overtime, 7 * S) == 7 * S + GRACE_NS
    overtime.heard(20 * S - MS)
    assert waited_until(overtime, 20 * S - MS) == 20 * S
    assert not overtime.reads(20 * S)
