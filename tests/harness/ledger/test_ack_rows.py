"""Rows say what the sends say that they stand for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.ledger.ack_rows import (
    DONE,
    NO_ROWS,
    by_time,
    decode_rows,
    encode_rows,
    moved,
    rows_of,
    sents_of,
    slowest_of,
)
from harness.ledger.observations import SendOutcome, Sent

numbers = st.integers(0, 1 << 62)


def sent(seq: int, done_ns: int, due_ns: int = 0, kind: str = "text") -> Sent:
    return Sent(1 << 32 | 5, 7, 7, seq, 0, due_ns, due_ns, done_ns, SendOutcome.ACKED, kind)


@given(st.lists(st.builds(sent, numbers, numbers, numbers, st.sampled_from(("text", "image")))))
def test_rows_travel_as_bytes_and_come_back_as_sends(sents: list[Sent]) -> None:
    assert sents_of(decode_rows(encode_rows(rows_of(sents)))) == sents


def test_no_rows_are_no_bytes() -> None:
    assert encode_rows(NO_ROWS) == b""
    assert sents_of(decode_rows(b"")) == []


def test_rows_come_in_the_order_of_their_answers() -> None:
    rows = rows_of([sent(0, 5), sent(1, 3), sent(2, 5)])
    assert [s.seq for s in sents_of(by_time(rows))] == [1, 0, 2]
    assert [s.seq for s in sents_of(by_time(rows[:1]))] == [0]


def test_all_times_are_read_on_the_other_clock() -> None:
    (there,) = sents_of(moved(rows_of([sent(0, 30, due_ns=10)]), lambda at_ns: at_ns + 100))
    assert (there.due_ns, there.sent_ns, there.done_ns, there.seq) == (110, 110, 130, 0)


@pytest.mark.parametrize("most", [0, 1, 2, 5])
def test_the_slowest_keep_their_order(most: int) -> None:
    rows = rows_of([sent(0, 5), sent(1, 9), sent(2, 7)])
    wanted = {0: [], 1: [1], 2: [1, 2], 5: [0, 1, 2]}[most]
    assert [s.seq for s in slowest_of(rows, most)] == wanted
    assert rows[:, DONE].tolist() == [5, 9, 7]
