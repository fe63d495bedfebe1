"""A drawing keeps its marks in a field of their own, in few elements and without words."""

import re
from xml.etree import ElementTree as Xml

from reports.charts import latency_chart, rate_chart
from reports.distribution import heat_map, percentile_chart
from reports.series import bins
from schemas.histogram import Histogram, HistogramData
from schemas.load_records import Metric, Second

_LONG = re.compile(r"\d\.\d{3}").search
SVG = "{http://www.w3.org/2000/svg}"


def seconds(count: int) -> list[Second]:
    found = []
    for number in range(count):
        collected = Histogram()
        for step in range(1, 40):
            collected.record(step * 700 + number, step)
        counts = {"due": 20, "sent": 20, "acked": 20}
        found.append(Second(second=number, counts=counts, latencies={"ack": collected.data()}))
    return found


def test_every_mark_lies_in_the_field_and_no_axis_does() -> None:
    root = Xml.fromstring(latency_chart("ack", "ack", bins(seconds(5))).svg)
    (field,) = (each for each in root.iter(f"{SVG}svg") if each.get("class") == "field")
    assert len(field) == 5
    assert all("role-mark" in each.get("class", "") for each in field)
    assert not [each for each in field.iter() if "axis" in each.get("class", "")]
    assert field.get("preserveAspectRatio") == "none"


def test_a_drawing_carries_no_words_of_its_own() -> None:
    svg = rate_chart(bins(seconds(5))).svg
    assert "aria-" not in svg
    assert "role=" not in svg


def test_places_are_cut_and_labels_are_not() -> None:
    latency = HistogramData(dict.fromkeys(range(64, 68), 50_000), 70)
    metric = Metric(name="ack", latency=latency, service=latency)
    svg = percentile_chart(metric, "ack").svg
    assert "99.999 %" in svg
    assert not [v for each in Xml.fromstring(svg).iter() for v in each.attrib.values() if _LONG(v)]


def test_a_heat_map_has_one_path_for_each_shade() -> None:
    svg = heat_map("ack", "ack", bins(seconds(300))).svg
    root = Xml.fromstring(svg)
    paths = [each for each in root.iter(f"{SVG}path") if each.get("fill", "").startswith("#0c0c1")]
    shades = [each.get("fill") for each in paths]
    assert len(shades) == len(set(shades)) <= 5
    assert sum((each.get("d") or "").count("M") for each in paths) > 1_000
    assert len(svg) < 200_000
