"""Whether a case may open one more connection."""

import pytest

from harness.conformance.room import Room
from harness.conformance.stops import NotApplicable
from harness.target.decisions import Limits


class FakeStream:
    is_open = True


def room(*, freed=lambda: False, **limits):
    return Room(Limits(**limits), freed)


def test_without_limits_there_is_room_for_any_number():
    unlimited = room()
    for _ in range(100):
        unlimited.require("C1")
        unlimited.hold("C1", FakeStream())


def test_the_number_needed_is_told():
    small = room(max_connections=2)
    for sn in ("C1", "C2"):
        small.require(sn)
        small.hold(sn, FakeStream())
    with pytest.raises(NotApplicable, match=r"needs 3 connections at once.*max_connections is 2"):
        small.require("C3")


def test_one_account_may_not_hold_more_than_its_share():
    small = room(max_connections_per_account=1)
    small.hold("C1", FakeStream())
    small.require("C2")
    small.require("")
    with pytest.raises(NotApplicable, match="needs 2 connections of one account"):
        small.require("C1")


def test_what_was_closed_takes_no_room():
    small, stream = room(max_connections=1, max_connections_per_account=1), FakeStream()
    small.hold("C1", stream)
    stream.is_open = False
    small.require("C1")


def test_somebody_may_give_way():
    bystander = FakeStream()

    def leave():
        bystander.is_open = False
        return True

    small = room(max_connections=1, freed=leave)
    small.hold("C9", bystander)
    small.require("C1")
