"""Which reading of the page this server speaks: one frozen value, one field per open decision.

Holds the decisions' values and nothing that acts on them.
"""

from enum import StrEnum

import msgspec


class Ack(StrEnum):
    """What answers a client message (D21)."""

    ECHO = "echo"
    BARE = "bare"
    NONE = "none"


class ReplayCount(StrEnum):
    """What ``NoReadQty`` counts while messages are replayed or offered (D11)."""

    TOTAL = "total"
    RUNNING = "running"


class Dialect(msgspec.Struct, frozen=True):
    """The decisions a running server has taken. The defaults are the contract's own."""

    ack: Ack = Ack.ECHO
    replay_count: ReplayCount = ReplayCount.TOTAL
    multi_device: bool = True
