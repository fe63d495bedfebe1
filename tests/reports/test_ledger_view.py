from reports.ledger_view import ledger_view
from reports.symbols import Tone
from schemas.ledger_totals import LedgerTotals


def test_both_identities_are_checked_and_not_believed() -> None:
    view = ledger_view(LedgerTotals(sent=5, acked=4, refused=1, expected_deliveries=4, delivered=3))
    assert [identity.holds for identity in view.identities] == [True, False]


def test_an_anomaly_is_bad_missing_evidence_doubtful_and_a_replay_calm() -> None:
    view = ledger_view(LedgerTotals(lost=1, in_flight=1, redelivered=9, duplicated=0))
    tones = {entry.word: entry.tone for entry in [*view.anomalies, *view.counted]}
    assert tones["lost"] is Tone.BAD
    assert tones["duplicated"] is Tone.CALM
    assert tones["redelivered"] is Tone.CALM
    assert view.identities[1].parts[2].tone is Tone.DOUBT


def test_every_word_of_the_ledger_is_shown() -> None:
    view = ledger_view(LedgerTotals())
    shown = {entry.word for entry in [*view.anomalies, *view.counted]}
    shown |= {part.word for identity in view.identities for part in identity.parts}
    shown |= {identity.whole.word for identity in view.identities}
    assert shown == set(LedgerTotals.__struct_fields__)
