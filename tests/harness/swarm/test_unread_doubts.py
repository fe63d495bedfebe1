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
    assert doubts.certain() == []
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
    doubts.hold(WRONG)
    doubts.arrived(received(-1))
    assert doubts.certain() == []
    doubts.arrived(received(6))
    assert doubts.certain() == [WRONG]


def test_a_missing_untokened_message_explains_too() -> None:
    doubts = UnreadDoubts()
    doubts.arrived(received(4))
    doubts.hold(WRONG)
    doubts.arrived(received(-1))
    doubts.arrived(received(7))
    assert doubts.certain() == []


def test_untokened_ones_in_a_row_may_have_changed_places() -> None:
    doubts = UnreadDoubts()
    doubts.arrived(received(4))
    doubts.arrived(received(-1))
    doubts.hold(WRONG)
    doubts.arrived(received(-1))
    doubts.arrived(received(7))
    assert (doubts.certain(), doubts.spoilt) == ([], False)
    doubts.hold(WRONG)
    doubts.arrived(received(8))
    assert doubts.certain() == [WRONG]


def test_a_row_may_be_of_two_senders() -> None:
    doubts = UnreadDoubts()
    doubts.arrived(received(-1, sender=6))
    doubts.hold(WRONG)
    doubts.arrived(received(-1, sender=5))
    doubts.arrived(received(1, sender=5))
    doubts.arrived(received(1, sender=6))
    assert doubts.certain() == []


def test_a_new_binding_lets_go_what_is_in_doubt() -> None:
    doubts = UnreadDoubts()
    doubts.hold(WRONG)
    doubts.arrived(received(-1))
    assert doubts.certain() == []
    doubts.restart()
    doubts.arrived(received(1))
    assert doubts.certain() == []


@pytest.mark.parametrize("spoil_first", [True, False])
def test_something_odd_spoils_a_binding_and_a_new_one_starts_clean(spoil_first: bool) -> None:
    doubts = UnreadDoubts()
    if spoil_first:
        doubts.spoil()
    doubts.hold(WRONG)
    if not spoil_first:
        doubts.spoil()
    doubts.arrived(received(4))
    assert doubts.certain() == []
    doubts.restart()
    doubts.hold(WRONG)
    doubts.arrived(received(5))
    assert doubts.certain() == [WRONG]


def test_senders_are_counted_apart() -> None:
    doubts = UnreadDoubts()
    for sender, seq in ((5, 0), (6, 3), (5, 1), (6, 4)):
        doubts.hold(WRONG)
        doubts.arrived(received(seq, sender))
    assert doubts.certain() == [WRONG] * 4
