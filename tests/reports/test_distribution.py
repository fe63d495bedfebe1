"""What a heat map and a percentile curve tell is what the histograms hold."""

import math

import pytest

from reports.distribution import heat_map, percentile_chart
from reports.series import bins
from schemas.histogram import Histogram, HistogramData
from schemas.load_records import Metric, Second


def collected(*values_us: int) -> HistogramData:
    histogram = Histogram()
    for value in values_us:
        histogram.record(value)
    return histogram.data()


def told(chart, label: str) -> list[str]:
    (reading,) = (each for each in chart.readings.each if each.label == label)
    return list(reading.values)


def test_a_heat_map_tells_each_second_s_answers() -> None:
    quick, slow = collected(*[1_000] * 9, 90_000), collected(50_000)
    series = bins(
        [
            Second(second=0, counts={"sent": 10}, latencies={"ack": quick}),
            Second(second=2, counts={"sent": 1}, latencies={"ack": slow}),
        ]
    )
    chart = heat_map("ack", "ack", series)
    assert told(chart, "answers") == ["10", "0", "1"]
    assert told(chart, "slowest") == ["90.0", "–", "50.0"]
    assert told(chart, "most")[0].startswith("90.0")
    assert chart.readings.span_s == (0, 3)
    assert chart.readings.places == pytest.approx([1 / 6, 1 / 2, 5 / 6])
    assert len(chart.steps) == 5


@pytest.mark.parametrize("value_us", [0, 1, 127, 60_000_000])
def test_one_answer_alone_makes_a_heat_map(value_us: int) -> None:
    series = bins([Second(second=0, counts={}, latencies={"ack": collected(value_us)})])
    assert told(heat_map("ack", "ack", series), "answers") == ["1"]


def test_without_samples_there_is_neither() -> None:
    assert heat_map("ack", "ack", bins([Second(second=0, counts={})])) is None
    empty = Metric(name="ack", latency=HistogramData(), service=HistogramData(), timeouts=3)
    assert percentile_chart(empty, "ack") is None


def test_a_percentile_curve_ends_where_the_rest_was_never_answered() -> None:
    data = collected(*range(1_000, 91_000, 1_000))
    chart = percentile_chart(Metric(name="ack", latency=data, service=data, unsent=10), "ack")
    by_name = dict(zip(chart.readings.names, told(chart, "from due"), strict=True))
    assert by_name["p50"] == "50.0"
    assert by_name["p90"] == "89.9"
    assert by_name["p99"] == "never answered"
    sent = dict(zip(chart.readings.names, told(chart, "from sent"), strict=True))
    assert sent["p99"] == "89.9"


def test_a_percentile_axis_ends_with_the_samples_and_is_logarithmic() -> None:
    data = collected(*[1_000] * 1_000)
    readings = percentile_chart(Metric(name="ack", latency=data, service=data), "ack").readings
    assert readings.names[0] == "p0"
    assert readings.names[-1] == "p99.9"
    places = dict(zip(readings.names, readings.places, strict=True))
    assert places["p90"] == pytest.approx(math.log(10) / math.log(1000))
    assert readings.span_s is None
