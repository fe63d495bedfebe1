"""Reports in, totals out."""

import pytest

from harness.ledger.digests import digest_of
from harness.ledger.intake import Acceptance
from harness.ledger.observations import Bound, Increment
from harness.ledger.tally import EXAMPLES_PER_WORD

C1, C2, S1, S2 = 0, 1, 10, 11
TITLE = digest_of("title", "pro", "P-1001")
STRANGE = digest_of("text", None, "???")


def acked(sent: int, expected: int, **others: int) -> dict[str, int]:
    base = {"sent": sent, "acked": sent, "expected_deliveries": expected}
    return {name: figure for name, figure in (base | others).items() if figure}


def test_nothing_happened(history):
    assert history.drain() == {}


# What workers count themselves


def test_words_judged_by_workers_are_added(history):
    judged = {
        "duplicated": 1, "reordered": 2, "misrouted": 3, "unexpected": 4,
        "corrupted": 5, "foreign": 6, "unread_wrong": 7,
    }  # fmt: skip
    history.report(counts=judged | {"frames_sent": 8})
    history.report(counts={"duplicated": 1, "frames_sent": 1})
    assert history.drain() == judged | {"duplicated": 2}
    assert history.books.frames == {"frames_sent": 9}


# Reports


def test_repeated_report_counts_once(history):
    customer, _staff = history.served()
    history.send(customer, C1)
    seen = tuple(history._seen)
    once = Increment(0, 0, seen, {"duplicated": 1}, history.now())
    assert history.books.apply(once) is Acceptance.APPLIED
    assert history.books.apply(once) is Acceptance.REPEATED
    assert (history.books.totals.sent, history.books.totals.duplicated) == (1, 1)


def test_missing_report_is_told_and_nothing_is_counted(history):
    late = Increment(0, 1, (), {"duplicated": 1}, history.now())
    assert history.books.apply(late) is Acceptance.GAP
    assert history.words() == {}


def test_report_of_a_stranger_is_told(history):
    assert history.books.apply(Increment(7, 0, (), {}, 5)) is Acceptance.STRANGER


def test_nothing_is_judged_before_every_worker_has_reported_past_it(new_history):
    history = new_history(workers=(0, 1))
    customer, staff = history.served()
    seq = history.send(customer, C1)
    history.report(0)
    assert history.words() == {}
    assert history.books.outstanding > 0
    history.get(staff, C1, seq)
    history.report(1)
    assert history.books.totals.sent == 1


def test_outstanding_counts_what_a_drain_must_wait_for(history):
    customer, staff = history.served()
    history.pending = 2
    seq = history.send(customer, C1)
    history.report()
    assert history.books.outstanding == 3
    history.pending = 0
    history.get(staff, C1, seq)
    history.report()
    assert history.books.outstanding == 0


# What seems lost


def test_what_a_later_message_has_overtaken_is_told_while_the_run_goes_on(new_history):
    history = new_history()
    customer, staff = history.served()
    seqs = [history.send(customer, C1, digest=digest) for digest in (0, 0, 7, 0, 0)]
    for seq in (seqs[0], seqs[3]):
        history.get(staff, C1, seq)
    history.report()
    assert list(history.books.overtaken) == [(C1, C1, 1)]  # the untokened one may have come
    assert history.books.totals.lost == 0


# A lost worker


def lost_worker(new_history, unaccounted: int | None = None):
    """The customer's worker 1 reports once, two sends pending, and is gone."""
    history = new_history(workers=(0, 1))
    customer = history.open(C1, worker=1)
    staff = history.open(S1)
    history.bind(staff)
    seen, history._seen = history._seen, []
    history._seen = [s for s in seen if s.connection >> 32]
    history.pending = 2
    history.report(1)
    history.pending = 0
    history._seen = [s for s in seen if not s.connection >> 32]
    history.report(0)
    assert history.books.worker_lost(1, unaccounted)
    return history, customer, staff


def test_pending_sends_of_a_lost_worker_are_unknown(new_history):
    history, _, _ = lost_worker(new_history)
    assert history.drain() == {"sent": 2, "unknown": 2}


def test_caller_may_know_better_how_many_sends_were_lost(new_history):
    history, _, _ = lost_worker(new_history, unaccounted=5)
    assert history.drain() == {"sent": 5, "unknown": 5}


def test_unreported_send_of_a_lost_worker_that_arrives_is_recovered(new_history):
    history, _, staff = lost_worker(new_history)
    history.get(staff, C1, 0)
    history.get(staff, C1, 1)
    history.get(staff, C1, 2)
    expected = {"sent": 3, "unknown": 3, "recovered": 3, "expected_deliveries": 3}
    assert history.drain() == expected | {"delivered": 3}


