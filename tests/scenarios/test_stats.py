"""Locust's tables from our histograms."""

from locust.stats import RequestStats

from harness.swarm.meter import SecondData
from scenarios.stats import METHOD, show, show_seconds
from schemas.histogram import Histogram, HistogramData


def histogram(*values_us: int) -> HistogramData:
    made = Histogram()
    for value in values_us:
        made.record(value)
    return made.data()


def test_a_histogram_becomes_requests_of_its_series_and_of_the_total() -> None:
    stats = RequestStats()
    show(stats, "ack", histogram(1_000, 2_000, 2_000, 30_000))
    entry = stats.get("ack", METHOD)
    for one in (entry, stats.total):
        assert one.num_requests == 4
        assert one.response_times == {1: 1, 2: 2, 30: 1}
        assert (one.min_response_time, one.max_response_time) == (1, 30)
        assert one.total_response_time == 35


def test_series_are_kept_apart() -> None:
    stats = RequestStats()
    show(stats, "ack", histogram(1_000))
    show(stats, "deliver", histogram(5_000, 5_000))
    assert stats.get("deliver", METHOD).num_requests == 2
    assert stats.total.num_requests == 3


def test_an_empty_histogram_shows_nothing() -> None:
    stats = RequestStats()
    show(stats, "ack", histogram())
    assert stats.total.num_requests == 0
    assert stats.total.min_response_time is None


def test_a_report_shows_the_warm_up_too() -> None:
    stats = RequestStats()
    data = SecondData({}, {"ack": histogram(1_000)}, {}, {"ack": histogram(2_000)})
    show_seconds(stats, {0: data})
    assert stats.get("ack", METHOD).num_requests == 2


def test_a_part_by_message_type_is_not_counted_twice() -> None:
    stats = RequestStats()
    latency = {"ack": histogram(1_000), "ack.image": histogram(1_000)}
    show_seconds(stats, {-1: SecondData({}, latency, {}, {})})
    assert stats.total.num_requests == 1
