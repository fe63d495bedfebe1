"""How equal runs spread."""

import pytest

from harness.comparison.spread import spreads
from tests.made_runs import latencies, made_run, metric


def run(ms: float, times: int = 2_000):
    return made_run(metrics={"ack": metric(data=latencies(ms, times=times))})


def test_noise_is_the_standard_deviation_of_the_logarithms() -> None:
    found = {each.name: each for each in spreads([run(10), run(10), run(10)])}
    assert found["p50(ack)"].noise == 0
    found = {each.name: each for each in spreads([run(8), run(10), run(12.5)])}
    assert found["p50(ack)"].noise == pytest.approx(0.2231, rel=0.02)
    one = found["p50(ack)"]
    assert (one.least_us, one.median_us, one.most_us) == pytest.approx((8e3, 1e4, 12.5e3), rel=0.01)


def test_quantities_with_too_few_samples_are_left_out() -> None:
    found = spreads([run(10, times=100), run(10, times=100)])
    assert [each.name for each in found] == ["p50(ack)"]
    assert spreads([run(10, times=3)]) == []


def test_one_run_has_no_spread() -> None:
    assert spreads([run(10)])[0].noise is None
