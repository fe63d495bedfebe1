"""Each word of the ledger, on histories written by hand."""

from itertools import count

import pytest
from msgspec.structs import replace

from harness.ledger.books import Books, LedgerRules
from harness.ledger.digests import digest_of
from harness.ledger.intake import Acceptance
from harness.ledger.observations import (
    CORRUPTED_DIGEST,
    Bound,
    CloseCause,
    Closed,
    Increment,
    Opened,
    Read,
    Received,
    SendOutcome,
    Sent,
    Unbound,
)
from harness.ledger.tally import EXAMPLES_PER_WORD, Series
from schemas.words import Role

C1, C2, S1, S2 = 0, 1, 10, 11
TITLE = digest_of("title", "pro", "P-1001")
OTHER_TITLE = digest_of("title", "pro", "P-1002")
CONFIRM = digest_of("staff", "confirm", "C1")
STRANGE = digest_of("text", None, "???")
ACKED, REFUSED, UNKNOWN = SendOutcome


class History:
    """Observations of one worker, one tick apart; the books that hear them."""

    def __init__(self, workers=(0,), **rules) -> None:
        self.heard: list[tuple[Series, int, int, int]] = []
        self.books = Books(workers, LedgerRules(**rules), self._hear)
        self.pending = 0
        self._tick = count(1_000, 10)
        self._numbers = dict.fromkeys(workers, 0)
        self._seqs: dict[tuple[int, int], int] = {}
        self._seen: list = []
        self._connections = count(1)

    def _hear(self, *latency) -> None:
        self.heard.append(latency)

    def now(self) -> int:
        return next(self._tick)

    def see(self, observation) -> None:
        self._seen.append(observation)

    def open(self, participant: int, worker: int = 0) -> int:
        number = worker << 32 | next(self._connections)
        asked_ns = self.now()
        self.see(Opened(number, participant, participant >= 10, asked_ns, self.now()))
        return number

    def close(self, connection: int) -> None:
        self.see(Closed(connection, self.now(), CloseCause.OURS))

    def bind(self, connection: int, conversation: int = C1) -> None:
        self.see(Bound(connection, conversation, self.now()))

    def unbind(self, connection: int, conversation: int = C1) -> None:
        self.see(Unbound(connection, conversation, self.now()))

    def begin(self, connection: int, sender: int, digest: int = 0, conversation: int = C1) -> Sent:
        """A send whose answer is still to come."""
        seq = self._seqs.get((conversation, sender), 0)
        self._seqs[conversation, sender] = seq + 1
        due_ns, sent_ns = self.now(), self.now()
        return Sent(connection, conversation, sender, seq, digest, due_ns, sent_ns, 0, ACKED)

    def answer(self, sent: Sent, outcome=ACKED) -> int:
        self.see(replace(sent, done_ns=self.now(), outcome=outcome))
        return sent.seq

    def send(self, connection, sender, outcome=ACKED, digest=0, conversation=C1) -> int:
        return self.answer(self.begin(connection, sender, digest, conversation), outcome)

    def get(self, connection: int, sender: int, seq: int, conversation: int = C1) -> int:
        at_ns = self.now()
        self.see(Received(connection, conversation, sender, seq, 0, -1, at_ns))
        return at_ns

    def get_word(self, connection, sender, digest, after=-1, conversation=C1) -> int:
        at_ns = self.now()
        self.see(Received(connection, conversation, sender, -1, digest, after, at_ns))
        return at_ns

    def read(self, connection: int, conversation: int = C1) -> None:
        sent_ns = self.now()
        self.see(Read(connection, conversation, sent_ns, self.now()))

    def report(self, worker: int = 0, counts: dict[str, int] | None = None) -> Acceptance:
        number, self._numbers[worker] = self._numbers[worker], self._numbers[worker] + 1
        seen, self._seen = tuple(self._seen), []
        return self.books.apply(
            Increment(worker, number, seen, counts or {}, self.now(), self.pending)
        )

    def drain(self, *, complete: bool = True) -> dict[str, int]:
        """The words that are not 0."""
        if self._seen:
            self.report()
        return words(self.books.drained(self.now(), complete=complete))

    def served(self) -> tuple[int, int]:
        """Customer and staff, bound to each other."""
        customer, staff = self.open(C1), self.open(S1)
        self.bind(staff)
        return customer, staff


def words(totals) -> dict[str, int]:
    figures = {name: getattr(totals, name) for name in totals.__struct_fields__}
    assert figures["sent"] == figures["acked"] + figures["refused"] + figures["unknown"]
    assert figures["expected_deliveries"] == (
        figures["delivered"] + figures["lost"] + figures["in_flight"]
    )
    return {name: figure for name, figure in figures.items() if figure}


def acked(sent: int, expected: int, **others: int) -> dict[str, int]:
    base = {"sent": sent, "acked": sent, "expected_deliveries": expected}
    return {name: figure for name, figure in (base | others).items() if figure}


@pytest.fixture
def history() -> History:
    return History()


