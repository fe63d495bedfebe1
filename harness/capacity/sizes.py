"""How long a trial must be, so that every quantile it is judged by has its samples. Arithmetic.

What one message brings of each latency series is learned from the trials made so far.
"""

import math
from collections.abc import Sequence

from harness.errors import UsageError
from harness.thresholds import Threshold
from harness.thresholds.values import CasesDemand, FigureDemand, LatencyDemand
from schemas.histogram import samples_needed
from schemas.run_log import Run

MARGIN = 1.1
"""So many times the samples that are needed are planned for."""

LONGEST_S = 3600.0
_CASES = "conformance."


def demand_slo(threshold: Threshold) -> Threshold:
    """``threshold``; UsageError for one about cases, of which a load runs none."""
    demand = threshold.demand
    of_cases = isinstance(demand, FigureDemand) and demand.name.startswith(_CASES)
    if of_cases or isinstance(demand, CasesDemand):
        raise UsageError(
            f"a capacity is no matter of cases, as {threshold.text!r} has it",
            "demand something of the load: 'p99(ack) < 200ms', 'lost == 0'",
        )
    return threshold


class Sizes:
    """The lengths of trials that are judged by ``slos``; none is shorter than ``shortest_s``."""

    def __init__(self, slos: Sequence[Threshold], shortest_s: float) -> None:
        self._demands = [each.demand for each in slos if isinstance(each.demand, LatencyDemand)]
        self._shortest_s = shortest_s + max(map(_figure_after_s, slos), default=0.0)
        self._per_message: dict[str, float] = {}

    def measured_s(self, rate: float) -> float:
        """How long a load of ``rate`` messages a second is to be measured.

        UsageError when a quantile would take over an hour.
        """
        return max([self._shortest_s, *(self._needed_s(each, rate) for each in self._demands)])

    def learn(self, run: Run) -> None:
        """A trial has shown how many samples a message asked for brings; the scarcest yield is
        kept. (The closed model sends otherwise than it is asked.)
        """
        if run.plan is None or run.totals is None:
            return
        asked = run.plan.rate * (run.plan.duration_s - run.plan.warm_up_s)
        for series in map(_series, self._demands):
            metric = run.metrics.get(series)
            samples = metric.latency.count + metric.unanswered if metric is not None else 0
            if samples:
                found = samples / asked
                self._per_message[series] = min(self._per_message.get(series, found), found)

    def _needed_s(self, demand: LatencyDemand, rate: float) -> float:
        needed = samples_needed(demand.share)
        per_s = rate * self._per_message.get(_series(demand), 1.0)
        length_s = demand.after_s + MARGIN * needed / per_s
        if length_s > LONGEST_S:
            raise UsageError(
                f"{demand.quantile}({_series(demand)}) needs {needed} samples, which take"
                f" {length_s / 60:.0f} minutes at {rate:.3g} messages a second",
                "begin at a higher rate, or demand a lower quantile",
            )
        return math.ceil(length_s * 10) / 10


def _figure_after_s(threshold: Threshold) -> float:
    """What a figure leaves out at the beginning comes on top, so that as much is left."""
    demand = threshold.demand
    return (demand.after_s or 0.0) if isinstance(demand, FigureDemand) else 0.0


def _series(demand: LatencyDemand) -> str:
    return f"{demand.metric}.{demand.kind}" if demand.kind else demand.metric
