"""Who gets which participants: the master's broker of identities. Pure; knows no runner.

Participants are numbered over the whole run, customers first. Locust decides how many slots of each
kind a worker has; the worker asks for as many identities, and each is given out once.
"""

import msgspec

from harness.swarm.plan import LoadPlan


class Grant(msgspec.Struct, frozen=True, array_like=True):
    """Participants that a worker may play."""

    customers: tuple[int, ...]
    staff: tuple[int, ...]


class Broker:
    """Gives out the plan's customers and staff in order."""

    def __init__(self, plan: LoadPlan) -> None:
        self._plan = plan
        self.customers = 0
        self.staff = 0

    def reserve(self, customers: int, staff: int) -> Grant:
        """As many identities as were asked for, or as there are left."""
        first_customer, first_staff = self.customers, self.staff
        self.customers = min(self.customers + customers, self._plan.customers)
        self.staff = min(self.staff + staff, self._plan.staff)
        base = self._plan.customers
        return Grant(
            tuple(range(first_customer, self.customers)),
            tuple(range(base + first_staff, base + self.staff)),
        )

    @property
    def granted(self) -> int:
        """How many participants have been given out."""
        return self.customers + self.staff
