"""Which messages' frames a worker tells, and how."""

from typing import Any

from harness.events import Pending
from harness.ledger.observations import SendOutcome
from harness.swarm.exchanges import AT_A_TIME, FRAME_CHARS, RECENT, Exchanges
from harness.swarm.longest import MOST
from harness.swarm.spoken import Spoken
from schemas.messages import encode, text

ACKED = SendOutcome.ACKED
ANSWER = b'{"MsgStatus":"Send"}'


def said(seq: int, *, sender: int = 3, due_ns: int = 50, content: str = "hello") -> Any:
    message = text(f"{content} {seq}")
    return sender, Pending(message, due_ns, Spoken(sender, seq, 0, due_ns)), ANSWER


def exchanges() -> Exchanges:
    kept = Exchanges(lambda sender: sender != 9)
    kept.start(0)
    return kept


def answered(kept: Exchanges, said: Any, took_ns: int, outcome: SendOutcome = ACKED) -> None:
    """As a connection does it: the floor is looked at first."""
    if took_ns > kept.floor_ns:
        kept.note(said, said[1].tag.due_ns + took_ns, outcome)


def test_the_slowest_are_told_once_as_they_were_sent_and_answered() -> None:
    kept = exchanges()
    answered(kept, said(1), 700)
    (told,) = kept.take()
    assert told.key == (3, 3, 1)
    assert (told.sent, told.answer) == (encode(text("hello 1")).decode(), ANSWER.decode())
    assert kept.take() == ()


def test_what_is_no_longer_among_the_slowest_is_not_told() -> None:
    kept = exchanges()
    for seq in range(3 * MOST):
        answered(kept, said(seq), 100 + seq)
    assert [told.seq for told in kept.take()] == list(range(3 * MOST - 1, 2 * MOST - 1, -1))


def test_what_says_nothing_of_the_target_is_none_of_the_slowest() -> None:
    kept = exchanges()
    kept.start(measured_ns=60)
    answered(kept, said(1, due_ns=59), 700)
    answered(kept, said(2, due_ns=60, sender=9), 700)
    answered(kept, said(-1, due_ns=60), 700)
    assert kept.take() == ()


def test_what_was_not_accepted_is_none_of_the_slowest() -> None:
    kept = exchanges()
    for outcome in (SendOutcome.REFUSED, SendOutcome.UNKNOWN):
        answered(kept, said(1), 700, outcome)
    assert kept.take() == ()


def test_before_the_start_nothing_is_slow() -> None:
    kept = Exchanges(bool)
    answered(kept, said(1), 10**15)
    assert kept.take() == ()


def test_what_was_asked_for_is_told_as_long_as_it_is_remembered() -> None:
    kept = Exchanges(bool)
    for seq in range(RECENT + 1):
        answered(kept, said(seq), 5)
        if seq % AT_A_TIME == 0:
            kept.take()
    kept.look_up([(3, 3, 0), (3, 3, 1), (4, 3, 2), (3, 3, RECENT)])
    assert [told.seq for told in kept.take()] == [1, RECENT]
    assert kept.take() == ()


def test_where_much_is_said_the_first_of_a_report_are_remembered_and_the_slowest_told() -> None:
    kept = exchanges()
    for seq in range(AT_A_TIME):
        answered(kept, said(seq), 100)
    assert kept.floor_ns == 100  # so that nothing else costs more than looking at it
    answered(kept, said(AT_A_TIME), 100)
    answered(kept, said(AT_A_TIME + 1), 101)
    assert kept.take()[0].seq == AT_A_TIME + 1
    kept.look_up([(3, 3, AT_A_TIME - 1), (3, 3, AT_A_TIME), (3, 3, AT_A_TIME + 1)])
    answered(kept, said(AT_A_TIME + 2), 5)
    kept.look_up([(3, 3, AT_A_TIME + 2)])
    assert [told.seq for told in kept.take()] == [AT_A_TIME - 1, AT_A_TIME + 2]


def test_receipts_are_not_remembered() -> None:
    kept = exchanges()
    answered(kept, said(-1), 700)
    kept.look_up([(3, 3, -1)])
    assert kept.take() == ()


def test_frames_are_cut_and_hold_no_secret_not_even_at_the_cut() -> None:
    kept = Exchanges(bool, lambda shown: shown.replace("SECRET", "***"))
    for start in (0, FRAME_CHARS - 30, FRAME_CHARS - 9):
        answered(kept, said(1, content="x" * start + "SECRET" * 300), 5)
    kept.look_up([(3, 3, 1)])
    found = kept.take()
    assert len(found) == 3
    for told in found:
        assert len(told.sent) <= FRAME_CHARS + 1
        assert "SECR" not in told.sent


def test_of_a_very_long_answer_only_what_may_be_shown_is_kept() -> None:
    kept = exchanges()
    sender, entry, _ = said(1)
    answered(kept, (sender, entry, b"x" * 1_000_000), 700)
    assert sum(len(each[2]) for each in (*kept._recent, *kept._slowest.found())) < 20_000
    (told,) = kept.take()
    assert told.answer == "x" * FRAME_CHARS + "…"
