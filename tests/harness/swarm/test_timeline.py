"""The run by seconds, merged from every process."""

from harness.swarm.meter import BEFORE, SecondData
from harness.swarm.timeline import Timeline
from schemas.histogram import Histogram, HistogramData

NS = 1_000_000_000
T0 = 7 * NS


def ack(*values_us: int) -> dict[str, HistogramData]:
    histogram = Histogram()
    for value in values_us:
        histogram.record(value)
    return {"ack": histogram.data()}


def started() -> Timeline:
    timeline = Timeline()
    timeline.start(T0)
    return timeline


def test_two_workers_seconds_are_one() -> None:
    timeline = started()
    timeline.add({0: SecondData({"sent": 2}, ack(10, 20), ack(5), {})})
    timeline.add({0: SecondData({"sent": 3}, ack(30), {}, {})})
    (second,) = timeline.finished(T0 + 2 * NS, connections=9)
    assert {word: number for word, number in second.counts.items() if number} == {
        "sent": 5,
        "open": 9,
    }
    assert second.latencies["ack"].count == 3
    assert timeline.latency("ack").sum_us == 60
    assert timeline.service("ack").sum_us == 5


def test_a_second_is_given_once_and_only_when_it_is_over() -> None:
    timeline = started()
    timeline.add({0: SecondData({"sent": 1}, {}, {}, {})})
    assert list(timeline.finished(T0 + 2 * NS - 1, 0)) == []
    assert [s.second for s in timeline.finished(T0 + 3 * NS, 0)] == [0, 1]
    assert list(timeline.finished(T0 + 3 * NS, 0)) == []


def test_what_left_in_time_counts_in_the_second_in_which_it_was_due() -> None:
    timeline = started()
    timeline.add({0: SecondData({"due": 9, "sent_in_time": 2}, {}, {}, {})})
    assert list(timeline.finished(T0 + NS + 1, 5)) == []
    timeline.add({0: SecondData({"sent_in_time": 7}, {}, {}, {})})
    (second,) = timeline.finished(T0 + 2 * NS, 6)
    assert second.counts["sent_in_time"] == second.counts["due"] == 9
    assert second.counts["open"] == 5


def test_connections_that_end_in_a_short_drain_were_open_before() -> None:
    timeline = started()
    list(timeline.finished(T0 + NS, 5))
    assert [s.counts["open"] for s in timeline.unfinished(0)] == [5]


def test_what_comes_late_goes_into_the_first_open_second_and_no_sum_is_lost() -> None:
    timeline = started()
    list(timeline.finished(T0 + 4 * NS, 0))
    timeline.add({1: SecondData({"received": 1}, ack(50), {}, {})})
    (second,) = timeline.finished(T0 + 5 * NS, 0)
    assert (second.second, second.counts["received"]) == (3, 1)
    assert timeline.latency("ack").count == 1


def test_what_errors_are_made_of_is_told_even_where_there_are_none() -> None:
    (second,) = started().finished(T0 + 2 * NS, 0)
    assert second.counts["unknown"] == second.counts["failed_connects"] == 0


def test_in_the_end_the_second_that_is_under_way_is_given_if_anything_was_in_it() -> None:
    timeline = started()
    list(timeline.finished(T0 + 2 * NS, 0))
    assert [s.second for s in timeline.unfinished(0)] == [1]
    timeline.add({2: SecondData({"unknown": 3}, {}, {}, {})})
    assert [s.counts["unknown"] for s in timeline.unfinished(0)] == [3]
    assert list(timeline.unfinished(0)) == []


def test_the_warm_up_is_shown_and_not_measured() -> None:
    timeline = started()
    timeline.add({0: SecondData({}, {}, {}, ack(10))})
    (second,) = timeline.finished(T0 + 2 * NS, 0)
    assert second.latencies["ack"].count == 1
    assert timeline.latency("ack").count == 0


def test_the_time_before_t0_is_measured_and_not_shown() -> None:
    timeline = started()
    timeline.add({BEFORE: SecondData({}, ack(10), {}, {})})
    assert timeline.latency("ack").count == 1
    (second,) = timeline.finished(T0 + 2 * NS, 0)
    assert second.latencies == {}
