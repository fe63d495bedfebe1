"""What of a run is compared: quantiles of its latencies, each under the name of a threshold.

Knows no other run.
"""

from enum import StrEnum

import msgspec

from schemas.histogram import Quantile, judging_quantile
from schemas.run_log import Run

PRIMARY = "p50(ack)"
"""The one quantity that is tested at the full level unless another is named."""

QUANTILES = {"p50": 0.5, "p99": 0.99}


class Standing(StrEnum):
    """Whether a quantile has a value that one may judge by."""

    MEASURED = "measured"
    NOT_REACHED = "not-reached"
    TOO_FEW = "too-few"
    ABSENT = "absent"


class Quantity(msgspec.Struct, frozen=True):
    """One quantile of one run in µs: its value, or the least it can be where unanswered messages
    rank there; ``needed`` samples are too many for it where there are ``samples``."""

    standing: Standing
    value_us: float = 0.0
    samples: int = 0
    needed: int = 0


def quantities(run: Run) -> dict[str, Quantity]:
    """Every quantile of every latency of ``run``, named as in a threshold: ``p50(ack)``."""
    return {
        f"{name}({metric.name})": _quantity(
            judging_quantile(metric.latency, share, metric.unanswered)
        )
        for metric in run.metrics.values()
        for name, share in QUANTILES.items()
    }


def _quantity(found: Quantile) -> Quantity:
    if found.indicative:
        return Quantity(Standing.TOO_FEW, 0.0, found.samples, found.needed)
    if found.value_us is None:
        return Quantity(Standing.NOT_REACHED, float(found.at_least_us or 0), found.samples)
    return Quantity(Standing.MEASURED, float(max(found.value_us, 1)), found.samples)