def test_nothing_happened(history):
    assert history.drain() == {}


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


def test_sender_without_multi_device_expects_nothing_on_its_other_devices():
    history = History(multi_device=False)
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


def test_without_replays_absence_proves_nothing():
    history = History(replays=False)
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


# Untokened messages


def test_title_is_known_by_its_digest_and_place(history):
    customer, staff = history.served()
    for number in range(2):  # the same title twice, a token between
        history.send(customer, C1, digest=TITLE)
        history.get_word(staff, C1, TITLE, after=2 * number - 1)
        history.get(staff, C1, history.send(customer, C1))
    assert history.drain() == acked(4, 4, delivered=4)


@pytest.mark.parametrize("early", [False, True])
def test_title_may_come_before_its_acknowledgement(history, early):
    customer, staff = history.served()
    sent = history.begin(customer, C1, TITLE)
    if early:
        history.get_word(staff, C1, TITLE)
    history.answer(sent)
    if not early:
        history.get_word(staff, C1, TITLE)
    assert history.drain() == acked(1, 1, delivered=1)


def test_repeated_title_is_duplicated(history):
    customer, staff = history.served()
    history.send(customer, C1, digest=TITLE)
    history.get_word(staff, C1, TITLE)
    history.get_word(staff, C1, TITLE)
    assert history.drain() == acked(1, 1, delivered=1, duplicated=1)


def test_title_repeated_behind_the_next_token_is_duplicated(history):
    customer, staff = history.served()
    history.send(customer, C1, digest=TITLE)
    history.get_word(staff, C1, TITLE)
    seq = history.send(customer, C1)
    history.get(staff, C1, seq)
    history.get_word(staff, C1, TITLE, after=seq)
    assert history.drain() == acked(2, 2, delivered=2, duplicated=1)


def test_title_behind_the_next_token_is_reordered(history):
    customer, staff = history.served()
    history.send(customer, C1, digest=TITLE)
    seq = history.send(customer, C1)
    history.get(staff, C1, seq)
    history.get_word(staff, C1, TITLE, after=seq)
    assert history.drain() == acked(2, 2, delivered=2, reordered=1)


@pytest.mark.parametrize("told", ["before", "between", "after"])
def test_token_behind_the_next_title_is_reordered(history, told):
    customer, staff = history.served()
    token, title = history.begin(customer, C1), history.begin(customer, C1, TITLE)
    steps = [
        lambda: history.get_word(staff, C1, TITLE),
        lambda: history.get(staff, C1, token.seq),
    ]
    answers = [lambda: history.answer(token), lambda: history.answer(title)]
    place = {"before": 0, "between": 1, "after": 2}[told]
    for step in steps[:place] + answers + steps[place:]:
        step()
    assert history.drain() == acked(2, 2, delivered=2, reordered=1)


def test_two_titles_in_the_wrong_order_are_reordered(history):
    customer, staff = history.served()
    history.send(customer, C1, digest=TITLE)
    history.send(customer, C1, digest=OTHER_TITLE)
    history.get_word(staff, C1, OTHER_TITLE)
    history.get_word(staff, C1, TITLE)
    assert history.drain() == acked(2, 2, delivered=2, reordered=1)


def test_replay_into_a_new_binding_is_in_order(history):
    customer, staff = history.open(C1), history.open(S1)
    history.send(customer, C1, digest=TITLE)
    seq = history.send(customer, C1)
    history.get(staff, C1, seq)
    history.bind(staff)
    history.get_word(staff, C1, TITLE)
    assert history.drain() == acked(2, 2, delivered=2)


def test_late_title_does_not_take_the_next_ones_place(history):
    customer, staff = history.served()
    first = history.begin(customer, C1, TITLE)
    history.answer(first)
    seq = history.send(customer, C1)
    history.get(staff, C1, seq)
    second = history.begin(customer, C1, TITLE)
    history.get_word(staff, C1, TITLE, after=seq)  # the second; the first never came
    history.answer(second)
    assert history.drain() == acked(3, 3, delivered=2, lost=1)


def test_confirm_that_was_refused_before_does_not_hide_the_accepted_one(history):
    customer, staff = history.open(C1), history.open(S1)
    history.send(staff, S1, REFUSED, CONFIRM)
    confirm = history.begin(staff, S1, CONFIRM)
    history.get_word(customer, S1, CONFIRM)
    history.answer(confirm)
    totals = history.drain()
    assert totals == {
        "sent": 2, "acked": 1, "refused": 1, "expected_deliveries": 1, "delivered": 1
    }  # fmt: skip


def test_replayed_title_is_redelivered_however_old(history):
    customer, staff = history.open(C1), history.open(S1)
    for number in range(30):
        history.send(customer, C1, digest=TITLE)
        history.get_word(staff, C1, TITLE, after=2 * number - 1)
        history.get(staff, C1, history.send(customer, C1))
    other = history.open(S2)
    for number in range(30):
        history.get_word(other, C1, TITLE, after=2 * number - 1)
        history.get(other, C1, 2 * number + 1)
    assert history.drain() == acked(60, 60, delivered=60, redelivered=60)


