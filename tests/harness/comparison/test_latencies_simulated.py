"""False alarms and power, by simulation: runs whose seconds hang together, with heavy tails, and
with run-to-run effects of 0, 3 and 5 %. Source: measurement §10."""

import numpy as np
import pytest
from scipy.stats import beta

from harness.comparison.latencies import Rules, Side, compare_latencies
from harness.comparison.quantities import Quantity, Standing
from schemas.comparison import Direction

METRICS = ("ack", "deliver", "login", "first_answer")
PAIRS, RUNS, SECONDS, PER_SECOND = 2_000, 5, 60, 20
CORRELATION = 0.8
OF_A_SECOND = 0.03
TAIL = 0.4  # 1/a of Pareto's distribution: the variance is finite, the third moment is not
SEED = 20_261_122


def quantiles(rng: np.random.Generator, effect: float) -> np.ndarray:
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
    ranks = [int(share * logs.shape[-1]) for share in (0.5, 0.99)]
    return np.exp(np.partition(logs, ranks, axis=-1)[..., ranks]) * 2_000.0


def sides(values: np.ndarray) -> dict[str, Side]:
    return {
        f"{name}({metric})": Side(
            tuple(Quantity(Standing.MEASURED, float(v), 10_000, 1_000) for v in values[:, m, q])
        )
        for m, metric in enumerate(METRICS)
        for q, name in enumerate(("p50", "p99"))
    }


def upper_bound(hits: int, of: int) -> float:
    """The upper 95 % bound of a share (Clopper and Pearson)."""
    return float(beta.ppf(0.95, hits + 1, of - hits)) if hits < of else 1.0


def share_of(direction: Direction, effect: float, factor: dict[int, float], name: str = "") -> int:
    """In how many of the pairs any quantity (or the one named) has that direction."""
    rng = np.random.default_rng(SEED + int(1000 * effect))
    hits = 0
    for _ in range(PAIRS):
        base, candidate = (quantiles(rng, effect) for _ in range(2))
        for quantile, slower in factor.items():
            candidate[:, :, quantile] *= slower
        found = compare_latencies(sides(base), sides(candidate), Rules())
        hits += any(each.direction is direction for each in found if name in ("", each.name))
    return hits


@pytest.mark.parametrize("effect", [0.0, 0.03, 0.05])
def test_equal_servers_are_seldom_called_worse(effect):
    hits = share_of(Direction.WORSE, effect, {})
    print(f"A/A, run effect {effect:.0%}: {hits} of {PAIRS} called worse (seed {SEED})")
    assert upper_bound(hits, PAIRS) <= 0.065


def test_ten_percent_on_the_primary_is_found_with_five_runs_a_side():
    hits = share_of(Direction.WORSE, 0.05, {0: 1.10}, "p50(ack)")
    print(f"+10 % on p50(ack), run effect 5 %: found in {hits} of {PAIRS} (seed {SEED})")
    assert hits / PAIRS >= 0.80


def test_the_power_for_a_quarter_on_p99_is_printed():
    hits = share_of(Direction.WORSE, 0.05, {1: 1.25}, "p99(ack)")
    print(f"+25 % on p99(ack), run effect 5 %: found in {hits} of {PAIRS} (seed {SEED})")
    assert hits > 0
