"""The master's sum of reports, and the records made from it."""

from typing import Any

import pytest

from harness.clocks.hosts import Hosts
from harness.clocks.round_trip import Estimate
from harness.ledger.observations import (
    Bound,
    Increment,
    Opened,
    Received,
    SendOutcome,
    Sent,
)
from harness.swarm.collection import Collection
from harness.swarm.load_records import Ending, planned, totals
from harness.swarm.meter import SecondData
from harness.swarm.reports import (
    Breach,
    Census,
    ConnectionCounts,
    Exchange,
    Fault,
    Refusal,
    Sighting,
    SwarmReport,
    Unkept,
    encode_increment,
)
from harness.swarm.vitals import VitalsData
from schemas.clauses import clause
from schemas.histogram import Histogram
from schemas.load_records import Anomaly, Generator, LoadTotals, Metric, SlowMessage, Violation
from schemas.records import Note, OwnFault, decode, encode
from schemas.verdicts import Outcome
from tests.harness.swarm.simulation import plan_for, setup_for

NS = 1_000_000_000
ACKED = SendOutcome.ACKED
SETUP = setup_for(plan_for())


def report(worker: int = 0, number: int = 0, **parts: Any) -> SwarmReport:
    empty: dict[str, Any] = {
        "increments": (),
        "seconds": {},
        "vitals": None,
        "census": Census(),
        "connections": ConnectionCounts(),
        "counts": {},
        "refusals": (),
        "breaches": (),
        "sightings": (),
        "faults": (),
    }
    return SwarmReport(worker=worker, number=number, **(empty | parts))


def take(collection: Collection, *reports: SwarmReport) -> None:
    for one in reports:
        for _ in collection.take(one):
            pass


def conversation(delivered: bool = True) -> tuple[bytes, ...]:
    """Customer 0 and staff 2, bound; one message, received by the staff or not."""
    seen: list[Any] = [
        Opened(1, 0, False, 0, 10),
        Opened(2, 2, True, 0, 10),
        Bound(2, 0, 20),
        Sent(1, 0, 0, 0, 0, 100, 150, 300, SendOutcome.ACKED),
    ]
    if delivered:
        seen.append(Received(2, 0, 0, 0, 0, -1, 250))
    return (encode_increment(Increment(0, 0, tuple(seen), {}, 1_000)),)


def records(collection: Collection, due: int = 0) -> list[Any]:
    made = totals(SETUP, collection, Ending(due=due, missing=0, origin_ns=0))
    assert [decode(encode(record)) for record in made] == made
    return made


def of(kind: type, collection: Collection, due: int = 0) -> list[Any]:
    return [record for record in records(collection, due) if type(record) is kind]


def test_the_slowest_messages_are_told_with_who_said_them() -> None:
    collection = Collection(SETUP, 1)
    collection.start(0)
    take(collection, report(increments=conversation()))
    take(collection, report(increments=conversation()))  # the same once more counts nothing
    (slow,) = of(SlowMessage, collection)
    assert slow.detail == f"message 0 of {SETUP.account(0).sn}"
    assert (slow.latency_us, slow.service_us) == (0, 0)  # 200 ns, 150 ns


EXCHANGE = Exchange(0, 0, 0, "what was sent", "what answered it")


def test_the_slowest_messages_are_shown_as_they_went_over_the_wire() -> None:
    collection = Collection(SETUP, 1)
    collection.start(0)
    strange = Exchange(0, 0, 7, "not among them", "")
    take(collection, report(increments=conversation(), exchanges=(EXCHANGE, strange)))
    (slow,) = of(SlowMessage, collection)
    assert slow.frames == ["what was sent", "what answered it"]
    assert strange.key not in collection.exhibits


