"""A population: who takes part in a load, how much they say, and what they are like."""

import msgspec

from harness.populations.habits import Bend, CustomerHabits, StaffHabits

MODELS = ("open-constant", "open-poisson", "closed")
LANGUAGES = ("zh_TW", "en_US")


class Population(msgspec.Struct, frozen=True, kw_only=True):
    """What a population file says. ``rate`` is customers' messages per second.

    ``name`` is the shipped name or the file's stem; ``about`` one sentence. ``customers`` None:
    as many as the sessions need. ``shape`` is how the rate goes over the duration; empty: constant.
    """

    name: str
    about: str = ""
    customers: int | None = 20
    staff: int = 5
    rate: float = 50.0
    duration_s: float = 30.0
    warm_up_s: float = 0.0
    model: str = MODELS[0]
    shape: tuple[Bend, ...] = ()
    languages: tuple[str, ...] = LANGUAGES
    connects_per_s: float = 200.0
    connects_at_once: int = 64
    customer: CustomerHabits = CustomerHabits()
    service: StaffHabits = StaffHabits()
