"""What a run's end says of its population."""

from typing import Any

import pytest

from harness.ledger.observations import Bound, Increment, Opened, Received, SendOutcome, Sent
from harness.populations.habits import Bend, Coming, CustomerHabits, Sessions, Span
from harness.swarm.collection import Collection
from harness.swarm.load_records import Ending, totals
from harness.swarm.plan import LoadPlan
from harness.swarm.reports import Census, ConnectionCounts, SwarmReport, encode_increment
from harness.swarm.saturation import SaturationLimits
from harness.swarm.vitals import VitalsData
from schemas.histogram import Histogram
from schemas.load_records import Generator, LoadTotals, Metric
from schemas.records import Note
from tests.harness.swarm.simulation import plan_for, setup_for

NS = 1_000_000_000


def collected(plan: LoadPlan, *seen: Any) -> list[Any]:
    """The records of a run in which this was observed."""
    setup = setup_for(plan)
    collection = Collection(setup, 1)
    collection.start(0)
    increment = encode_increment(Increment(0, 0, seen, {}, 9 * NS))
    report = SwarmReport(
        0, 0, (increment,), {}, None, Census(), ConnectionCounts(), {}, (), (), (), ()
    )
    for _ in collection.take(report):
        pass
    collection.close(9 * NS, complete=True)
    return totals(setup, collection, Ending(0, 0, 0))


def notes(plan: LoadPlan) -> str:
    return " ".join(record.text for record in collected(plan) if isinstance(record, Note))


def test_sessions_that_waited_for_an_account_are_told() -> None:
    visits = CustomerHabits(coming=Coming.POISSON, sessions=Sessions(2.0, Span(3.0)))
    assert "sessions waited for a free account" in notes(
        plan_for(customer=visits, customers=1, duration_s=10.0)
    )
    assert "waited" not in notes(plan_for(customer=visits, customers=40, duration_s=10.0))


def test_titles_that_were_not_asked_for_are_not_missed() -> None:
    assert "no titles were sent" in notes(plan_for())
    silent = CustomerHabits(text=1.0, image=0.0, title=0.0)
    assert "no titles" not in notes(plan_for(customer=silent))


def test_the_rate_asked_for_is_the_mean_of_its_shape() -> None:
    plan = plan_for(rate=100.0, duration_s=10.0, shape=(Bend(0.0, 0.0), Bend(1.0, 1.0)))
    (found,) = (record for record in collected(plan) if isinstance(record, LoadTotals))
    assert found.rate.asked == pytest.approx(50.0)


def test_a_loss_counts_against_its_own_message_type() -> None:
    def sent(seq: int, kind: str) -> Sent:
        at = (seq + 1) * NS
        return Sent(1, 0, 0, seq, 0, at, at, at + 9_000, SendOutcome.ACKED, kind)

    records = collected(
        plan_for(),
        Opened(1, 0, False, 0, 10),
        Opened(2, 2, True, 0, 20),
        Bound(2, 0, 30),
        sent(0, "image"),
        sent(1, "text"),
        Received(2, 0, 0, 1, 0, -1, 2 * NS + 5_000),
    )
    found = {record.name: record for record in records if isinstance(record, Metric)}
    assert (found["deliver"].latency.count, found["deliver"].timeouts) == (1, 1)
    assert (found["deliver.image"].latency.count, found["deliver.image"].timeouts) == (0, 1)
    assert (found["deliver.text"].latency.count, found["deliver.text"].timeouts) == (1, 0)
    assert "deliver.title" not in found


def test_what_reaches_a_slow_reader_is_delivered_and_not_measured() -> None:
    at = NS
    records = collected(
        plan_for(customer=CustomerHabits(slow_share=0.5)),
        Opened(1, 0, False, 0, 10, True),
        Opened(2, 2, True, 0, 20),
        Bound(2, 0, 30),
        Sent(2, 0, 2, 0, 0, at, at, at + 9_000, SendOutcome.ACKED, "text"),
        Received(1, 0, 2, 0, 0, -1, at + 700_000_000),
    )
    assert "staff_deliver" not in {r.name for r in records if isinstance(r, Metric)}
    (found,) = (record for record in records if isinstance(record, LoadTotals))
    assert found.ledger.delivered == 1


def test_the_users_limits_say_when_a_generator_is_saturated() -> None:
    setup = setup_for(plan_for())
    collection = Collection(setup, 1)
    late, none = Histogram(), Histogram()
    late.record(30_000)
    collection.health[0].add(VitalsData(late.data(), none.data(), NS, 0, 0, 0.0))

    def found(limits: SaturationLimits) -> tuple[bool, list[str]]:
        records = totals(setup, collection, Ending(0, 0, 0, saturation=limits))
        (generator,) = [record for record in records if isinstance(record, Generator)]
        return generator.saturated, generator.reasons

    assert found(SaturationLimits()) == (True, ["loop lag p99 30.0 ms, over 20 ms"])
    assert found(SaturationLimits(lag_us=40_000)) == (False, [])
