"""What of a run is compared, and what of it has a value to judge by."""

from harness.comparison.quantities import Standing, quantities
from tests.made_runs import latencies, made_run, metric


def test_each_latency_gives_its_judging_quantiles_under_thresholds_names():
    run = made_run(metrics={"ack": metric(data=latencies(2, times=2_000))})
    found = quantities(run)
    assert set(found) == {"p50(ack)", "p99(ack)"}
    assert found["p50(ack)"].standing is Standing.MEASURED
    assert 1_980 < found["p50(ack)"].value_us < 2_020


def test_too_few_samples_are_no_value():
    found = quantities(made_run(metrics={"ack": metric(data=latencies(2, times=500))}))
    assert found["p50(ack)"].standing is Standing.MEASURED
    assert found["p99(ack)"].standing is Standing.TOO_FEW


def test_unanswered_messages_rank_above_every_latency():
    slow = metric(data=latencies(2, times=2_000), timeouts=100)
    found = quantities(made_run(metrics={"ack": slow}))
    assert found["p99(ack)"].standing is Standing.NOT_REACHED
    assert found["p50(ack)"].standing is Standing.MEASURED