def test_a_lost_message_is_shown_as_it_left_where_its_worker_still_knew() -> None:
    collection = Collection(SETUP, 1)
    take(collection, report(increments=conversation(delivered=False)))
    assert collection.wanted_frames() == []
    collection.close(2_000, complete=True)
    assert collection.wanted_frames() == [(0, 0, 0)]
    assert collection.wanted_frames() == []
    (untold,) = of(Anomaly, collection)
    assert (untold.frames, untold.detail.endswith("its frames were not kept")) == ([], True)
    take(collection, report(number=1, exchanges=(EXCHANGE,)))
    (told,) = of(Anomaly, collection)
    assert told.frames == ["what was sent", "what answered it"]
    assert told.captions == ["sent", "answered with"]
    assert "not kept" not in told.detail


def test_what_came_twice_is_shown_beside_what_was_sent() -> None:
    collection = Collection(SETUP, 1)
    twice = Sighting("duplicated", "at abc123-S1", 5, ("what came",), EXCHANGE.key)
    take(collection, report(sightings=(twice,)))
    assert collection.wanted_frames() == [EXCHANGE.key]
    take(collection, report(number=1, exchanges=(EXCHANGE,)))
    (anomaly,) = of(Anomaly, collection)
    assert anomaly.frames == ["what was sent", "what answered it", "what came"]
    assert anomaly.captions == ["sent", "answered with", "received"]


def test_a_report_counts_once() -> None:
    collection = Collection(SETUP, 1)
    one = report(counts={"frames_sent": 3})
    take(collection, one, one, report(number=1, counts={"frames_sent": 1}))
    assert collection.counts["frames_sent"] == 4


def test_both_ends_become_a_delivery_with_its_latency() -> None:
    collection = Collection(SETUP, 1)
    collection.start(0)
    take(collection, report(increments=conversation(), census=Census(at_ns=1_000)))
    collection.close(2_000, complete=True)
    assert (collection.ledger.delivered, collection.ledger.lost) == (1, 0)
    (name, latency) = collection.joined_latencies()[0]
    assert (name, latency.count) in {("deliver", 1), ("offer", 1)}
    (metric,) = [m for m in of(Metric, collection) if m.name == name]
    assert metric.latency.count == metric.service.count == 1


def test_what_never_came_is_lost_and_ranks_above_every_latency() -> None:
    collection = Collection(SETUP, 1)
    take(collection, report(increments=conversation(delivered=False)))
    collection.close(2_000, complete=True)
    (metric,) = [m for m in of(Metric, collection) if m.name == "deliver"]
    assert (metric.latency.count, metric.timeouts) == (0, 1)
    (anomaly,) = of(Anomaly, collection)
    assert anomaly.word == "lost"
    assert "message 0 of abc123-C1" in anomaly.detail


def test_a_message_that_came_without_an_answer_is_no_anomaly() -> None:
    seen = (
        Opened(1, 0, False, 0, 10),
        Opened(2, 2, True, 0, 10),
        Bound(2, 0, 20),
        Sent(1, 0, 0, 0, 0, 100, 150, 300, SendOutcome.UNKNOWN),
        Received(2, 0, 0, 0, 0, -1, 250),
    )
    collection = Collection(SETUP, 1)
    increment = encode_increment(Increment(0, 0, seen, {}, 1_000))
    take(collection, report(increments=(increment,)))
    collection.close(2_000, complete=True)
    assert collection.ledger.recovered == 1
    assert of(Anomaly, collection) == []


def test_after_the_books_are_closed_nothing_changes_them() -> None:
    collection = Collection(SETUP, 1)
    collection.close(2_000, complete=True)
    take(collection, report(increments=conversation()))
    assert collection.ledger.sent == 0


@pytest.mark.parametrize(("delivered", "wrong"), [(True, 1), (False, 0)])
def test_an_unkept_promise_is_a_wrong_count_only_where_nothing_is_lost(
    delivered: bool, wrong: int
) -> None:
    finding = clause("unread-count").broken(expected="one fewer", actual="the last count")
    unkept = (Unkept(finding, "at abc123-C1", 900),)
    collection = Collection(SETUP, 1)
    take(collection, report(increments=conversation(delivered=delivered), unkept=unkept))
    collection.close(2_000, complete=True)
    assert collection.ledger.unread_wrong == wrong
    assert [v.finding.clause for v in of(Violation, collection)] == ["unread-count"] * wrong
    assert [a.word for a in of(Anomaly, collection)] == ["unread_wrong" if wrong else "lost"]


