"""The delivery ledger's totals: how many messages met which fate. Words of measurement §3."""

import msgspec


class LedgerTotals(msgspec.Struct, frozen=True):
    """Counts of messages, deliveries and anomalies of one load run.

    ``sent`` = ``acked`` + ``refused`` + ``unknown``, and ``expected_deliveries`` = ``delivered`` +
    ``lost`` + ``in_flight``, always.
    """

    sent: int = 0
    acked: int = 0
    refused: int = 0
    unknown: int = 0
    expected_deliveries: int = 0
    delivered: int = 0
    lost: int = 0
    in_flight: int = 0
    redelivered: int = 0
    duplicated: int = 0
    reordered: int = 0
    misrouted: int = 0
    unexpected: int = 0
    recovered: int = 0
    corrupted: int = 0
    foreign: int = 0
    unread_wrong: int = 0


PROVEN = ("lost", "duplicated", "reordered", "misrouted", "unexpected", "corrupted", "unread_wrong")
"""The words that are violations when they are not 0."""
