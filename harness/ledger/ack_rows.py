"""Customers' acknowledged messages as rows of numbers: what there is most of, without a value each.

A row says what a :class:`Sent` says that is ``acked``, carries a token, and is said by a customer
in its own conversation. Knows the columns, and nothing of what rows mean to the books.
"""

from collections.abc import Callable, Iterable
from struct import Struct

import numpy as np
import numpy.typing as npt

from harness.ledger.observations import SendOutcome, Sent
from schemas.words import MessageType

KINDS = (MessageType.TEXT.value, MessageType.IMAGE.value)
"""The message types that carry tokens; rows name them by their place."""

KIND, CONNECTION, CUSTOMER, SEQ, DUE, SENT, DONE = range(7)
COLUMNS = 7

Rows = npt.NDArray[np.int64]
"""Messages by columns, as named above. Times are ns."""

ack_row: Callable[[int, int, int, int, int, int, int], bytes] = Struct(f"{COLUMNS}q").pack
"""One row on this machine, from its columns in their order."""

NO_ROWS: Rows = np.empty((0, COLUMNS), np.int64)
_WIRE = np.dtype("<i8")


def encode_rows(rows: Rows) -> bytes:
    """The rows as bytes, the same on every machine."""
    return rows.astype(_WIRE, copy=False).tobytes()


def decode_rows(data: bytes) -> Rows:
    """What :func:`encode_rows` made."""
    return np.frombuffer(data, _WIRE).reshape(-1, COLUMNS).astype(np.int64, copy=False)


def rows_of(sents: Iterable[Sent]) -> Rows:
    """The rows that say the same."""
    return np.array(
        [
            (
                KINDS.index(sent.kind),
                sent.connection,
                sent.sender,
                sent.seq,
                sent.due_ns,
                sent.sent_ns,
                sent.done_ns,
            )
            for sent in sents
        ],
        np.int64,
    ).reshape(-1, COLUMNS)


def sents_of(rows: Rows) -> list[Sent]:
    """The same as values."""
    acked = SendOutcome.ACKED
    return [
        Sent(connection, customer, customer, seq, 0, due, sent, done, acked, KINDS[kind])
        for kind, connection, customer, seq, due, sent, done in rows.tolist()
    ]


def by_time(rows: Rows) -> Rows:
    """In the order of their answers."""
    done = rows[:, DONE]
    return rows if (done[1:] >= done[:-1]).all() else rows[np.argsort(done, kind="stable")]


def moved(rows: Rows, read: Callable[[int], int]) -> Rows:
    """With every time read on another clock."""
    there = rows.copy()
    for column in (DUE, SENT, DONE):
        there[:, column] = [read(at_ns) for at_ns in rows[:, column].tolist()]
    return there


def slowest_of(rows: Rows, most: int) -> list[Sent]:
    """The ``most`` that took longest from when they were due, in the order of ``rows``."""
    if len(rows) > most:
        took = rows[:, DONE] - rows[:, DUE]
        rows = rows[np.sort(np.argsort(-took, kind="stable")[:most])]
    return sents_of(rows)
