"""Customers' acknowledged messages of one worker, noted in a row: told to the ledger, and timed.

Both look at many at a time. Knows rows alone (:mod:`harness.ledger.ack_rows`).
"""

from array import array
from collections.abc import Callable

import numpy as np

from harness.ledger.ack_rows import COLUMNS, NO_ROWS, Rows


class Acks:
    """Collects for two, each of which takes everything once."""

    __slots__ = ("_noted", "_to_measure", "_to_tell", "note")

    def __init__(self) -> None:
        self._noted = array("q")
        self._to_tell: list[Rows] = []
        self._to_measure: list[Rows] = []
        self.note: Callable[[bytes], None] = self._noted.frombytes
        """A message was acknowledged: called with its ``ack_row``. Nothing stands between, for
        this is told of nearly every message.
        """

    def to_tell(self) -> Rows:
        """Those since the last call, for the ledger."""
        self._cut()
        rows, self._to_tell = self._to_tell, []
        return _joined(rows)

    def to_measure(self) -> Rows:
        """Those since the last call, for the meter."""
        self._cut()
        rows, self._to_measure = self._to_measure, []
        return _joined(rows)

    def _cut(self) -> None:
        if self._noted:
            rows = np.frombuffer(self._noted[:], np.int64).reshape(-1, COLUMNS)
            del self._noted[:]
            self._to_tell.append(rows)
            self._to_measure.append(rows)


def _joined(rows: list[Rows]) -> Rows:
    return np.concatenate(rows) if rows else NO_ROWS
