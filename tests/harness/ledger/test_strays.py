"""Which message an untokened receipt was, and what it is when it was none."""

import pytest

from harness.ledger.digests import digest_of
from harness.ledger.observations import (
    CORRUPTED_DIGEST,
    SendOutcome,
    corrupted_digest,
)

C1, S1, S2 = 0, 10, 11
TITLE = digest_of("title", "pro", "P-1001")
OTHER_TITLE = digest_of("title", "pro", "P-1002")
CLOSING = digest_of("staff", "assignment", "C1")
CONFIRM = digest_of("staff", "confirm", "C1")
STRANGE = digest_of("text", None, "???")
REFUSED, UNKNOWN = SendOutcome.REFUSED, SendOutcome.UNKNOWN


def acked(sent: int, expected: int, **others: int) -> dict[str, int]:
    base = {"sent": sent, "acked": sent, "expected_deliveries": expected}
    return {name: figure for name, figure in (base | others).items() if figure}


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


def test_corrupted_receipt_is_the_message_that_it_claims_to_be(history):
    customer, staff = history.served()
    tokens = [history.send(customer, C1) for _ in range(2)]
    history.send(customer, C1, digest=TITLE)
    for claimed in (tokens[1], tokens[1]):  # once more: it is not the title
        history.get_word(staff, C1, corrupted_digest(claimed))
    history.get_word(staff, C1, TITLE)
    assert history.drain() == acked(3, 3, delivered=2, lost=1)
    assert [example.seq for example in history.books.examples] == [tokens[0]]


@pytest.mark.parametrize("claimed", [0, 2, 77])
def test_claim_that_does_not_fit_the_place_is_altered_too(history, claimed):
    customer, staff = history.served()
    seqs = [history.send(customer, C1) for _ in range(3)]
    history.get(staff, C1, seqs[0])
    history.get_word(staff, C1, corrupted_digest(claimed), after=seqs[0])
    history.get(staff, C1, seqs[2])
    assert history.drain() == acked(3, 3, delivered=3)


def test_corrupted_replay_is_not_the_message_that_is_missing(history):
    customer, first = history.open(C1), history.open(S1)
    token = history.send(customer, C1)
    history.get(first, C1, token)
    staff = history.open(S2)
    history.bind(staff)
    history.send(customer, C1)
    history.get_word(staff, C1, corrupted_digest(token))
    assert history.drain() == acked(2, 2, delivered=1, lost=1)


def test_corrupted_receipt_takes_no_titles_place(history):
    customer, staff = history.served()
    history.send(customer, C1, digest=TITLE)
    history.get_word(staff, C1, CORRUPTED_DIGEST)
    assert history.drain() == acked(1, 1, lost=1)


def test_unrecognisable_replay_is_corrupted(history):
    customer, staff = history.served()
    seqs = [history.send(customer, C1) for _ in range(3)]
    for seq in seqs:
        history.get(staff, C1, seq)
    idle = history.open(S2)
    history.get(idle, C1, seqs[0])
    history.get_word(idle, C1, STRANGE, after=seqs[0])
    assert history.drain() == acked(3, 3, delivered=3, redelivered=1, corrupted=1)


# In doubt


def test_what_may_have_been_another_is_not_repeated(new_history):
    history = new_history(workers=(0, 1))
    history.books.worker_lost(1)
    customer, first, second = history.open(C1), history.open(S1), history.open(S2)
    history.send(customer, C1, digest=TITLE)
    history.get_word(first, C1, TITLE)
    token = history.send(customer, C1)
    history.get(first, C1, token)
    title, last = history.begin(customer, C1, TITLE), history.begin(customer, C1)
    history.get_word(second, C1, TITLE)  # the first one, which is offered once more
    history.bind(second)
    history.get(second, C1, token)
    history.get_word(second, C1, TITLE, after=token)
    history.get(second, C1, last.seq)
    history.answer(title)
    history.answer(last)
    assert "duplicated" not in history.drain()


