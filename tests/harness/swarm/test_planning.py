"""A population and the options beside it make one plan."""

from typing import Any

import pytest

from harness.errors import UsageError
from harness.populations import Population
from harness.populations.habits import Bend, Coming, CustomerHabits, Sessions, Span
from harness.swarm.plan import LoadPlan, Model
from harness.swarm.planning import Wishes, plan_of

SHOP = Population(name="shop", rate=7.0, customers=3, staff=1, duration_s=20.0, warm_up_s=5.0)


def made(population: Population = SHOP, **wishes: Any) -> LoadPlan:
    return plan_of(population, Wishes(**wishes), seed=1, run_id="x", run="abc123", out="")


def test_without_wishes_it_is_the_population() -> None:
    plan = made()
    assert (plan.customers, plan.staff, plan.rate, plan.duration_s) == (3, 1, 7.0, 20.0)
    assert (plan.scenario, plan.model, plan.warm_up_s) == ("shop", Model.OPEN_CONSTANT, 5.0)


def test_a_wish_comes_first() -> None:
    plan = made(customers=9, staff=0, rate=2.5, duration_s=10.0, warm_up_s=0.0, model=Model.CLOSED)
    assert (plan.customers, plan.staff, plan.rate, plan.duration_s) == (9, 0, 2.5, 10.0)
    assert (plan.warm_up_s, plan.model) == (0.0, Model.CLOSED)


def test_a_shorter_duration_goes_without_a_warm_up_that_would_fill_it() -> None:
    assert made(duration_s=4.0).warm_up_s == 0.0
    with pytest.raises(UsageError, match="leaves nothing"):
        made(duration_s=4.0, warm_up_s=4.0)


def test_the_closed_model_goes_without_a_shape() -> None:
    shaped = Population(name="shop", shape=(Bend(0.0, 0.0), Bend(1.0, 1.0)))
    assert made(shaped, model=Model.CLOSED).shape == ()
    assert made(shaped).mean_rate == pytest.approx(25.0)


def test_sessions_get_as_many_accounts_as_they_need() -> None:
    habits = CustomerHabits(coming=Coming.POISSON, sessions=Sessions(1.0, Span(5.0)))
    visits = Population(name="visits", customers=None, customer=habits)
    assert 4 <= made(visits).customers <= 15
    assert made(visits, customers=2).customers == 2


def test_more_sessions_than_can_be_planned_are_refused() -> None:
    habits = CustomerHabits(coming=Coming.POISSON, sessions=Sessions(1e5, Span(5.0)))
    with pytest.raises(UsageError, match="too many"):
        made(Population(name="visits", customers=None, customer=habits))


def test_staff_alone_is_refused() -> None:
    with pytest.raises(UsageError, match="staff alone has nobody to serve"):
        made(customers=0, staff=3)
