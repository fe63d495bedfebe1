"""A model of ``NoReadQty`` for one conversation, and random play to hold a server against it.

Pure: the contract's count of both sides (decisions D10, D11), and seeded moves. It assumes what
whoever plays must see to: that each move has been handled before the next is made, and that every
message so far has been sent to the side that reads.
"""

from collections.abc import Iterator
from enum import StrEnum
from random import Random

import msgspec

from schemas.modes import ReadReceipt
from schemas.words import Role

_BY_FLAG = (ReadReceipt.EMPTY_CONTENT, ReadReceipt.FLAG, ReadReceipt.DELIVERED)
_BY_RECEIPT = (ReadReceipt.EMPTY_CONTENT, ReadReceipt.DELIVERED)


class Turn(StrEnum):
    """What a side does: say something, with ``read`` false or true, or send a pure receipt."""

    SAY = "say"
    SAY_READ = "say with read"
    RECEIPT = "receipt"


class Move(msgspec.Struct, frozen=True):
    """One turn of one side."""

    side: Role
    turn: Turn

    def __str__(self) -> str:
        return f"{self.side} {self.turn}"


class UnreadCounts:
    """How much each side has not read, in a target whose ``read`` works as ``mode`` says."""

    def __init__(self, mode: ReadReceipt, **unread: int) -> None:
        self._mode = mode
        self._unread = {role: unread.get(role, 0) for role in Role}

    def of(self, side: Role) -> int:
        """How many messages ``side`` has not read."""
        return self._unread[side]

    def made(self, move: Move) -> int | None:
        """What the other side is told with this move; None where it is sent nothing."""
        marks = {Turn.SAY: (), Turn.SAY_READ: _BY_FLAG, Turn.RECEIPT: _BY_RECEIPT}[move.turn]
        if self._mode in marks:
            self._unread[move.side] = 0
        if move.turn is Turn.RECEIPT:
            return None
        self._unread[move.side.other] += 1
        return self._unread[move.side.other]


def moves(seed: int, length: int, mode: ReadReceipt) -> Iterator[Move]:
    """``length`` moves out of ``seed``, with receipts where ``mode`` knows them."""
    random = Random(seed)  # noqa: S311 - repeatable on purpose
    turns = [turn for turn in Turn if turn is not Turn.RECEIPT or mode in _BY_RECEIPT]
    weights = [4, 2, 2][: len(turns)]
    for _ in range(length):
        yield Move(random.choice(list(Role)), random.choices(turns, weights)[0])