def test_message_sent_after_the_receipt_is_not_it(history):
    customer, staff = history.served()
    history.get_word(staff, C1, TITLE)  # an earlier run's
    history.send(customer, C1, digest=TITLE)
    assert history.drain() == acked(1, 1, lost=1, foreign=1)


def test_own_message_of_the_same_connection_is_not_it(history):
    customer, _staff = history.served()
    device = history.open(C1)
    for digest in (TITLE, 0):  # said on the device itself
        history.send(device, C1, digest=digest)
    history.send(customer, C1)  # lost on the device, whose next is a title
    history.send(customer, C1, digest=TITLE)
    history.get_word(device, C1, TITLE)
    history.close(device)
    totals = history.drain(complete=False)
    assert (totals["delivered"], totals["lost"]) == (1, 1)


def test_message_that_named_the_connection_comes_before_one_owed_to_its_side(history):
    staff = history.open(S1)
    history.send(staff, S1, digest=CONFIRM)  # nobody there: covered by a reader that died, say
    customer = history.open(C1)
    seq = history.begin(staff, S1, CONFIRM)
    history.answer(seq)
    history.get_word(customer, S1, CONFIRM)
    history.get(customer, S1, history.send(staff, S1))
    assert history.drain(complete=False) == acked(3, 3, delivered=2, in_flight=1)


def test_where_two_fit_neither_proves_the_loss_of_the_other(history):
    staff = history.open(S1)
    history.send(staff, S1, digest=CONFIRM)
    history.send(staff, S1, digest=CONFIRM)  # both to nobody: owed to the customers' side
    customer = history.open(C1)
    history.get_word(customer, S1, CONFIRM)
    history.get(customer, S1, history.send(staff, S1))
    assert history.drain() == acked(3, 3, delivered=2, in_flight=1)


def test_where_two_fit_nothing_was_overtaken_for_sure(new_history):
    history = new_history(patience_ns=100)
    customer, staff, other = history.open(C1), history.open(S1), history.open(S2)
    history.send(customer, C1, digest=TITLE)
    history.get_word(other, C1, TITLE)
    history.get(other, C1, history.send(customer, C1))
    history.bind(staff)
    history.send(customer, C1)  # named, on its way
    history.send(customer, C1, digest=TITLE)
    history.get_word(staff, C1, TITLE)  # the replay of the first, or the second
    for _ in range(20):
        history.now()
    history.close(staff)
    assert "lost" not in history.drain(complete=False)


def test_where_two_fit_no_order_is_broken(history):
    customer, staff, other = history.open(C1), history.open(S1), history.open(S2)
    for after, digest in ((-1, TITLE), (1, OTHER_TITLE)):
        history.send(customer, C1, digest=digest)
        history.get_word(other, C1, digest, after=after)
        history.get(other, C1, history.send(customer, C1))
    history.send(customer, C1, digest=TITLE)
    history.bind(staff)
    history.get_word(staff, C1, TITLE)  # a replay, or the one that is still to come
    history.get_word(staff, C1, OTHER_TITLE)
    history.close(staff)
    assert "reordered" not in history.drain(complete=False)


def test_of_two_equal_receipts_the_first_is_the_earlier_message(history):
    customer, staff = history.served()
    for digest in (CONFIRM, 0, CLOSING):
        seq = history.send(staff, S1, digest=digest)
        if digest:
            history.get_word(customer, S1, digest, after=1 if seq > 1 else -1)
        else:
            history.get(customer, S1, seq)
    device = history.open(C1)
    history.close(customer)
    history.send(staff, S1, digest=CONFIRM)
    for digest in (CONFIRM, CLOSING, CONFIRM):  # two replays, then the new one
        history.get_word(device, S1, digest)
    history.get(device, S1, history.send(staff, S1))
    assert history.drain() == acked(5, 5, delivered=5, redelivered=2)


