"""A wrong count is told only when nothing else explains it."""

import pytest

from harness.ledger.observations import Received
from harness.swarm.unread_doubts import UnreadDoubts
from schemas.findings import Finding
from schemas.verdicts import Level

WRONG = Finding("unread-count", Level.SHOULD, "at least 2", "1")


def received(seq: int, sender: int = 5) -> Received:
    return Received(1, 0, sender, seq, 0 if seq >= 0 else 99, -1, 0)


def test_a_wrong_count_amid_whole_deliveries_is_told() -> None:
    doubts = UnreadDoubts()
    doubts.arrived(received(4))
    doubts.hold(WRONG)
    doubts.arrived(received(5))
    assert doubts.certain() == [WRONG]
    assert doubts.certain() == []


def test_a_gap_explains_a_wrong_count() -> None:
    doubts = UnreadDoubts()
    doubts.arrived(received(4))
    doubts.hold(WRONG)
    doubts.arrived(received(6))
    assert doubts.certain() == []
    assert doubts.spoilt


def test_an_untokened_message_leaves_a_doubt_until_the_next_token() -> None:
    doubts = UnreadDoubts()
    doubts.arrived(received(4))
    doubts.arrived(received(-1))
    doubts.hold(WRONG)
    assert doubts.certain() == []
    doubts.arrived(received(6))
    assert doubts.certain() == [WRONG]


def test_a_missing_untokened_message_explains_too() -> None:
    doubts = UnreadDoubts()
    doubts.arrived(received(4))
    doubts.arrived(received(-1))
    doubts.hold(WRONG)
    doubts.arrived(received(7))
    assert doubts.certain() == []


def test_at_the_end_what_is_still_in_doubt_is_told() -> None:
    doubts = UnreadDoubts()
    doubts.arrived(received(-1))
    doubts.hold(WRONG)
    assert doubts.certain(at_end=True) == [WRONG]


@pytest.mark.parametrize("spoil_first", [True, False])
def test_something_odd_spoils_a_binding_and_a_new_one_starts_clean(spoil_first: bool) -> None:
    doubts = UnreadDoubts()
    if spoil_first:
        doubts.spoil()
    doubts.hold(WRONG)
    if not spoil_first:
        doubts.spoil()
    assert doubts.certain(at_end=True) == []
    doubts.restart()
    doubts.hold(WRONG)
    assert doubts.certain() == [WRONG]


def test_senders_are_counted_apart() -> None:
    doubts = UnreadDoubts()
    for sender, seq in ((5, 0), (6, 3), (5, 1), (6, 4)):
        doubts.arrived(received(seq, sender))
    doubts.hold(WRONG)
    assert doubts.certain() == [WRONG]
