"""What is owed to a side as a whole: small while nobody asks, a value each when somebody does."""

from harness.ledger.ack_rows import rows_of
from harness.ledger.observations import SendOutcome, Sent
from harness.ledger.owed import Owed, OwedMessages


def sent(seq: int, **changes: int | str) -> Sent:
    members = {"connection": 1, "conversation": 3, "sender": 3, "seq": seq, "digest": 0}
    times = {"due_ns": 10 + seq, "sent_ns": 20 + seq, "done_ns": 30 + seq}
    outcome = {"outcome": SendOutcome.ACKED, "kind": "text"}
    return Sent(**(members | times | outcome | changes))


def test_a_plain_message_comes_out_as_it_went_in() -> None:
    owed = OwedMessages(awaited=True)
    for seq in range(3):
        owed.add(Owed(sent(seq)))
    owed.add_rows(rows_of([sent(3, kind="image"), sent(4)]))
    assert len(owed) == 5
    assert owed._values == {}
    assert [each.sent for each in owed.by_number.values()] == [
        *(sent(0), sent(1), sent(2), sent(3, kind="image"), sent(4))
    ]
    assert len(owed) == 5


def test_what_is_more_than_its_sending_stays_a_value() -> None:
    owed = OwedMessages(awaited=True)
    special = [
        Owed(sent(0), opens=True),
        Owed(sent(1, digest=5, kind="title")),
        Owed(sent(2, sender=9)),
        Owed(sent(3, kind="")),
    ]
    for each in special:
        owed.add(each)
    assert list(owed.by_number.values()) == special
    assert owed.take_plain().count == 0


def test_plain_ones_are_taken_out_at_once() -> None:
    owed = OwedMessages(awaited=True)
    owed.add_rows(rows_of([sent(seq, kind=("text", "image")[seq % 2]) for seq in range(51)]))
    taken = owed.take_plain()
    assert (taken.count, taken.kinds) == (51, {"text": 26, "image": 25})
    assert [each.seq for each in taken.first] == list(range(20))
    assert len(owed) == owed.take_plain().count == 0


def test_of_what_nobody_awaits_a_few_are_kept() -> None:
    owed = OwedMessages(awaited=False)
    for seq in range(10_000):
        owed.add(Owed(sent(seq), opens=seq == 0))
    assert len(owed) == 20
    assert owed.take_plain().count == 9_999
    assert list(owed.by_number) == [0]
