"""From a population and what the user asks otherwise to a load plan. Pure.

The one place where a population's own figures and a command's options meet.
"""

from typing import Any

import msgspec

from harness.attendance import Attendance
from harness.errors import UsageError
from harness.populations import Population
from harness.populations.habits import Coming
from harness.swarm.plan import Limits, LoadPlan, Model

_MOST_SESSIONS = 1_000_000


class Wishes(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for beside the population; None: as the population says."""

    customers: int | None = None
    staff: int | None = None
    rate: float | None = None
    duration_s: float | None = None
    warm_up_s: float | None = None
    model: Model | None = None


def plan_of(population: Population, wishes: Wishes, *, seed: int, **rest: Any) -> LoadPlan:
    """The plan; ``rest`` are its fields that no population knows. UsageError when it cannot be.

    A warm-up of the population's own that leaves nothing of a shorter duration is left out.
    """
    duration_s = _first(wishes.duration_s, population.duration_s)
    warm_up_s = wishes.warm_up_s
    if warm_up_s is None:
        warm_up_s = population.warm_up_s if population.warm_up_s < duration_s else 0.0
    limits = Limits(
        connects_per_s=population.connects_per_s, connects_at_once=population.connects_at_once
    )
    asked_customers = _first(wishes.customers, population.customers)
    return LoadPlan(
        **{
            "customers": _accounts(population, duration_s, seed)
            if asked_customers is None
            else asked_customers,
            "staff": _first(wishes.staff, population.staff),
            "rate": _first(wishes.rate, population.rate),
            "duration_s": duration_s,
            "warm_up_s": warm_up_s,
            "model": Model(_first(wishes.model, population.model)),
            "seed": seed,
            "scenario": population.name,
            "shape": _shape(population, wishes),
            "locales": population.languages,
            "customer": population.customer,
            "service": population.service,
            "limits": limits,
        }
        | rest
    )


def _shape(population: Population, wishes: Wishes) -> Any:
    """The closed model, where it is asked for, goes without the population's shape."""
    return () if wishes.model is Model.CLOSED else population.shape


def _accounts(population: Population, duration_s: float, seed: int) -> int | None:
    """As many as the sessions need at their height (at most what Little's law and chance make)."""
    habits = population.customer
    if habits.coming is not Coming.POISSON:
        return population.customers
    if habits.sessions.per_s * duration_s > _MOST_SESSIONS:
        raise UsageError(
            f"{habits.sessions.per_s:g} sessions a second for {duration_s:g} s are too many to"
            " be planned",
            "say how many customers take part with --customers",
        )
    return Attendance(seed, 1, duration_s, habits).accounts_needed()


def _first(wish: Any, otherwise: Any) -> Any:
    return otherwise if wish is None else wish
