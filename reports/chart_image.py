"""Writes ``charts.png``: a load's main charts as one picture, for places that take no page."""

from collections.abc import Sequence
from xml.etree import ElementTree as Xml

import vl_convert

from reports.allowance import Allowance
from reports.drawing import (
    BAND,
    FIRST,
    GRID,
    HEAT,
    INK,
    OUTER,
    SECOND,
    THIRD,
    Chart,
    Line,
)
from reports.material import Material
from reports.page_load import load_view

_SVG = "http://www.w3.org/2000/svg"
_COLUMNS, _CHARTS = 2, 8
_CELL_WIDTH, _CELL_HEIGHT, _MARGIN, _HEAD = 580, 330, 20, 44
_LEGEND_STEP = 140
_SCALE = 1.5
_TITLES_BYTES = 20_000
_PAINT = {
    INK: "#525b66",
    GRID: "#e2e2dd",
    FIRST: "#1d5fa8",
    SECOND: "#5a7fae",
    THIRD: "#8a6d2f",
    BAND: "#c8d7ea",
    OUTER: "#e6edf5",
    **dict(zip(HEAT, ("#c3d8ee", "#93b9e0", "#5c92cb", "#1d5fa8", "#0b2f5c"), strict=True)),
}
"""The page's light colours, the transparent ones as they look on white."""


def render(material: Material) -> bytes:
    """The picture as PNG; a sentence in it where the run has no load to draw."""
    return bytes(vl_convert.svg_to_png(drawn(material), scale=_SCALE))


def drawn(material: Material) -> str:
    """The same as SVG."""
    view = load_view(material.run, material.summary.load, Allowance(_TITLES_BYTES))
    charts = view.charts[:_CHARTS] if view else []
    rows = max(1, -(-len(charts) // _COLUMNS))
    root = _element("svg", width=_CELL_WIDTH * _COLUMNS, height=rows * _CELL_HEIGHT + _HEAD)
    Xml.SubElement(root, "rect", {"width": "100%", "height": "100%", "fill": "#ffffff"})
    summary = material.summary
    words = f"{summary.verdict} · run {summary.run.id[:120]} · {summary.run.started[:40]}"
    _write(root, _MARGIN, 28, words if charts else f"{words} · no load to draw", bold=True)
    for place, chart in enumerate(charts):
        x, y = place % _COLUMNS * _CELL_WIDTH, place // _COLUMNS * _CELL_HEIGHT + _HEAD
        _put(root, chart, x + _MARGIN, y + _MARGIN)
    return Xml.tostring(root, encoding="unicode")


def _put(root: Xml.Element, chart: Chart, x: int, y: int) -> None:
    _write(root, x, y, f"{chart.title} ({chart.unit})", bold=True)
    _write(root, x, y + 17, chart.says)
    drawing = _painted(Xml.fromstring(chart.svg))  # noqa: S314 - our own drawing
    drawing.attrib.update({"x": str(x), "y": str(y + 24)})
    root.append(drawing)
    _legend(root, chart, x, y + 24 + 254)


def _painted(drawing: Xml.Element) -> Xml.Element:
    for element in drawing.iter():
        for name in ("fill", "stroke"):
            paint = element.get(name)
            if paint in _PAINT:
                element.set(name, _PAINT[paint])
    return drawing


def _legend(root: Xml.Element, chart: Chart, x: int, y: int) -> None:
    for line in _lines(chart):
        path = _element("path", d=f"M{x},{y}h28", stroke=_PAINT[line.token])
        path.set("stroke-width", "2")
        path.set("stroke-dasharray", ",".join(map(str, line.dash)) or "none")
        root.append(path)
        _write(root, x + 34, y + 4, line.label)
        x += max(_LEGEND_STEP, 54 + 7 * len(line.label))
    for token, words in chart.steps:
        root.append(_element("rect", x=x, y=y - 6, width=28, height=10, fill=_PAINT[token]))
        _write(root, x + 34, y + 4, words)
        x += 108


def _lines(chart: Chart) -> Sequence[Line]:
    return [each.line for each in chart.readings.each if each.line is not None]


def _write(root: Xml.Element, x: int, y: int, text: str, *, bold: bool = False) -> None:
    words = _element("text", x=x, y=y, fill="#1b2027" if bold else "#525b66")
    words.set("font-size", "14" if bold else "12")
    words.set("font-weight", "bold" if bold else "normal")
    words.set("font-family", "sans-serif")
    words.text = text
    root.append(words)


def _element(name: str, **attributes: float | str) -> Xml.Element:
    return Xml.Element(f"{{{_SVG}}}{name}", {key: str(value) for key, value in attributes.items()})