def test_unsent_messages_count_against_the_schedule() -> None:
    collection = Collection(SETUP, 1)
    take(collection, report(counts={"scheduled_sent": 6, "sent_in_time": 5}))
    (summed,) = of(LoadTotals, collection, due=10)
    assert (summed.rate.due, summed.rate.sent_in_time, summed.rate.unsent) == (10, 5, 4)
    (ack,) = [m for m in of(Metric, collection, due=10) if m.name == "ack"]
    assert ack.unsent == 4


def test_the_census_is_the_sum_of_the_workers_as_of_the_least_recent() -> None:
    collection = Collection(SETUP, 2)
    take(
        collection,
        report(0, census=Census(at_ns=50, open=3, settled=2, last_frame_ns=9, largest_us=7)),
        report(1, census=Census(at_ns=40, open=4, settled=4, last_frame_ns=30, largest_us=5)),
    )
    census = collection.census
    assert (census.at_ns, census.open, census.settled) == (40, 7, 6)
    assert (census.last_frame_ns, census.largest_us) == (30, 7)


def test_a_lost_worker_is_no_longer_waited_for_or_believed() -> None:
    collection = Collection(SETUP, 2)
    take(collection, report(0, census=Census(at_ns=50)), report(1, census=Census(at_ns=10)))
    collection.lose(1)
    collection.lose(1)
    take(collection, report(1, 1, counts={"frames_sent": 5}))
    assert collection.census.at_ns == 50
    assert collection.counts["frames_sent"] == 0
    (summed,) = of(LoadTotals, collection)
    assert summed.workers_lost == 1


def test_breaches_of_all_workers_are_one_violation_graded_by_the_profile() -> None:
    must = clause("out-json-object").broken(expected="an object", actual="a list")
    should = clause("unread-count").broken(expected="2", actual="1", pointer="/NoReadQty")
    collection = Collection(SETUP, 2)
    take(collection, report(0, breaches=(Breach(must, 2),)))
    take(collection, report(1, breaches=(Breach(must, 3), Breach(should, 1))))
    found = {v.finding.clause: (v.count, v.outcome) for v in of(Violation, collection)}
    assert found["out-json-object"] == (5, Outcome.FAILED)
    assert found["unread-count"] == (1, Outcome.NON_STRICT)


def test_evidence_is_kept_with_its_time() -> None:
    collection = Collection(SETUP, 1)
    sighting = Sighting("duplicated", "at abc123-S1, from abc123-C1", 2 * NS, ("{}",))
    take(
        collection,
        report(
            sightings=(sighting,),
            faults=(Fault("connection", "ValueError: x", "Traceback"),),
            refusals=(Refusal("refused", "", 4),),
            connections=ConnectionCounts(asked=5, opened=1, failed=4, close_codes={"1000": 1}),
        ),
    )
    (anomaly,) = of(Anomaly, collection)
    assert (anomaly.word, anomaly.at_s, anomaly.frames) == ("duplicated", 2.0, ["{}"])
    assert anomaly.captions == ["received"]
    assert [fault.message for fault in of(OwnFault, collection)] == ["ValueError: x"]
    assert "4 connects failed: refused" in [note.text for note in of(Note, collection)]
    (summed,) = of(LoadTotals, collection)
    assert (summed.connections.asked, summed.connections.failed) == (5, 4)
    assert summed.connections.close_codes == {"1000": 1}


