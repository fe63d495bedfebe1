"""What a message is expected to do, and what each receipt of it is."""

import pytest

from harness.ledger.digests import digest_of
from harness.ledger.observations import (
    Intruded,
    SendOutcome,
    Unbound,
)
from harness.ledger.tally import Series
from schemas.words import Role

C1, S1, S2 = 0, 10, 11
TITLE = digest_of("title", "pro", "P-1001")
CONFIRM = digest_of("staff", "confirm", "C1")
REFUSED, UNKNOWN = SendOutcome.REFUSED, SendOutcome.UNKNOWN


def acked(sent: int, expected: int, **others: int) -> dict[str, int]:
    base = {"sent": sent, "acked": sent, "expected_deliveries": expected}
    return {name: figure for name, figure in (base | others).items() if figure}


# Expectations of kind 1


def test_acknowledged_message_is_expected_at_the_bound_staff_connection(history):
    customer, staff = history.served()
    history.get(staff, C1, history.send(customer, C1))
    assert history.drain() == acked(1, 1, delivered=1)


def test_every_device_of_the_other_side_is_expected_to_get_it(history):
    _customer, staff = history.served()
    device = history.open(C1)
    seq = history.send(staff, S1)
    history.get(device, S1, seq)
    assert history.drain() == acked(1, 2, delivered=1, lost=1)


def test_other_devices_of_the_sender_are_expected_to_get_it(history):
    customer, staff = history.served()
    device = history.open(C1)
    seq = history.send(customer, C1)
    history.get(staff, C1, seq)
    history.get(device, C1, seq)
    assert history.drain() == acked(1, 2, delivered=2)


def test_sender_without_multi_device_expects_nothing_on_its_other_devices(new_history):
    history = new_history(multi_device=False)
    customer, staff = history.served()
    history.open(C1)
    history.get(staff, C1, history.send(customer, C1))
    assert history.drain() == acked(1, 1, delivered=1)


def test_connection_that_came_during_the_send_is_not_named(history):
    customer, staff = history.served()
    sent = history.begin(staff, S1)
    device = history.open(C1)
    history.get(customer, S1, history.answer(sent))
    history.get(device, S1, sent.seq)
    assert history.drain() == acked(1, 1, delivered=1, redelivered=1)


def test_binding_told_twice_is_one(history):
    customer, staff = history.served()
    sent = history.begin(customer, C1)
    history.bind(staff)
    history.answer(sent)
    assert history.drain() == acked(1, 1, lost=1)


def test_connection_that_went_during_the_send_is_not_named(history):
    customer, staff = history.served()
    device = history.open(C1)
    sent = history.begin(staff, S1)
    history.close(device)
    history.get(customer, S1, history.answer(sent))
    assert history.drain() == acked(1, 1, delivered=1)


def test_staff_connection_is_entitled_until_it_closes_the_case(history):
    customer, staff = history.served()
    history.unbind(staff)
    history.send(customer, C1)
    assert history.drain() == acked(1, 1, in_flight=1)  # the side's, and nobody visited


def test_receipt_may_come_before_the_acknowledgement(history):
    customer, staff = history.served()
    sent = history.begin(customer, C1)
    history.get(staff, C1, sent.seq)
    history.answer(sent)
    assert history.drain() == acked(1, 1, delivered=1)


def test_confirm_and_closing_are_messages_to_the_customer(history):
    customer = history.open(C1)
    staff = history.open(S1)
    history.send(staff, S1, digest=CONFIRM)
    history.bind(staff)
    history.get_word(customer, S1, CONFIRM)
    assert history.drain() == acked(1, 1, delivered=1)


# Expectations of kind 2


def test_unassigned_message_is_owed_to_the_side_and_met_by_an_offer(history):
    customer, staff = history.open(C1), history.open(S1)
    seq = history.send(customer, C1)
    history.report()
    assert history.books.owing() == {C1}
    history.get(staff, C1, seq)
    assert history.drain() == acked(1, 1, delivered=1)
    assert history.books.owing() == set()


def test_offer_seen_before_the_acknowledgement_meets_it_too(history):
    customer, staff, other = history.open(C1), history.open(S1), history.open(S2)
    sent = history.begin(customer, C1)
    history.get(staff, C1, sent.seq)
    history.get(other, C1, sent.seq)
    history.answer(sent)
    assert history.drain() == acked(1, 1, delivered=1, redelivered=1)


def test_second_offer_is_a_redelivery(history):
    customer, staff, other = history.open(C1), history.open(S1), history.open(S2)
    seq = history.send(customer, C1)
    history.get(staff, C1, seq)
    history.get(other, C1, seq)
    assert history.drain() == acked(1, 1, delivered=1, redelivered=1)


def test_own_device_does_not_stand_for_the_other_side(history):
    customer, device = history.open(C1), history.open(C1)
    history.get(device, C1, history.send(customer, C1))
    history.report()
    assert history.books.owing() == {C1}
    assert history.drain() == acked(1, 2, delivered=1, in_flight=1)


