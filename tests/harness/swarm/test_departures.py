"""Departures: how many, how many in time, and how late by our own doing."""

from harness.swarm.departures import Departures, departure

NS = 1_000_000_000


def test_departures_are_told_once() -> None:
    departures = Departures()
    departures.note(departure(0, 5, 0))
    assert departures.take().sent_ns.tolist() == [5]
    empty = departures.take()
    assert (empty.count, len(empty.in_time_ns), empty.lags_ns.tolist()) == (0, 0, [])


def test_a_second_late_is_in_time_and_more_is_not() -> None:
    departures = Departures()
    departures.note(departure(7, 7 + NS, 0))
    departures.note(departure(7, 8 + NS, 0))
    departed = departures.take()
    assert (departed.count, departed.in_time_ns.tolist()) == (2, [7])


def test_what_was_held_back_until_after_its_due_time_is_no_lag_of_ours() -> None:
    departures = Departures()
    departures.note(departure(10, 12, 10))
    departures.note(departure(10, 15, 11))
    assert departures.take().lags_ns.tolist() == [2]