def test_message_beside_the_next_token_comes_before_one_far_off(history):
    customer, staff, other = history.open(C1), history.open(S1), history.open(S2)
    history.send(customer, C1, digest=TITLE)
    history.send(customer, C1)
    title = history.begin(customer, C1, TITLE)
    history.answer(title)
    history.get_word(other, C1, TITLE, after=1)  # met: what comes to others is a replay
    seq = history.send(customer, C1)
    history.bind(staff)
    history.get_word(staff, C1, TITLE)
    history.get(staff, C1, seq)
    # The first title and the token behind it still have to come to somebody.
    assert history.drain(complete=False) == acked(4, 4, delivered=2, redelivered=1, in_flight=2)


def test_overdue_title_does_not_take_the_place_of_an_equal_one(history):
    customer, staff = history.served()
    history.get(staff, C1, history.send(customer, C1))
    history.send(customer, C1, digest=TITLE)
    history.get(staff, C1, history.send(customer, C1))
    other, equal = (history.begin(customer, C1, digest) for digest in (OTHER_TITLE, TITLE))
    for digest in (TITLE, OTHER_TITLE, TITLE):  # the first of them is late
        history.get_word(staff, C1, digest, after=2)
    history.answer(other)
    history.answer(equal)
    history.get(staff, C1, history.send(customer, C1))
    assert history.drain() == acked(6, 6, delivered=6, reordered=1)


def test_title_repeated_at_once_is_not_the_next_equal_one(history):
    customer, staff = history.served()
    history.send(customer, C1, digest=TITLE)
    token, equal = history.begin(customer, C1), history.begin(customer, C1, TITLE)
    last = history.begin(customer, C1)
    history.get_word(staff, C1, TITLE)
    history.get_word(staff, C1, TITLE)
    for sent in (token, equal, last):
        history.answer(sent)
    history.get(staff, C1, token.seq)
    history.get_word(staff, C1, STRANGE, after=token.seq)
    history.get(staff, C1, last.seq)
    assert history.drain() == acked(4, 4, delivered=4, duplicated=1, corrupted=1)


def test_in_doubt_a_replay_is_of_what_nobody_has_read(history):
    customer, staff = history.served()
    history.send(customer, C1, digest=TITLE)
    history.get_word(staff, C1, TITLE)
    history.read(staff)
    history.get(staff, C1, history.send(customer, C1))
    history.send(customer, C1, digest=TITLE)
    history.get_word(staff, C1, TITLE, after=1)
    history.unbind(staff)
    history.get_word(history.open(S2), C1, TITLE)
    assert history.drain() == acked(3, 3, delivered=3, redelivered=1)


def test_replay_in_the_right_order_is_preferred(history):
    customer, staff = history.served()
    for digest in (TITLE, 0, OTHER_TITLE, TITLE):
        seq = history.send(customer, C1, digest=digest)
        if digest:
            history.get_word(staff, C1, digest, after=1 if seq > 1 else -1)
        else:
            history.get(staff, C1, seq)
    other = history.open(S2)
    history.get_word(other, C1, OTHER_TITLE)
    history.get_word(other, C1, TITLE)
    assert history.drain() == acked(4, 4, delivered=4, redelivered=2)


def test_words_are_remembered_while_a_receipt_waits(history):
    customer, staff = history.served()
    history.get(staff, C1, history.send(customer, C1))
    history.send(customer, C1, REFUSED, TITLE)
    sent = history.begin(customer, C1, OTHER_TITLE)
    history.answer(sent, UNKNOWN)
    history.get_word(staff, C1, TITLE, after=0)
    for number in range(30):
        topic = digest_of("title", "pro", f"P-2{number:03}")
        history.send(customer, C1, digest=topic)
        history.get_word(staff, C1, topic, after=0)
    assert history.drain()["unexpected"] == 1


def test_words_that_are_awaited_are_never_forgotten(history):
    customer, staff = history.served()
    for number in range(30):
        history.send(customer, C1, digest=digest_of("title", "pro", f"P-2{number:03}"))
        history.send(customer, C1)
    for number in range(30):
        topic = digest_of("title", "pro", f"P-2{number:03}")
        history.get_word(staff, C1, topic, after=2 * number - 1)
        history.get(staff, C1, 2 * number + 1)
    assert history.drain() == acked(60, 60, delivered=60)