def test_absent_customer_is_owed_what_staff_said(history):
    customer, staff = history.served()
    history.close(customer)
    seq = history.send(staff, S1)
    history.report()
    assert history.books.owing(Role.CUSTOMER) == {C1}
    assert history.books.owing(Role.STAFF) == set()
    history.get(history.open(C1), S1, seq)
    assert history.drain() == acked(1, 1, delivered=1)


def test_nobody_visited_is_in_flight(history):
    history.send(history.open(C1), C1)
    assert history.drain() == acked(1, 1, in_flight=1)


def test_visited_and_not_replayed_is_lost(history):
    customer, staff = history.open(C1), history.open(S1)
    history.send(customer, C1)
    history.bind(staff)
    seq = history.send(staff, S1)  # its answer comes behind every replay
    history.get(customer, S1, seq)
    history.close(staff)
    assert history.drain(complete=False) == acked(2, 2, delivered=1, lost=1)


def test_visited_and_left_before_any_answer_is_in_flight(history):
    customer, staff = history.open(C1), history.open(S1)
    history.send(customer, C1)
    history.bind(staff)
    history.close(staff)
    assert history.drain() == acked(1, 1, in_flight=1)


def test_visitor_that_stays_through_the_drain_proves_the_loss(history):
    customer, staff = history.open(C1), history.open(S1)
    history.send(customer, C1)
    history.bind(staff)
    assert history.drain() == acked(1, 1, lost=1)


def test_where_staff_of_others_has_spoken_no_visit_proves_a_loss(history):
    customer, staff = history.open(C1), history.open(S1)
    history.send(customer, C1)
    history.see(Intruded(customer, C1, history.now()))
    history.bind(staff)
    assert history.drain() == acked(1, 1, in_flight=1)


def test_staff_of_others_excuses_nothing_that_ours_was_owed(history):
    customer, staff = history.served()
    history.see(Intruded(customer, C1, history.now()))
    history.send(customer, C1)
    history.send(staff, S1)
    assert history.drain() == acked(2, 2, lost=2)


def test_closing_the_case_proves_what_the_visit_did_not_bring(history):
    customer, staff = history.open(C1), history.open(S1)
    history.send(customer, C1)
    history.bind(staff)
    closing = history.begin(staff, S1)
    history.see(Unbound(staff, C1, closing.sent_ns))
    history.get(customer, S1, history.answer(closing))
    history.close(staff)
    assert history.drain(complete=False) == acked(2, 2, delivered=1, lost=1)


def test_next_visit_does_not_prove_what_came_between_two(history):
    customer, staff = history.served()
    closing = history.begin(staff, S1)
    history.see(Unbound(staff, C1, closing.sent_ns))
    history.get(customer, S1, history.answer(closing))
    history.send(customer, C1)
    confirm = history.begin(staff, S1, CONFIRM)
    history.answer(confirm)
    history.get_word(customer, S1, CONFIRM, after=0)
    history.bind(staff)
    history.close(staff)
    assert history.drain() == acked(3, 3, delivered=2, in_flight=1)


def test_without_replays_absence_proves_nothing(new_history):
    history = new_history(replays=False)
    customer, staff = history.open(C1), history.open(S1)
    history.send(customer, C1)
    history.bind(staff)
    history.get(customer, S1, history.send(staff, S1))
    assert history.drain() == acked(2, 2, delivered=1, in_flight=1)


def test_what_a_vanished_reader_may_have_covered_is_no_proven_loss(history):
    customer, reader, staff = history.open(C1), history.open(S1), history.open(S2)
    history.send(customer, C1)
    history.read(reader)
    history.close(reader)
    history.bind(staff)
    assert history.drain() == acked(1, 1, in_flight=1)


# Refused, unknown, unexpected


def test_refused_message_is_expected_nowhere(history):
    customer, _ = history.served()
    history.send(customer, C1, REFUSED)
    assert history.drain() == {"sent": 1, "refused": 1}


@pytest.mark.parametrize("early", [False, True])
def test_refused_message_that_arrives_is_unexpected(history, early):
    customer, staff = history.served()
    sent = history.begin(customer, C1)
    if early:
        history.get(staff, C1, sent.seq)
    history.answer(sent, REFUSED)
    if not early:
        history.get(staff, C1, sent.seq)
    assert history.drain() == {"sent": 1, "refused": 1, "unexpected": 1}


def test_refused_title_that_arrives_is_unexpected(history):
    customer, staff = history.served()
    history.send(customer, C1, REFUSED, TITLE)
    history.get_word(staff, C1, TITLE)
    assert history.drain() == {"sent": 1, "refused": 1, "unexpected": 1}


def test_message_that_nobody_sent_is_unexpected(history):
    _, staff = history.served()
    history.get(staff, C1, 0)
    assert history.drain() == {"unexpected": 1}