def test_unreported_send_that_had_arrived_before_the_loss_was_known(new_history):
    history = new_history(workers=(0, 1))
    history.open(C1, worker=1)
    history.report(1)
    staff, other = history.open(S1), history.open(S2)
    history.get(staff, C1, 0)
    history.get(other, C1, 0)
    history.report(0)
    history.books.worker_lost(1)
    expected = {"sent": 1, "unknown": 1, "recovered": 1, "expected_deliveries": 1}
    assert history.drain() == expected | {"delivered": 1, "redelivered": 1}


def test_expectations_on_connections_of_a_lost_worker_are_in_flight(new_history):
    history = new_history(workers=(0, 1))
    customer = history.open(C1, worker=1)
    history.report(1)
    staff = history.open(S1)
    history.bind(staff)
    first, second = history.send(staff, S1), history.send(staff, S1)
    history.report(0)
    history.get(customer, S1, second)  # even so the first may have come, unreported
    history.report(1)
    history.books.worker_lost(1)
    assert history.drain() == acked(2, 2, delivered=1, in_flight=1)
    assert first < second


def test_sender_of_whom_a_lost_worker_never_spoke_is_not_accused(new_history):
    history = new_history(workers=(0, 1))
    staff = history.open(S1)
    history.get(staff, C1, 0)
    history.report(0)
    history.books.worker_lost(1)
    history.get(staff, C2, 0, conversation=C2)
    expected = {"sent": 2, "unknown": 2, "recovered": 2, "expected_deliveries": 2}
    assert history.drain() == expected | {"delivered": 2}


GONE_NS, LINGER_NS = 10_000, 500


def silent_worker(new_history):
    """Worker 1 has staff S2 and is silent from now on; the customer C1 lives with worker 0."""
    history = new_history(workers=(0, 1), linger_ns=LINGER_NS)
    history.open(S2, worker=1)
    history.report(1)
    return history, history.open(C1)


def visit(history) -> None:
    """Staff S1 confirms C1 and says something."""
    staff = history.open(S1)
    history.bind(staff)
    history.send(staff, S1)


def test_what_a_lost_worker_may_have_read_is_in_flight(new_history):
    history, customer = silent_worker(new_history)
    history.send(customer, C1)
    history.report(0)
    history.books.worker_lost(1, gone_ns=GONE_NS)
    visit(history)
    assert history.drain() == acked(2, 2, in_flight=1, lost=1)  # to the customer: lost


@pytest.mark.parametrize(("margin", "word"), [(-100, "in_flight"), (100, "lost")])
def test_what_was_sent_after_a_worker_was_gone_is_judged(new_history, margin, word):
    history, customer = silent_worker(new_history)
    history.report(0)
    history.books.worker_lost(1, gone_ns=GONE_NS)
    while history.now() < GONE_NS + LINGER_NS + margin:
        pass
    history.send(customer, C1)
    visit(history)
    assert history.drain(complete=False)[word] == (1 if word == "lost" else 2)


def test_worker_that_is_only_not_heard_of_may_read_for_ever(new_history):
    history, customer = silent_worker(new_history)
    history.books.worker_lost(1)
    while history.now() < GONE_NS:
        pass
    history.send(customer, C1)
    visit(history)
    assert history.drain(complete=False) == acked(2, 2, in_flight=2)


def test_loss_at_staff_bound_since_before_the_silence_is_proven(new_history):
    history = new_history(workers=(0, 1), linger_ns=LINGER_NS)
    dying = history.open(S2, worker=1)
    history.see(Bound(dying, C2, history.now()))
    seen, history._seen = history._seen, []
    customer, staff = history.open(C1), history.open(S1)
    sent = history.begin(customer, C1)
    history.bind(staff)
    history.answer(sent)
    alive, history._seen = history._seen, seen
    history.report(1)
    history._seen = alive
    history.get(customer, S1, history.send(staff, S1))
    history.report(0)
    history.books.worker_lost(1, gone_ns=GONE_NS)
    assert history.drain() == acked(2, 2, delivered=1, lost=1)


def test_case_that_a_lost_worker_was_closing_is_in_flight(new_history):
    history = new_history(workers=(0, 1), linger_ns=LINGER_NS)
    dying = history.open(S2, worker=1)
    history.bind(dying)
    history.unbind(dying)
    seen, history._seen = history._seen, []
    customer, staff = history.open(C1), history.open(S1)
    sent = history.begin(customer, C1)
    history.bind(staff)
    history.answer(sent)
    alive, history._seen = history._seen, seen
    history.report(1)
    history._seen = alive
    history.get(customer, S1, history.send(staff, S1))
    history.report(0)
    history.books.worker_lost(1, gone_ns=GONE_NS)
    assert history.drain() == acked(2, 2, delivered=1, in_flight=1)


