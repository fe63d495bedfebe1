"""Acknowledged messages of one customer in a row, told to the books all at once.

What one conversation's own messages change is its own and sums of the run, so that conversations
may be taken one after the other. Means for each message what the join means; where it might be more
than the commonest, nothing is done here. Knows no report and no time but the rows'.
"""

import numpy as np

from harness.ledger.ack_rows import CONNECTION, CUSTOMER, SENT, SEQ, Rows, sents_of
from harness.ledger.lanes import Connection, Conversation
from harness.ledger.observations import Sent
from harness.ledger.tally import Tally

_FEW = 8  # messages that cost less one by one


def by_customer(rows: Rows) -> tuple[list[Sent], list[Rows]]:
    """Messages of customers who said few, and the rows of each who said many."""
    ordered = rows[np.argsort(rows[:, CUSTOMER], kind="stable")]
    edges = np.flatnonzero(np.diff(ordered[:, CUSTOMER])) + 1
    parts = np.split(ordered, edges)
    lengths = np.array([len(part) for part in parts])
    few = sents_of(ordered[np.repeat(lengths < _FEW, lengths)])
    # Copies: what is owed for long must not keep what others said.
    return few, [part.copy() for part in parts if len(part) >= _FEW]


def owe(conversation: Conversation, connection: Connection, rows: Rows, tally: Tally) -> bool:
    """The customer said ``rows`` on ``connection``, and nobody is there to hear: staff is owed it.

    False where that is not all, and nothing was done.
    """
    lane, seqs = conversation.lane(conversation.number), rows[:, SEQ]
    first, last = (int(seqs[0]), int(seqs[-1])) if len(rows) else (0, -1)
    if (
        first > last
        or conversation.opening
        or conversation.owing[False]
        or conversation.entitled.keys() != {connection}
        or lane.early
        or first <= lane.sent.highest
        or not (np.diff(seqs) == 1).all()
        or not (rows[:, CONNECTION] == connection.number).all()
    ):
        return False
    number = len(rows)
    lane.sent.add_range(first, last)
    lane.messages_owed.add_rows(rows)
    conversation.owing[True] += number
    connection.fence_ns = max(connection.fence_ns, int(rows[:, SENT].max()))
    tally.sent += number
    tally.acked += number
    tally.expected_deliveries += number
    tally.outstanding += number
    return True
