"""How many messages were due until now, counted by the master over the whole schedule.

Workers keep their own parts of it: this is only a sum, whatever becomes of any worker.
"""

from harness.schedule import Pacer
from harness.swarm.plan import LoadPlan, Model


class DueCount:
    """``total`` is what :meth:`count` has come to. Times are ns of the host's clock."""

    def __init__(self, plan: LoadPlan) -> None:
        self.total = 0
        self._plan = plan
        self._schedule: Pacer | None = None
        self._stop_ns: int | None = None

    def start(self, t0_ns: int, customers: int) -> None:
        """The schedule begins. The closed model has none."""
        if self._plan.model is not Model.CLOSED:
            self._schedule = Pacer(self._plan.schedule(customers).entries())
            self._schedule.start(t0_ns)

    def stop(self, at_ns: int) -> None:
        """Nothing is due after this."""
        self._stop_ns = at_ns

    def count(self, now_ns: int) -> None:
        """Count what was due by now."""
        if self._schedule is not None:
            until_ns = now_ns if self._stop_ns is None else min(now_ns, self._stop_ns)
            self.total += len(self._schedule.due(until_ns))
