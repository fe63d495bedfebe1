"""Simulated pairs of servers, equal or known not to be, and what a comparison says of them.

Seconds of a run hang together (AR(1), ρ 0.8), latencies have Pareto's tails, and whole runs differ
by an effect of their own. Source: measurement §10.
"""

from collections.abc import Mapping

import numpy as np
from scipy.stats import beta

from harness.comparison.latencies import Rules, Side, compare_latencies
from harness.comparison.quantities import Quantity, Standing
from schemas.comparison import Direction

METRICS = ("ack", "deliver", "login", "first_answer")
P50, P99 = 0, 1
"""Which quantile of every metric a factor slows down."""

PAIRS, RUNS, SECONDS, PER_SECOND = 2_000, 5, 60, 20
CORRELATION = 0.8
OF_A_SECOND = 0.03
TAIL = 0.4  # 1/a of Pareto's distribution: the variance is finite, the third moment is not
SEED = 20_261_122

_SHARES = {"p50": 0.5, "p99": 0.99}


def count(
    direction: Direction,
    effect: float,
    factors: Mapping[int, float],
    name: str = "",
    pairs: int = PAIRS,
) -> int:
    """In how many of the pairs any quantity (or the one named) is called that.

    ``effect`` is how much equal runs differ; ``factors`` slow the candidate's quantiles down.
    """
    rng = np.random.default_rng(SEED + int(1000 * effect))
    hits = 0
    for _ in range(pairs):
        base, candidate = (_quantiles(rng, effect) for _ in range(2))
        for quantile, slower in factors.items():
            candidate[:, :, quantile] *= slower
        found = compare_latencies(_sides(base), _sides(candidate), Rules())
        hits += any(each.direction is direction for each in found if name in ("", each.name))
    return hits


def upper_bound(hits: int, of: int) -> float:
    """The upper 95 % bound of a share (Clopper and Pearson)."""
    return float(beta.ppf(0.95, hits + 1, of - hits)) if hits < of else 1.0


def _quantiles(rng: np.random.Generator, effect: float) -> np.ndarray:
    """p50 and p99 in µs of every metric of one side's runs: shape (runs, metrics, 2)."""
    shape = (RUNS, len(METRICS))
    level = rng.normal(0.0, effect, (RUNS, 1)) + np.zeros(shape)
    drift = np.empty((*shape, SECONDS))
    drift[..., 0] = rng.normal(0.0, OF_A_SECOND, shape)
    fresh = OF_A_SECOND * np.sqrt(1 - CORRELATION**2)
    for second in range(1, SECONDS):
        drift[..., second] = CORRELATION * drift[..., second - 1] + rng.normal(0.0, fresh, shape)
    tails = TAIL * rng.standard_exponential((*shape, SECONDS, PER_SECOND), dtype=np.float32)
    logs = (tails + (level[..., None] + drift)[..., None].astype(np.float32)).reshape(*shape, -1)
    ranks = [int(share * logs.shape[-1]) for share in _SHARES.values()]
    return np.exp(np.partition(logs, ranks, axis=-1)[..., ranks]) * 2_000.0


def _sides(values: np.ndarray) -> dict[str, Side]:
    return {
        f"{name}({metric})": Side(
            tuple(Quantity(Standing.MEASURED, float(v), 10_000, 1_000) for v in values[:, m, q])
        )
        for m, metric in enumerate(METRICS)
        for q, name in enumerate(_SHARES)
    }
