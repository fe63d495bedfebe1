"""When scheduled messages left, noted in a row and looked at many at a time.

Knows times alone: when each was due, when it left, and since when nothing but us held it back.
"""

from array import array
from collections.abc import Callable
from struct import Struct

import numpy as np
import numpy.typing as npt

_IN_TIME_NS = 1_000_000_000

Times = npt.NDArray[np.int64]

departure: Callable[[int, int, int], bytes] = Struct("3q").pack
"""Of a message: its due time, when it left, and since when nothing but us held it back."""


class Departures:
    """Collects until it is emptied by :meth:`take`. Times are ns of the host's clock."""

    __slots__ = ("_noted", "note")

    def __init__(self) -> None:
        self._noted = array("q")
        self.note: Callable[[bytes], None] = self._noted.frombytes
        """A message left: called with its :func:`departure`. Nothing stands between, for this is
        told of every message.
        """

    def take(self) -> "Departed":
        """Those since the last call."""
        rows = np.frombuffer(self._noted[:], np.int64).reshape(-1, 3)
        del self._noted[:]
        return Departed(rows)


class Departed:
    """Some messages that have left."""

    def __init__(self, rows: Times) -> None:
        self._due, self.sent_ns, self._ready = rows.T

    @property
    def count(self) -> int:
        """How many they are."""
        return len(self.sent_ns)

    @property
    def in_time_ns(self) -> Times:
        """The due times of those that left within a second of them (measurement §1)."""
        due: Times = self._due[self.sent_ns - self._due <= _IN_TIME_NS]
        return due

    @property
    def lags_ns(self) -> Times:
        """How late those left that nothing but us held back."""
        lags: Times = self.sent_ns - self._due
        ours: npt.NDArray[np.bool_] = self._ready <= self._due
        return lags[ours]
