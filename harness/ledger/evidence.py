"""What a receipt, or an absence, proves: the arguments of the ledger, without its counting.

Source: measurement §3, contract D10 and D12.
"""

from collections.abc import Iterable
from enum import IntEnum
from typing import NamedTuple

from harness.ledger.lanes import Connection, Conversation, Inlet
from harness.ledger.owed import Owed

NEVER_NS = 1 << 63


class Shadow(NamedTuple):
    """From ``since_ns`` to ``until_ns`` there may have been connections that nobody told of.

    They may have been bound to any conversation that nobody else was bound to all the while.
    """

    since_ns: int = NEVER_NS
    until_ns: int = 0

    def over(self, by: Connection, conversation: Conversation) -> bool:
        """Whether one of them may have had ``conversation`` before ``by`` was bound to it."""
        return by.held is not conversation or by.held_ns > self.since_ns

    def joined(self, since_ns: int, until_ns: int) -> "Shadow":
        """With another such time."""
        return Shadow(min(self.since_ns, since_ns), max(self.until_ns, until_ns))


NO_SHADOW = Shadow()


class Expectation(IntEnum):
    """What a receipt would meet, by how much its absence would prove."""

    NONE = 0
    ORPHANED = 1  # of a connection that has ended
    SIDE = 2  # kind 2
    NAMED = 3  # kind 1


def expectation(inlet: Inlet, seq: int) -> Expectation:
    """What a receipt of ``seq`` here would meet."""
    if seq in inlet.owed:
        return Expectation.NAMED
    owed = inlet.lane.owed.get(seq)
    if owed is None or inlet.connection.is_staff == inlet.lane.from_staff:
        return Expectation.NONE
    return Expectation.ORPHANED if owed.orphaned else Expectation.SIDE


def must_not_come(inlet: Inlet, seq: int, fence_ns: int) -> bool:
    """Whether message ``seq`` was refused, or had been read before it was written here."""
    lane, connection = inlet.lane, inlet.connection
    return seq in lane.refused or (
        connection.is_staff != lane.from_staff and lane.read.covered_before(seq, fence_ns)
    )


def prove(
    conversation: Conversation, by: Connection, before_ns: int, shadow: Shadow = NO_SHADOW
) -> None:
    """``by`` had to get what was acknowledged before ``before_ns``, and did not.

    What its side as a whole still has to get of it is lost, unless a connection that has ended, or
    one in the ``shadow``, may have marked it as read.
    """
    clear_ns = conversation.clouded_ns[by.is_staff]
    if shadow.over(by, conversation):
        clear_ns = max(clear_ns, shadow.until_ns)
    for owed in _owed_to(conversation, by.is_staff):
        sent = owed.sent
        if (
            sent.done_ns < before_ns
            and not owed.orphaned
            and sent.sent_ns >= clear_ns
            and by.number not in owed.proofs
        ):
            owed.proofs = (*owed.proofs, by.number)


def cloud(conversation: Conversation, by: Connection, read_ns: int) -> None:
    """``by`` has ended; until ``read_ns`` it may have marked ``conversation`` as read.

    It may have covered what was on its way to it. Only its own proof that a message never came
    stands.
    """
    side = by.is_staff
    conversation.clouded_ns[side] = max(conversation.clouded_ns[side], read_ns)
    for owed in _owed_to(conversation, side):
        if owed.sent.sent_ns < read_ns and by.number not in owed.proofs:
            owed.proofs = ()


def _owed_to(conversation: Conversation, to_staff: bool) -> Iterable[Owed]:
    return (
        owed
        for lane in conversation.lanes.values()
        if lane.from_staff != to_staff
        for owed in lane.owed.values()
    )
