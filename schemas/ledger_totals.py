"""The delivery ledger in numbers, as the run log carries it and the reports show it."""

import msgspec


class LedgerTotals(msgspec.Struct, frozen=True, kw_only=True):
    """One figure per word of the ledger. Source: measurement §3.

    ``sent`` = ``acked`` + ``refused`` + ``unknown`` and ``expected_deliveries`` = ``delivered`` +
    ``lost`` + ``in_flight`` hold at every moment: what has not arrived yet is ``in_flight``.
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


ANOMALY_WORDS = (
    "lost",
    "duplicated",
    "reordered",
    "misrouted",
    "unexpected",
    "corrupted",
    "unread_wrong",
)
"""The words that prove a violation when over 0. ``in_flight`` over 0 is missing evidence."""
