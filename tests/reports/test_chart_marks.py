"""Marks as rules on charts of time."""

from xml.etree import ElementTree as Xml

from reports.chart_marks import with_marks
from reports.charts import rate_chart
from reports.drawing import NO_READINGS, WIDTH, Chart
from reports.series import bins
from reports.server_view import MarkView
from schemas.load_records import Second

CHART = rate_chart(bins([Second(second=at, counts={"sent": 5, "due": 5}) for at in range(10)]))


def mark(at_s: float | None) -> MarkView:
    return MarkView("2026-11-22T10:00:00Z", "deployed", at_s)


def test_a_mark_stands_at_its_second() -> None:
    marked = with_marks(CHART, [mark(2.5), mark(7.5)])
    field = next(each for each in Xml.fromstring(marked.svg).iter() if each.get("class") == "field")
    rules = [each.get("d") for each in field if each.get("class") == "mark"]
    assert rules == [f"M{WIDTH / 4:g},0V190", f"M{WIDTH * 3 / 4:g},0V190"]
    assert marked.says.endswith("; 2 marks")
    assert marked.readings is CHART.readings


def test_what_lies_beyond_the_axis_or_at_no_known_second_changes_nothing() -> None:
    assert with_marks(CHART, [mark(-1), mark(99), mark(None)]) is CHART


def test_a_chart_without_an_axis_of_time_stays() -> None:
    other = Chart("p", "ms", "x", NO_READINGS, "<svg/>")
    assert with_marks(other, [mark(1)]) is other
