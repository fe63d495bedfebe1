"""Draws the marks of a run into finished charts over the load's seconds, as upright rules."""

from collections.abc import Sequence
from dataclasses import replace
from xml.etree import ElementTree as Xml

from reports.drawing import HEIGHT, INK, WIDTH, Chart
from reports.server_view import MarkView

_SVG = "http://www.w3.org/2000/svg"
_MOST = 40


def with_marks(chart: Chart, marks: Sequence[MarkView]) -> Chart:
    """``chart`` with a rule at each mark that lies on its axis; unchanged where none does."""
    if chart.readings.span_s is None:
        return chart
    low, high = chart.readings.span_s
    seconds = [mark.at_s for mark in marks if mark.at_s is not None and low <= mark.at_s <= high]
    if not seconds:
        return chart
    root = Xml.fromstring(chart.svg)  # noqa: S314 - our own drawing
    field = next(each for each in root.iter() if each.get("class") == "field")
    for at_s in seconds[:_MOST]:
        x = round((at_s - low) / (high - low) * WIDTH, 1)
        rule = {"class": "mark", "d": f"M{x:g},0V{HEIGHT}", "stroke": INK, "fill": "none"}
        Xml.SubElement(field, f"{{{_SVG}}}path", rule | {"stroke-dasharray": "2 3"})
    says = f"{chart.says}; {len(seconds)} {'mark' if len(seconds) == 1 else 'marks'}"
    return replace(chart, says=says, svg=Xml.tostring(root, encoding="unicode"))
