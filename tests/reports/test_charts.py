import re

import pytest

from reports.charts import connection_chart, latency_chart, rate_chart, trend_chart, trouble_chart
from reports.series import bins
from schemas.histogram import Histogram
from schemas.history import Unit
from schemas.load_records import Second


def _seconds(*latencies_us: int, open_now: int | None = 4) -> list[Second]:
    found = []
    for number, value in enumerate(latencies_us):
        collected = Histogram()
        collected.record(value, 20)
        counts = {"due": 20, "sent": 20, "acked": 19}
        counts |= {} if open_now is None else {"open": open_now}
        found.append(Second(second=number, counts=counts, latencies={"ack": collected.data()}))
    return found


def test_every_colour_is_a_token_of_the_style_sheet() -> None:
    series = bins(_seconds(1_000, 2_000, 3_000, 2_000))
    drawn = [rate_chart(series), connection_chart(series), latency_chart("ack", "ack", series)]
    for chart in drawn:
        assert chart is not None
        colours = set(re.findall(r'(?:fill|stroke)="([^"]+)"', chart.svg)) - {"none", "transparent"}
        assert colours
        assert all(re.fullmatch(r"#0c0c0\d", colour) for colour in colours), colours


def test_a_chart_holds_no_style_script_or_link() -> None:
    svg = rate_chart(bins(_seconds(1_000, 2_000))).svg
    assert not re.search(r"<style|style=|<script|href=|<image|\son\w+=", svg)


def test_a_wide_range_is_drawn_on_a_logarithmic_axis_and_says_so() -> None:
    calm = latency_chart("ack", "ack", bins(_seconds(1_000, 2_000)))
    wild = latency_chart("ack", "ack", bins(_seconds(1_000, 899_000)))
    assert calm is not None
    assert wild is not None
    assert "logarithmic" not in calm.unit
    assert "logarithmic" in wild.unit
    assert wild.says == "p50 between 1.00 and 899 ms, p99 up to 899 ms"


def test_the_metric_s_name_stays_out_of_the_drawing() -> None:
    chart = latency_chart("ack", "<b>", bins(_seconds(1_000, 2_000)))
    assert chart is not None
    assert "<b>" not in chart.svg


def test_one_second_alone_can_be_seen() -> None:
    chart = latency_chart("ack", "ack", bins(_seconds(1_000)))
    assert chart is not None
    assert "mark-symbol" in chart.svg


@pytest.mark.parametrize("series", [bins([]), bins([Second(second=0, counts={"sent": 1})])])
def test_without_samples_there_is_no_latency_chart(series: list) -> None:
    assert latency_chart("ack", "ack", series) is None


def test_without_counts_there_is_no_chart_of_connections() -> None:
    assert connection_chart(bins(_seconds(1_000, open_now=None))) is None


def test_connections_that_never_changed_are_said_in_one_number() -> None:
    chart = connection_chart(bins(_seconds(1_000, 1_000)))
    assert chart is not None
    assert chart.says == "4 throughout"


def test_what_was_refused_is_drawn_where_anything_was() -> None:
    calm = bins(_seconds(1_000, 1_000))
    assert trouble_chart(calm) is None
    refused = Second(second=2, counts={"due": 20, "refused": 3, "invalid": 1})
    chart = trouble_chart(bins([*_seconds(1_000, 1_000), refused]))
    assert chart is not None
    assert chart.says == "3 answers that refuse, 1 invalid frames"
    assert [list(each.values) for each in chart.readings.each] == [["0", "0", "3"], ["0", "0", "1"]]


def test_every_reading_has_a_value_for_every_place() -> None:
    series = bins(_seconds(1_000, 2_000, 3_000))
    for chart in (rate_chart(series), connection_chart(series), latency_chart("a", "a", series)):
        assert chart is None or all(
            len(each.values) == len(chart.readings.places) == len(chart.readings.names)
            for each in chart.readings.each
        )
    assert rate_chart(series).readings.names == ["second 0", "second 1", "second 2"]


def test_a_trend_that_is_nothing_throughout_lies_on_its_axis() -> None:
    chart = trend_chart("conformance.failed", [0.0, 0.0], [], Unit.CASES)
    assert chart.says == "0 throughout"
    assert (chart.unit, "L500,190" in chart.svg) == ("", True)