# Corrupted


def test_wrong_check_in_the_place_of_a_missing_message_delivers_it(history):
    customer, staff = history.served()
    seqs = [history.send(customer, C1) for _ in range(3)]
    history.get(staff, C1, seqs[0])
    history.get_word(staff, C1, CORRUPTED_DIGEST, after=seqs[0])
    history.get(staff, C1, seqs[2])
    history.report(counts={"corrupted": 1})
    assert history.drain() == acked(3, 3, delivered=3, corrupted=1)


def test_unrecognisable_frame_in_the_place_of_a_missing_message(history):
    customer, staff = history.served()
    seqs = [history.send(customer, C1) for _ in range(3)]
    history.get(staff, C1, seqs[0])
    history.get_word(staff, C1, STRANGE, after=seqs[0])
    history.get(staff, C1, seqs[2])
    assert history.drain() == acked(3, 3, delivered=3, corrupted=1)


def test_unrecognisable_frame_in_another_place_is_unexpected(history):
    customer, staff = history.served()
    seqs = [history.send(customer, C1) for _ in range(3)]
    history.get(staff, C1, seqs[0])
    history.get(staff, C1, seqs[2])
    history.get_word(staff, C1, STRANGE, after=seqs[2])
    assert history.drain() == acked(3, 3, delivered=2, lost=1, unexpected=1)


def test_unrecognisable_first_offer_is_delivered_and_corrupted(history):
    customer, staff = history.open(C1), history.open(S1)
    history.send(customer, C1)
    history.get_word(staff, C1, STRANGE)
    assert history.drain() == acked(1, 1, delivered=1, corrupted=1)


def test_corrupted_frame_on_a_connection_that_ended_still_delivers(history):
    customer, staff = history.served()
    history.send(customer, C1)
    history.get_word(staff, C1, STRANGE)
    history.get(staff, C1, history.send(customer, C1))
    history.close(staff)
    assert history.drain() == acked(2, 2, delivered=2, corrupted=1)


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
    assert words(history.books.totals) == {}


def test_report_of_a_stranger_is_told(history):
    assert history.books.apply(Increment(7, 0, (), {}, 5)) is Acceptance.STRANGER


def test_nothing_is_judged_before_every_worker_has_reported_past_it():
    history = History(workers=(0, 1))
    customer, staff = history.served()
    seq = history.send(customer, C1)
    history.report(0)
    assert words(history.books.totals) == {}
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


# A lost worker


def lost_worker(unaccounted: int | None = None) -> tuple[History, int, int]:
    """The customer's worker 1 reports once, two sends pending, and is gone."""
    history = History(workers=(0, 1))
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


def test_pending_sends_of_a_lost_worker_are_unknown():
    history, _, _ = lost_worker()
    assert history.drain() == {"sent": 2, "unknown": 2}


def test_caller_may_know_better_how_many_sends_were_lost():
    history, _, _ = lost_worker(unaccounted=5)
    assert history.drain() == {"sent": 5, "unknown": 5}


def test_unreported_send_of_a_lost_worker_that_arrives_is_recovered():
    history, _, staff = lost_worker()
    history.get(staff, C1, 0)
    history.get(staff, C1, 1)
    history.get(staff, C1, 2)
    expected = {"sent": 3, "unknown": 3, "recovered": 3, "expected_deliveries": 3}
    assert history.drain() == expected | {"delivered": 3}


def test_unreported_send_that_had_arrived_before_the_loss_was_known():
    history = History(workers=(0, 1))
    history.open(C1, worker=1)
    history.report(1)
    staff, other = history.open(S1), history.open(S2)
    history.get(staff, C1, 0)
    history.get(other, C1, 0)
    history.report(0)
    history.books.worker_lost(1)
    expected = {"sent": 1, "unknown": 1, "recovered": 1, "expected_deliveries": 1}
    assert history.drain() == expected | {"delivered": 1, "redelivered": 1}


def test_expectations_on_connections_of_a_lost_worker_are_in_flight():
    history = History(workers=(0, 1))
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


def test_reports_of_a_lost_worker_come_too_late():
    history, _, _ = lost_worker()
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


def test_state_does_not_grow_with_messages():
    history = History(patience_ns=1_000_000)
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


def test_receipts_that_fit_nothing_are_given_up_after_the_patience():
    history = History(patience_ns=1_000)
    customer, staff = history.served()
    history.get(staff, C1, history.send(customer, C1))
    for _ in range(5_000):
        history.get_word(staff, C1, STRANGE, after=0)
    history.report()
    assert history.books.size() < 400
    assert history.books.totals.unexpected > 4_800


def test_queue_behind_a_stray_is_bounded(history):
    customer, staff = history.served()
    history.get(staff, C1, history.send(customer, C1))
    for _ in range(5_000):
        history.get_word(staff, C1, STRANGE, after=0)
    history.report()
    assert history.books.totals.unexpected > 3_000