def test_connection_of_a_live_worker_still_proves_a_loss(new_history):
    history, customer = silent_worker(new_history)
    staff = history.open(S1)
    history.bind(staff)
    history.send(customer, C1)
    history.report(0)
    history.books.worker_lost(1, gone_ns=GONE_NS)
    assert history.drain() == acked(1, 1, lost=1)


def test_customers_of_a_live_worker_read_for_themselves(new_history):
    history, customer = silent_worker(new_history)
    staff = history.open(S1)
    history.bind(staff)
    history.close(customer)
    history.send(staff, S1)
    history.report(0)
    history.books.worker_lost(1, gone_ns=GONE_NS)
    history.open(C1)
    assert history.drain() == acked(1, 1, lost=1)


def test_customers_of_a_lost_worker_may_have_read(new_history):
    history = new_history(workers=(0, 1), linger_ns=LINGER_NS)
    history.close(history.open(C1, worker=1))
    history.report(1)
    staff = history.open(S1)
    history.bind(staff)
    history.send(staff, S1)
    history.report(0)
    history.books.worker_lost(1, gone_ns=GONE_NS)
    history.open(C1)
    assert history.drain() == acked(1, 1, in_flight=1)


def test_reports_of_a_lost_worker_come_too_late(new_history):
    history, _, _ = lost_worker(new_history)
    assert history.report(1) is Acceptance.STRANGER
    assert not history.books.worker_lost(1)


def test_last_worker_lost_still_closes_the_books(history):
    customer, _staff = history.served()
    history.send(customer, C1)
    history.report()
    history.books.worker_lost(0)
    assert history.drain() == acked(1, 1, in_flight=1)


# Bounds


def test_examples_are_few_and_say_what_is_known(history):
    customer, staff = history.served()
    for _ in range(EXAMPLES_PER_WORD + 5):
        history.send(customer, C1)
    history.drain()
    examples = history.books.examples
    assert len(examples) == EXAMPLES_PER_WORD
    first = examples[0]
    assert (first.word, first.conversation, first.sender, first.seq) == ("lost", C1, C1, 0)
    assert first.connection == staff
    assert 0 < first.due_ns < first.sent_ns < first.done_ns < first.at_ns


def test_state_does_not_grow_with_messages(new_history):
    history = new_history(patience_ns=1_000_000)
    customer, staff = history.served()
    sizes = []
    for number in range(200_000):
        digest = TITLE if number % 5 == 4 else 0
        seq = history.send(customer, C1, digest=digest)
        if digest:
            history.get_word(staff, C1, TITLE, after=seq - 1)
        else:
            history.get(staff, C1, seq)
        if number > 100_000 and number % 3 == 0:  # nobody reads the first half
            history.read(staff)
        if number % 5_000 == 4_999:
            history.report()
            sizes.append(history.books.size())
    assert history.books.totals.delivered == 200_000
    assert max(sizes) < 250
    assert sizes[-1] <= sizes[1] + 30


def test_receipts_that_fit_nothing_are_given_up_after_the_patience(new_history):
    history = new_history(patience_ns=1_000)
    customer, staff = history.served()
    history.get(staff, C1, history.send(customer, C1))
    for _ in range(5_000):
        history.get_word(staff, C1, STRANGE, after=0)
    history.report()
    assert history.books.size() < 400
    assert history.books.totals.unexpected > 4_800


def test_receipts_of_messages_never_sent_are_bounded(history, monkeypatch):
    monkeypatch.setattr("harness.ledger.join._MOST_EARLY", 10)
    _, staff = history.served()
    for seq in range(50):
        history.get(staff, C1, seq)
    history.report()
    assert history.books.totals.unexpected == 40
    assert history.drain() == {"unexpected": 50}


def test_early_receipts_that_were_joined_make_room_again(history, monkeypatch):
    monkeypatch.setattr("harness.ledger.join._MOST_EARLY", 1)
    customer, staff = history.served()
    for _ in range(5):
        sent = history.begin(customer, C1)
        history.get(staff, C1, sent.seq)
        history.answer(sent)
    assert history.drain() == acked(5, 5, delivered=5)


def test_queue_behind_a_stray_is_bounded(history):
    customer, staff = history.served()
    history.get(staff, C1, history.send(customer, C1))
    for _ in range(5_000):
        history.get_word(staff, C1, STRANGE, after=0)
    history.report()
    assert history.books.totals.unexpected > 3_000
