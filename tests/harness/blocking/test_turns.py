"""Waiting for one's turn."""

import time

from harness.blocking.turns import Turns
from harness.pace import WINDOW_S, Pace


def test_a_turn_waits_for_the_slowest_pace_and_is_told_before():
    told = []
    turn = Turns(Pace(0), Pace(1), before=lambda: told.append(time.monotonic()))
    started = time.monotonic()
    turn()
    assert time.monotonic() - started < 1
    turn()
    assert time.monotonic() - started >= WINDOW_S
    assert len(told) == 2
