"""What waits for the next report: counted, numbered, bounded."""

from harness.errors import Unavailability
from harness.ledger.ack_rows import DONE, ack_row, decode_rows
from harness.ledger.observations import CloseCause, Closed
from harness.swarm.acks import Acks
from harness.swarm.link import Closing, DialFailed
from harness.swarm.outbox import (
    EXAMPLES_PER_WORD,
    MAX_FAULTS,
    MAX_KEYS,
    PACK_AT,
    ROWS_AT_ONCE,
    Outbox,
)
from harness.swarm.reports import decode_increment
from schemas.findings import Finding
from schemas.verdicts import Level


def outbox() -> Outbox:
    return Outbox(7, iter(range(1_000_000)).__next__)


def finding(clause: str) -> Finding:
    return Finding(clause, Level.MUST, "one thing", "another")


def test_increments_are_numbered_without_gaps_and_carry_everything_once() -> None:
    box = outbox()
    for number in range(2 * PACK_AT + 3):
        box.observe(Closed(number, number, CloseCause.OURS))
    box.pending = 4
    first = [decode_increment(data) for data in box.take_increments()]
    second = [decode_increment(data) for data in box.take_increments()]
    assert [i.number for i in first + second] == [0, 1, 2, 3]
    assert [len(i.observations) for i in first] == [PACK_AT, PACK_AT, 3]
    assert second[0].observations == ()
    assert {i.worker for i in first} == {7}
    assert first[-1].pending == 4
    assert [i.until_ns for i in first + second] == sorted(i.until_ns for i in first + second)


def test_ledger_words_travel_with_the_increments_and_a_few_examples_apart() -> None:
    box = outbox()
    for number in range(EXAMPLES_PER_WORD + 3):
        box.judged("duplicated", f"number {number}", number, "{}")
    (increment,) = [decode_increment(data) for data in box.take_increments()]
    assert increment.counts == {"duplicated": EXAMPLES_PER_WORD + 3}
    assert len(box.take_sightings()) == EXAMPLES_PER_WORD
    assert box.take_sightings() == ()


def test_equal_breaches_are_counted_and_different_ones_bounded() -> None:
    box = outbox()
    box.broken(finding("a"))
    box.broken(finding("a"))
    assert [(b.finding.clause, b.count) for b in box.take_breaches()] == [("a", 2)]
    assert box.take_breaches() == ()
    for number in range(MAX_KEYS + 10):
        box.broken(finding(f"clause {number}"))
    assert len(box.take_breaches()) == MAX_KEYS - 1
    assert box.take_counts()["breaches_dropped"] == 11


def test_evidence_is_kept_without_secrets() -> None:
    box = Outbox(7, iter(range(10)).__next__, lambda shown: shown.replace("SECRET", "***"))
    box.judged("duplicated", "from SECRET", 1, '{"Error":"SECRET"}', (1, 2, 3))
    (sighting,) = box.take_sightings()
    assert (sighting.detail, sighting.frames) == ("from ***", ('{"Error":"***"}',))
    assert sighting.about == (1, 2, 3)
    box.broken(Finding("a", Level.MUST, "one", "SECRET", "", "a SECRET frame"))
    (breach,) = box.take_breaches()
    assert (breach.finding.actual, breach.finding.frame) == ("***", "a *** frame")


def test_refusals_are_counted_by_cause() -> None:
    box = outbox()
    for _ in range(3):
        box.refused(DialFailed(Unavailability.REFUSED, "nobody there"))
    (refusal,) = box.take_refusals()
    assert (refusal.cause, refusal.detail, refusal.count) == ("refused", "nobody there", 3)


def test_connections_are_counted_with_their_close_codes() -> None:
    box = outbox()
    box.connection("asked")
    box.connection("asked")
    box.closed(Closing(by_server=True, code=1001))
    box.closed(Closing(by_server=True))
    counts = box.take_connections()
    assert (counts.asked, counts.opened) == (2, 0)
    assert counts.close_codes == {"1001": 1, "": 1}


def test_faults_keep_their_traceback_and_are_bounded() -> None:
    box = outbox()
    for number in range(MAX_FAULTS + 5):
        try:
            raise ZeroDivisionError(f"number {number}")
        except ZeroDivisionError as error:
            box.fault(f"place {number}", error)
    faults = box.take_faults()
    assert len(faults) == MAX_FAULTS
    assert "test_outbox.py" in faults[0].traceback
    assert faults[0].message == "ZeroDivisionError: number 0"
    assert box.take_counts()["faults"] == MAX_FAULTS + 5


def test_many_acknowledged_messages_travel_in_pieces_in_the_order_of_time() -> None:
    acks = Acks()
    box = Outbox(7, lambda: 10**9, acks=acks)
    number = 2 * ROWS_AT_ONCE + 5
    for seq in range(number):
        acks.note(ack_row(0, 1, 2, seq, 0, 0, number - seq))
    pieces = [decode_increment(data) for data in box.take_increments()]
    rows = [decode_rows(piece.acked) for piece in pieces]
    assert [len(each) for each in rows] == [ROWS_AT_ONCE, ROWS_AT_ONCE, 5]
    done = [at_ns for each in rows for at_ns in each[:, DONE].tolist()]
    assert done == list(range(1, number + 1))
    assert [p.until_ns for p in pieces] == [ROWS_AT_ONCE, 2 * ROWS_AT_ONCE, 10**9]
