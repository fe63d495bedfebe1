"""A moment by which a wait is over, and one up to which its end may be put off."""

import pytest

from harness.blocking.deadline import PUT_OFF, Deadline


def test_an_answer_that_is_owed_may_be_put_off_by_a_multiple():
    owed = Deadline.owed(5)
    assert owed.is_owed
    assert 4 < owed.left_s <= 5
    assert owed.latest_ns - owed.at_ns == (PUT_OFF - 1) * 5_000_000_000


@pytest.mark.parametrize(("seconds", "passed"), [(5, False), (0, True), (-1, True)])
def test_what_is_not_owed_ends_when_it_ends(seconds, passed):
    plain = Deadline.after(seconds)
    assert not plain.is_owed
    assert plain.passed is passed


def test_whichever_comes_first_counts_with_what_belongs_to_it():
    owed = Deadline.owed(5)
    assert owed.sooner(9) is owed
    assert owed.sooner(1).left_s <= 1
    assert not owed.sooner(1).is_owed
