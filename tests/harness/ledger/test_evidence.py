"""What proves a loss or an unexpected replay, and what does not."""

from harness.ledger.digests import digest_of
from harness.ledger.observations import (
    Read,
    SendOutcome,
)
from schemas.words import Role

C1, S1, S2 = 0, 10, 11
TITLE = digest_of("title", "pro", "P-1001")
CONFIRM = digest_of("staff", "confirm", "C1")
REFUSED = SendOutcome.REFUSED


def acked(sent: int, expected: int, **others: int) -> dict[str, int]:
    base = {"sent": sent, "acked": sent, "expected_deliveries": expected}
    return {name: figure for name, figure in (base | others).items() if figure}


# Lost and in flight


def test_overtaken_and_never_seen_is_lost(history):
    customer, staff = history.served()
    history.send(customer, C1)
    history.get(staff, C1, history.send(customer, C1))
    history.close(staff)
    assert history.drain() == acked(2, 2, delivered=1, lost=1)


def test_loss_is_not_reduced_by_a_redelivery_elsewhere(history):
    customer, staff = history.served()
    missing = history.send(customer, C1)
    history.get(staff, C1, history.send(customer, C1))
    history.close(staff)
    history.get(history.open(S2), C1, missing)
    assert history.drain() == acked(2, 2, delivered=1, lost=1, redelivered=1)


def test_connection_open_through_the_drain_proves_the_loss(history):
    customer, _staff = history.served()
    history.send(customer, C1)
    assert history.drain() == acked(1, 1, lost=1)


def test_drain_cut_short_proves_nothing(history):
    customer, _staff = history.served()
    history.send(customer, C1)
    assert history.drain(complete=False) == acked(1, 1, in_flight=1)


def test_connection_gone_without_proof_is_in_flight(history):
    customer, staff = history.served()
    history.send(customer, C1)
    history.close(staff)
    assert history.drain() == acked(1, 1, in_flight=1)


def test_what_a_gone_connection_missed_may_come_to_the_next(history):
    customer, staff = history.served()
    seq = history.send(staff, S1)
    history.close(customer)
    history.get(history.open(C1), S1, seq)
    assert history.drain() == acked(1, 1, delivered=1)


def test_what_a_gone_connection_missed_may_have_come_to_the_next_already(history):
    customer, staff = history.served()
    seq = history.send(staff, S1)
    history.get(history.open(C1), S1, seq)
    history.close(customer)  # we learned late that it was dead
    assert history.drain() == acked(1, 1, delivered=1, redelivered=1)


def test_two_devices_gone_and_the_message_comes_to_a_third(history):
    customer, staff = history.served()
    device = history.open(C1)
    seq = history.send(staff, S1)
    history.close(customer)
    history.close(device)
    history.report()
    assert history.books.owing(Role.CUSTOMER) == {C1}
    history.get(history.open(C1), S1, seq)
    assert history.drain() == acked(1, 2, delivered=2)


def test_own_device_that_left_leaves_nothing_owed_to_the_other_side(history):
    customer, staff = history.served()
    device = history.open(C1)
    history.get(staff, C1, history.send(customer, C1))
    history.close(device)
    history.report()
    assert history.books.owing() == set()
    assert history.drain() == acked(1, 2, delivered=1, in_flight=1)


# Read


def test_replay_of_what_was_read_is_unexpected(history):
    customer, staff = history.served()
    seq = history.send(customer, C1)
    history.get(staff, C1, seq)
    history.read(staff)
    history.unbind(staff)
    history.get(history.open(S2), C1, seq)
    assert history.drain() == acked(1, 1, delivered=1, unexpected=1)


def test_replay_of_what_came_after_the_read_was_sent_is_none(history):
    customer, staff = history.served()
    seq = history.send(customer, C1)
    read_ns = history.now()
    history.get(staff, C1, seq)
    history.see(Read(staff, C1, read_ns, history.now()))
    history.unbind(staff)
    history.get(history.open(S2), C1, seq)
    assert history.drain() == acked(1, 1, delivered=1, redelivered=1)


def test_replay_to_a_connection_from_before_the_read_is_no_proof(history):
    customer, staff = history.served()
    idle = history.open(S2)
    seq = history.send(customer, C1)
    history.get(staff, C1, seq)
    history.read(staff)
    history.get(idle, C1, seq)  # may have been on its way
    assert history.drain() == acked(1, 1, delivered=1, redelivered=1)


def test_answer_on_the_connection_shows_that_the_replay_came_later(history):
    customer, staff = history.served()
    idle = history.open(S2)
    seq = history.send(customer, C1)
    history.get(staff, C1, seq)
    history.read(staff)
    history.send(idle, S2, REFUSED, CONFIRM)
    history.get(idle, C1, seq)
    assert history.drain()["unexpected"] == 1


def test_replay_of_a_title_that_was_read_is_unexpected(history):
    customer, staff = history.served()
    history.send(customer, C1, digest=TITLE)
    history.get_word(staff, C1, TITLE)
    history.read(staff)
    history.unbind(staff)
    history.get_word(history.open(S2), C1, TITLE)
    assert history.drain() == acked(1, 1, delivered=1, unexpected=1)


def test_reading_covers_the_other_side_only(history):
    customer, staff = history.served()
    device = history.open(C1)
    seq = history.send(customer, C1)
    history.get(staff, C1, seq)
    history.get(device, C1, seq)
    history.read(device)
    history.get(history.open(S2), C1, seq)
    assert history.drain() == acked(1, 2, delivered=2, redelivered=1)


def test_own_proof_outlives_the_visitor(history):
    customer, staff = history.open(C1), history.open(S1)
    history.send(customer, C1)
    history.bind(staff)
    history.read(staff)
    history.get(customer, S1, history.send(staff, S1))
    history.close(staff)
    assert history.drain(complete=False) == acked(2, 2, delivered=1, lost=1)


def test_proof_falls_when_another_reader_may_have_had_it(history):
    customer, reader, staff = history.open(C1), history.open(S1), history.open(S2)
    history.send(customer, C1)
    history.read(reader)
    history.bind(staff)
    history.get(customer, S2, history.send(staff, S2))
    history.close(reader)  # with the message on its way, perhaps
    assert history.drain(complete=False) == acked(2, 2, delivered=1, in_flight=1)
