"""Each participant is played once, whoever asks."""

from scenarios.broker import Broker
from tests.harness.swarm.simulation import plan_for


def test_numbers_are_given_out_once_customers_first() -> None:
    broker = Broker(plan_for(customers=5, staff=3))
    one, two = broker.reserve(2, 1), broker.reserve(2, 1)
    assert (one.customers, one.staff) == ((0, 1), (5,))
    assert (two.customers, two.staff) == ((2, 3), (6,))
    assert broker.granted == 6


def test_nobody_gets_more_than_there_are() -> None:
    broker = Broker(plan_for(customers=3, staff=1))
    grant = broker.reserve(10, 10)
    assert (grant.customers, grant.staff) == ((0, 1, 2), (3,))
    empty = broker.reserve(1, 1)
    assert (empty.customers, empty.staff) == ((), ())
