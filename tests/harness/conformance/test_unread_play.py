"""The model of unread counts: what it says of moves, mode by mode, and that play is repeatable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.conformance.unread_play import Move, Turn, UnreadCounts, moves
from schemas.modes import ReadReceipt
from schemas.words import Role

C, S = Role.CUSTOMER, Role.STAFF
MODES = st.sampled_from(ReadReceipt)
PLAYS = st.lists(st.builds(Move, st.sampled_from(Role), st.sampled_from(Turn)), max_size=40)


def told(mode, *steps):
    counts = UnreadCounts(mode)
    return [counts.made(Move(side, turn)) for side, turn in steps]


def test_the_other_side_is_told_one_more_each_time():
    assert told(ReadReceipt.NONE, (C, Turn.SAY), (C, Turn.SAY), (S, Turn.SAY)) == [1, 2, 1]


@pytest.mark.parametrize(
    ("mode", "turn", "after"),
    [
        (ReadReceipt.EMPTY_CONTENT, Turn.SAY_READ, 1),
        (ReadReceipt.EMPTY_CONTENT, Turn.RECEIPT, 1),
        (ReadReceipt.EMPTY_CONTENT, Turn.SAY, 2),
        (ReadReceipt.FLAG, Turn.SAY_READ, 1),
        (ReadReceipt.DELIVERED, Turn.RECEIPT, 1),
        (ReadReceipt.NONE, Turn.SAY_READ, 2),
    ],
)
def test_reading_marks_as_the_mode_says(mode, turn, after):
    assert told(mode, (C, Turn.SAY), (S, turn), (C, Turn.SAY))[-1] == after


def test_a_receipt_tells_nobody_anything():
    assert told(ReadReceipt.EMPTY_CONTENT, (C, Turn.RECEIPT)) == [None]


def test_counting_can_begin_with_something_unread():
    counts = UnreadCounts(ReadReceipt.NONE, customer=2)
    assert counts.of(C) == 2
    assert counts.made(Move(S, Turn.SAY)) == 3


@given(MODES, PLAYS)
def test_a_count_is_what_the_other_side_said_since_it_was_read(mode, play):
    counts = UnreadCounts(mode)
    reading = {Turn.SAY: False, Turn.SAY_READ: mode is not ReadReceipt.NONE}
    reading[Turn.RECEIPT] = mode in (ReadReceipt.EMPTY_CONTENT, ReadReceipt.DELIVERED)
    for number, move in enumerate(play, 1):
        counts.made(move)
        done = play[:number]
        for side in Role:
            reads = [at for at, one in enumerate(done) if one.side is side and reading[one.turn]]
            since = done[reads[-1] + 1 :] if reads else done
            said = [m for m in since if m.side is not side and m.turn is not Turn.RECEIPT]
            assert counts.of(side) == len(said)


@given(st.integers(), MODES)
def test_play_is_repeatable_and_keeps_to_the_mode(seed, mode):
    play = list(moves(seed, 50, mode))
    assert play == list(moves(seed, 50, mode))
    assert len(play) == 50
    if mode in (ReadReceipt.FLAG, ReadReceipt.NONE):
        assert Turn.RECEIPT not in {move.turn for move in play}
