"""Steps at one instant: all of them run, in order of their results, and a failure is told."""

from threading import Barrier

import pytest

from harness.conformance.crowd import at_once


def test_all_steps_are_under_way_together():
    meeting = Barrier(4, timeout=5)
    assert len(at_once([meeting.wait] * 4)) == 4


def test_results_come_in_the_order_of_the_steps():
    assert at_once([lambda: "first", lambda: "second"]) == ["first", "second"]


def test_what_a_step_raises_is_raised():
    def fails():
        raise ConnectionError("gone")

    with pytest.raises(ConnectionError, match="gone"):
        at_once([lambda: None, fails])
