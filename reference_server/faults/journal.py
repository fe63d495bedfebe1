"""Writes the journal of a faulty server. Knows the file and the clock; knows no fault."""

import atexit
from collections.abc import Callable
from typing import BinaryIO

from reference_server.outgoing import OutMsg
from schemas.fault_journal import EXCERPT_CHARS, JournalRecord, Saying, encode

FLUSH_NS = 500_000_000


class Journal:
    """Appends records to a file that ``opened`` opens for the first; ``now_ns`` is the clock.

    What is written reaches the disk within half a second of further records, and at the end.
    """

    def __init__(self, opened: Callable[[], BinaryIO], now_ns: Callable[[], int]) -> None:
        self._opened = opened
        self._file: BinaryIO | None = None
        self._flushed_ns = 0
        self.now_ns = now_ns

    def write(self, record: JournalRecord) -> None:
        """One more line."""
        if self._file is None:
            self._file = self._opened()
            atexit.register(self._file.close)
        self._file.write(encode(record) + b"\n")
        if record.at_ns - self._flushed_ns > FLUSH_NS:
            self._file.flush()
            self._flushed_ns = record.at_ns


def saying_of(msg: OutMsg) -> Saying:
    """How the journal names a message."""
    return Saying(
        type=msg.type,
        content=msg.content[:EXCERPT_CHARS],
        sender=msg.send_sn,
        titletype=msg.titletype or "",
        read=msg.read,
    )
