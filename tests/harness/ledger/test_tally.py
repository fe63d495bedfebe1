"""The figures of the ledger."""

from harness.ledger.tally import EXAMPLES_PER_WORD, Anomaly, Tally
from schemas.ledger_totals import ANOMALY_WORDS, LedgerTotals


def test_outstanding_is_in_flight():
    tally = Tally()
    tally.expected_deliveries, tally.outstanding, tally.in_flight = 3, 2, 1
    assert tally.totals() == LedgerTotals(expected_deliveries=3, in_flight=3)


def test_words_of_the_master_cannot_be_added_by_a_worker():
    tally = Tally()
    tally.add({"sent": 5, "misrouted": 1})
    assert tally.totals() == LedgerTotals(misrouted=1)
    assert tally.frames == {"sent": 5}


def test_every_word_keeps_its_own_few_examples():
    tally = Tally()
    for word in ("lost", "duplicated"):
        for seq in range(EXAMPLES_PER_WORD + 1):
            tally.note(Anomaly(word=word, conversation=0, sender=0, seq=seq))
    assert len(tally.examples) == 2 * EXAMPLES_PER_WORD
    assert tally.examples[0].seq == 0


def test_examples_whose_frames_are_known_take_the_place_of_others():
    shown = {(0, 5, seq) for seq in range(100, 200)}
    tally = Tally(shown)
    for seq in (*range(EXAMPLES_PER_WORD), 100, 50, *range(101, 140)):
        tally.note(Anomaly(word="lost", conversation=5, sender=0, seq=seq))
        if seq == 50:
            assert [e.seq for e in tally.examples] == [100, *range(1, EXAMPLES_PER_WORD)]
    assert [e.seq for e in tally.examples] == list(range(100, 100 + EXAMPLES_PER_WORD))


def test_anomaly_words_are_words_of_the_ledger():
    assert set(ANOMALY_WORDS) <= set(LedgerTotals.__struct_fields__)
