"""How much each latency differs between runs of one load. Pure."""

import math
from collections.abc import Sequence
from statistics import median, stdev

from harness.comparison.quantities import PRIMARY, Standing, quantities
from schemas.run_log import Run
from schemas.spread import Spread


def spreads(runs: Sequence[Run]) -> list[Spread]:
    """Every quantity that a run has measured with enough samples, the primary one first.

    The noise is the standard deviation of the logarithms: runs differ by factors.
    """
    found = [quantities(run) for run in runs]
    names = sorted({name for each in found for name in each}, key=lambda n: (n != PRIMARY, n))
    values = {
        name: [
            each[name].value_us
            for each in found
            if name in each and each[name].standing is Standing.MEASURED
        ]
        for name in names
    }
    return [_spread(name, own) for name, own in values.items() if own]


def _spread(name: str, values: Sequence[float]) -> Spread:
    noise = stdev(math.log(value) for value in values) if len(values) > 1 else None
    return Spread(
        name=name,
        runs=len(values),
        least_us=min(values),
        median_us=median(values),
        most_us=max(values),
        noise=noise,
    )