def test_untokened_message_that_nobody_sent_is_unexpected_behind_a_token(history):
    customer, staff = history.served()
    history.get(staff, C1, history.send(customer, C1))
    history.get_word(staff, C1, TITLE, after=0)
    assert history.drain() == acked(1, 1, delivered=1, unexpected=1)


def test_title_before_its_senders_first_token_is_foreign(history):
    _, staff = history.served()
    history.get_word(staff, C1, TITLE)
    assert history.drain() == {"foreign": 1}


@pytest.mark.parametrize("early", [False, True])
def test_unanswered_send_that_arrives_is_recovered_once(history, early):
    customer, staff = history.served()
    device = history.open(C1)
    sent = history.begin(customer, C1)
    if early:
        history.get(staff, C1, sent.seq)
        history.get(device, C1, sent.seq)
    history.answer(sent, UNKNOWN)
    if not early:
        history.get(staff, C1, sent.seq)
        history.get(device, C1, sent.seq)
    expected = {"sent": 1, "unknown": 1, "expected_deliveries": 1, "delivered": 1}
    assert history.drain() == expected | {"recovered": 1, "redelivered": 1}


def test_unanswered_send_that_never_arrives_is_expected_nowhere(history):
    customer, _ = history.served()
    history.send(customer, C1, UNKNOWN)
    assert history.drain() == {"sent": 1, "unknown": 1}


def test_unanswered_title_that_arrives_is_recovered(history):
    customer, staff = history.served()
    history.send(customer, C1, UNKNOWN, TITLE)
    history.get_word(staff, C1, TITLE)
    assert history.drain()["recovered"] == 1


# Latencies


def series(history) -> list[Series]:
    return [heard[0] for heard in history.heard]


def test_delivery_latency_runs_from_the_due_time(history):
    customer, staff = history.served()
    sent = history.begin(customer, C1)
    history.answer(sent)
    at_ns = history.get(staff, C1, sent.seq)
    history.drain()
    assert history.heard == [(Series.DELIVER, at_ns - sent.due_ns, at_ns - sent.sent_ns, at_ns)]


def test_latency_of_an_early_receipt_is_the_same(history):
    customer, staff = history.served()
    sent = history.begin(customer, C1)
    at_ns = history.get(staff, C1, sent.seq)
    history.answer(sent)
    history.drain()
    assert history.heard == [(Series.DELIVER, at_ns - sent.due_ns, at_ns - sent.sent_ns, at_ns)]


def test_staff_messages_are_a_series_of_their_own(history):
    customer, staff = history.served()
    history.get(customer, S1, history.send(staff, S1))
    history.drain()
    assert series(history) == [Series.STAFF_DELIVER]


def test_first_message_of_a_conversation_is_an_offer_and_the_next_a_replay(history):
    customer, staff = history.open(C1), history.open(S1)
    for _ in range(2):
        history.get(staff, C1, history.send(customer, C1))
    history.drain()
    assert series(history) == [Series.OFFER, Series.REPLAY]


def test_conversation_opens_anew_when_its_case_is_closed(history):
    customer, staff = history.served()
    history.get(staff, C1, history.send(customer, C1))
    history.unbind(staff)
    history.get(staff, C1, history.send(customer, C1))
    history.drain()
    assert series(history) == [Series.DELIVER, Series.OFFER]


def test_replay_to_a_returning_customer(history):
    customer, staff = history.served()
    history.close(customer)
    seq = history.send(staff, S1)
    history.get(history.open(C1), S1, seq)
    history.drain()
    assert series(history) == [Series.STAFF_REPLAY]


def test_redelivery_has_no_latency(history):
    customer, staff = history.open(C1), history.open(S1)
    seq = history.send(customer, C1)
    history.get(staff, C1, seq)
    history.get(history.open(S2), C1, seq)
    history.drain()
    assert series(history) == [Series.OFFER]


def test_first_answer_is_the_first_tokened_staff_message(history):
    customer, staff = history.open(C1), history.open(S1)
    question = history.begin(customer, C1)
    history.answer(question)
    history.get(staff, C1, question.seq)
    history.send(staff, S1, digest=CONFIRM)
    history.bind(staff)
    history.get_word(customer, S1, CONFIRM)
    at_ns = history.get(customer, S1, history.send(staff, S1))
    history.get(customer, S1, history.send(staff, S1))
    history.drain()
    assert [heard for heard in history.heard if heard[0] is Series.FIRST_ANSWER] == [
        (Series.FIRST_ANSWER, at_ns - question.due_ns, at_ns - question.sent_ns, at_ns)
    ]


def test_words_said_before_the_question_are_no_answer(history):
    customer, staff = history.served()
    said = history.begin(staff, S1)
    history.answer(said)
    history.send(customer, C1)
    history.get(customer, S1, said.seq)
    history.drain()
    assert Series.FIRST_ANSWER not in series(history)