def test_seconds_are_written_when_every_worker_has_reported_past_them() -> None:
    collection = Collection(SETUP, 2)
    collection.start(0)
    histogram = Histogram()
    histogram.record(5)
    data = SecondData({"sent": 1}, {"ack": histogram.data()}, {}, {})
    take(collection, report(0, seconds={0: data}, census=Census(at_ns=3 * NS, open=2)))
    assert list(collection.finished_seconds()) == []
    take(collection, report(1, seconds={0: data}, census=Census(at_ns=2 * NS, open=2)))
    (second,) = collection.finished_seconds()
    assert {w: n for w, n in second.counts.items() if n} == {"sent": 2, "open": 4}


@pytest.mark.parametrize("workers", [1, 3])
def test_every_worker_has_a_generator_record(workers: int) -> None:
    found = of(Generator, Collection(SETUP, workers))
    assert [generator.worker for generator in found] == list(range(workers))
    assert not any(generator.saturated for generator in found)


def test_the_plan_is_written_as_asked() -> None:
    record = planned(SETUP, workers=2)
    assert (record.customers, record.staff, record.rate, record.workers) == (2, 1, 10.0, 2)


def two_hosts(offset_ns: int) -> Hosts:
    """Worker 1 runs on a host whose clock is ahead."""
    hosts = Hosts()
    hosts.place(1, "far")
    hosts.learn("far", Estimate(offset_ns, offset_ns, 1_000))
    return hosts


def across(received_ns: int) -> Collection:
    """A message of worker 0 that a staff connection of worker 1 got, as its own clock says."""
    ahead, far = 5 * NS, 1 << 32 | 1
    collection = Collection(SETUP, 2, two_hosts(ahead))
    collection.start(0)
    opened = [Opened(1, 0, False, 0, 10), Sent(1, 0, 0, 0, 0, 100_000, 150_000, 300_000, ACKED)]
    there = [
        Opened(far, 2, True, ahead, ahead + 10),
        Bound(far, 0, ahead + 20),
        Received(far, 0, 0, 0, 0, -1, ahead + received_ns),
    ]
    for worker, seen, ahead_ns in ((0, opened, 0), (1, there, ahead)):
        increment = encode_increment(Increment(worker, 0, tuple(seen), {}, ahead_ns + 1_000_000))
        census = Census(at_ns=ahead_ns + 1_000_000)
        take(collection, report(worker, increments=(increment,), census=census))
    assert collection.census.at_ns == 1_000_000
    collection.close(2_000_000, complete=True)
    assert collection.ledger.delivered == 1
    return collection


def test_a_delivery_across_hosts_is_a_series_of_its_own() -> None:
    (metric,) = of(Metric, across(200_000))
    assert metric.name == "deliver_remote"
    assert (metric.latency.count, metric.latency.max_us) == (1, 100)
    assert (metric.service.max_us, metric.negative, metric.clock_error_us) == (50, 0, 1)


def test_a_delivery_before_its_sending_is_counted_and_not_measured() -> None:
    (metric,) = of(Metric, across(149_000))
    assert (metric.latency.count, metric.service.count, metric.negative) == (0, 0, 1)


def test_a_generator_at_its_limit_says_what_would_help() -> None:
    collection = Collection(SETUP, 2)
    for worker in (0, 1):
        lag = Histogram()
        lag.record(50_000, 100)
        vitals = VitalsData(lag.data(), lag.data(), 10 * NS, NS, 0, 0.5, 3, 700, 90, 100, 20, 99)
        take(collection, report(worker, vitals=vitals))
    made = totals(SETUP, collection, Ending(0, 0, 0, cores=8, addresses={1: 2}))
    generators = [record for record in made if isinstance(record, Generator)]
    assert [each.saturated for each in generators] == [True, True]
    assert [each.ports for each in generators] == [99, 198]
    assert (generators[0].gc_pauses, generators[0].gc_pause_max_us) == (3, 700)
    assert generators[0].advice == ["add workers: --workers 4", "raise ulimit -Hn, or add workers"]
    notes = [record.text for record in made if isinstance(record, Note)]
    assert "the generator was at its limit (worker 0, 1): add workers: --workers 4" in notes
