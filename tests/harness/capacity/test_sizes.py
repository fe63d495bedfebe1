"""How long trials are."""

import pytest

from harness.capacity import Sizes
from harness.errors import UsageError
from harness.thresholds import parse
from schemas.load_records import LoadPlanned
from tests.made_runs import latencies, made_run, metric

PLAN = LoadPlanned(
    scenario="steady",
    model="open-constant",
    rate=100,
    duration_s=11,
    warm_up_s=1,
    customers=20,
    staff=5,
    workers=1,
    seed=1,
)


def sizes(*slos: str, shortest_s: float = 5.0) -> Sizes:
    return Sizes([parse(each) for each in slos], shortest_s)


@pytest.mark.parametrize(
    ("slo", "rate", "length_s"),
    [
        ("p99(ack) < 1s", 100, 11.0),
        ("p99.9(ack) < 1s", 100, 110.0),
        ("p50(ack) < 1s", 100, 5.0),
        ("p99(ack) < 1s after 10s", 100, 21.0),
        ("max(ack) < 1s", 1, 11.0),
        ("lost == 0", 0.01, 5.0),
        ("rate >= 0.99 * asked after 10s", 100, 15.0),
    ],
)
def test_a_trial_lasts_until_its_quantile_has_its_samples(slo, rate, length_s) -> None:
    assert sizes(slo).measured_s(rate) == pytest.approx(length_s, abs=0.11)


def test_the_longest_demand_decides() -> None:
    assert sizes("p99(ack) < 1s", "p50(ack) < 1s").measured_s(10) == pytest.approx(110, abs=0.11)


def test_what_a_message_brings_of_a_series_is_learned() -> None:
    wanted = sizes("p99(deliver) < 1s")
    half = {"deliver": metric("deliver", latencies(1, times=500))}
    wanted.learn(made_run(plan=PLAN, metrics=half))
    assert wanted.measured_s(100) == pytest.approx(22, abs=0.11)
    full = {"deliver": metric("deliver", latencies(1, times=1_000))}
    wanted.learn(made_run(plan=PLAN, metrics=full))
    assert wanted.measured_s(100) == pytest.approx(22, abs=0.11)


def test_hours_of_a_trial_are_refused() -> None:
    with pytest.raises(UsageError, match=r"p99\.9\(ack\) needs 10000 samples.*higher rate"):
        sizes("p99.9(ack) < 1s").measured_s(1)