def test_patience_counts_from_the_receipt_however_reports_are_cut(new_history):
    outcomes = []
    for cut in (False, True):
        history = new_history(patience_ns=100)
        customer, staff = history.served()
        sent = history.begin(customer, C1, TITLE)
        history.get_word(staff, C1, TITLE)
        for _ in range(20):
            history.now()
        if cut:
            history.report()
        history.answer(sent)
        outcomes.append(history.drain())
    assert outcomes[0] == outcomes[1]


def test_closing_that_overtook_the_last_words_is_not_the_earlier_closing(history):
    customer, staff = history.served()
    for digest in (CONFIRM, 0, CLOSING, CONFIRM, 0, CLOSING):
        history.send(staff, S1, digest=digest)
    for digest, after in ((CONFIRM, -1), (0, 1), (CLOSING, 1), (CONFIRM, 1), (CLOSING, 1), (0, 4)):
        if digest:
            history.get_word(customer, S1, digest, after=after)
        else:
            history.get(customer, S1, after)
    assert history.drain() == acked(6, 6, delivered=6, reordered=1)


def test_two_closings_that_overtook_their_last_words_keep_apart(history):
    customer, staff = history.served()
    after = -1
    for _ in range(2):
        history.send(staff, S1, digest=CONFIRM)
        history.get_word(customer, S1, CONFIRM, after=after)
        words = history.send(staff, S1)
        history.send(staff, S1, digest=CLOSING)
        history.get_word(customer, S1, CLOSING, after=after)
        history.get(customer, S1, words)
        after = words
    assert history.drain() == acked(6, 6, delivered=6, reordered=2)


# Senders that have vanished with their worker


def vanished_staff(new_history):
    """Staff S1, whose worker 1 is lost, said a confirm and a token that the customer has got."""
    history = new_history(workers=(0, 1))
    customer, staff = history.open(C1), history.open(S1, worker=1)
    history.bind(staff)
    words = history.send(staff, S1, digest=CONFIRM), history.send(staff, S1)
    mine, history._seen = history._seen, []
    history._seen = [seen for seen in mine if seen.connection >> 32]
    history.report(1)
    history._seen = [seen for seen in mine if not seen.connection >> 32]
    history.get_word(customer, S1, CONFIRM)
    history.get(customer, S1, words[1])
    return history, customer, words[1]


def test_word_of_a_vanished_sender_is_no_repetition(new_history):
    history, customer, token = vanished_staff(new_history)
    history.get_word(customer, S1, CONFIRM, after=token)
    history.report(0)
    history.books.worker_lost(1)
    found = history.drain()
    assert (found["recovered"], found["unknown"]) == (1, 1)
    assert "duplicated" not in found


def test_word_of_a_vanished_sender_is_not_the_refused_one(new_history):
    history, customer, token = vanished_staff(new_history)
    other = history.open(S1, worker=1)
    history.send(other, S1, REFUSED, CLOSING)
    history.report(1)
    history.get_word(customer, S1, CLOSING, after=token)
    history.report(0)
    history.books.worker_lost(1)
    found = history.drain()
    assert found["recovered"] == 1
    assert "unexpected" not in found


def test_word_repeated_before_the_silence_is_duplicated_all_the_same(new_history):
    history, customer, token = vanished_staff(new_history)
    history.get_word(customer, S1, CONFIRM, after=token)
    behind = history.open(S1, worker=1)
    after = history.send(behind, S1)
    history._seen.sort(key=lambda seen: seen.connection >> 32)
    place = next(n for n, seen in enumerate(history._seen) if seen.connection >> 32)
    mine, history._seen = history._seen[:place], history._seen[place:]
    history.report(1)
    history._seen = mine
    history.get(customer, S1, after)
    history.report(0)
    history.books.worker_lost(1)
    assert history.drain()["duplicated"] == 1
