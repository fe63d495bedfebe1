"""Acknowledged messages are told once and measured once."""

from harness.ledger.ack_rows import ack_row, sents_of
from harness.swarm.acks import Acks
from harness.swarm.meter import Meter

NS = 1_000_000_000


def noted(*seqs: int) -> Acks:
    acks = Acks()
    for seq in seqs:
        acks.note(ack_row(1, 5, 7, seq, NS, NS + 1_000_000, NS + 3_000_000))
    return acks


def test_both_get_everything_once() -> None:
    acks = noted(0, 1)
    assert [sent.seq for sent in sents_of(acks.to_tell())] == [0, 1]
    acks.note(ack_row(0, 5, 7, 2, 1, 2, 3))
    assert len(acks.to_measure()) == 3
    assert [sent.kind for sent in sents_of(acks.to_tell())] == ["text"]
    assert len(acks.to_measure()) == len(acks.to_tell()) == 0


def test_the_meter_counts_each_as_acknowledged_by_its_type() -> None:
    acks = Acks()
    meter = Meter(acks)
    meter.start(0)
    for seq in range(2):
        acks.note(ack_row(1, 5, 7, seq, NS, NS + 1_000_000, NS + 3_000_000))
    meter.acked("image", NS, NS + 1_000_000, NS + 3_000_000)
    seconds = meter.take()
    assert seconds[1].counts == {"acked": 3}
    assert seconds[1].latency["ack"].sum_us == 9_000
    assert seconds[1].service["ack"].sum_us == 6_000
    assert seconds[-1].latency["ack.image"].count == 3
