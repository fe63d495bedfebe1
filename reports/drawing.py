"""Makes a chart's SVG: in tokens that a style sheet paints, with a field that a page can zoom.

Every colour here is a token: no paint, but the handle by which the style sheet finds a mark and
paints it for light, dark and print. Series differ in dash and weight too, never in colour alone.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as Xml

import altair as alt
import vl_convert

INK, GRID, FIRST, SECOND, THIRD, BAND, OUTER = (f"#0c0c0{digit}" for digit in range(1, 8))
HEAT = tuple(f"#0c0c1{digit}" for digit in range(1, 6))
"""Five steps from little to much."""

WIDTH, HEIGHT = 500, 190
LINEAR = alt.Scale(zero=True, nice=True)
NOTHING = alt.Scale(domain=[0, 1])
"""For a series that is 0 throughout, which would else lie in the middle of nowhere."""

_SVG = "http://www.w3.org/2000/svg"
_LOG_FROM = 40
_LOG_TICKS = 6
_POINTS_UP_TO = 3
_MARGIN = 3
_NOT_DRAWN = ("role", "aria-roledescription", "aria-label", "aria-hidden", "pointer-events")
_LONG_NUMBER = re.compile(r"(\d\.\d{2})\d+")

Row = dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Line:
    """One series of a chart: where it lies in the rows and how it is told from the others."""

    key: str
    label: str
    token: str
    dash: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What one series says at each place of a chart, as a reader is told; ``line`` draws it."""

    label: str
    values: Sequence[str]
    line: Line | None = None


@dataclass(frozen=True, slots=True)
class Readings:
    """A chart in words: ``places`` lie from 0 to 1 along its axis, ``names`` say where that is.

    ``span_s`` are the seconds at both ends of an axis of time, None for any other axis.
    """

    places: Sequence[float]
    names: Sequence[str]
    each: Sequence[Reading]
    span_s: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """A finished chart: what it shows in words, its readings, and trusted SVG of our own making.

    ``steps`` are the words of the five tokens of :data:`HEAT`, where it is painted in them.
    """

    title: str
    unit: str
    says: str
    readings: Readings
    svg: str
    steps: Sequence[tuple[str, str]] = ()


NO_READINGS = Readings((), (), ())


def spread_scale(low: float, high: float) -> alt.Scale:
    """A scale for values from ``low`` to ``high``: logarithmic where they lie far apart."""
    return log_scale(low, high) if low > 0 and high > _LOG_FROM * low else LINEAR


def log_scale(low: float, high: float) -> alt.Scale:
    """A logarithmic scale with a little room on both sides."""
    return alt.Scale(type="log", domain=[low * 0.8, high * 1.25], nice=False)


def y_axis(key: str, scale: alt.Scale) -> alt.Y:
    """The vertical axis of ``key``, with few ticks."""
    even = scale.to_dict().get("type") != "log"
    count = {"tickCount": 4} if even else {"values": _ticks(scale), "format": "~g"}
    axis = alt.Axis(title=None, minExtent=44, domain=False, ticks=False, **count)
    return alt.Y(f"{key}:Q", scale=scale, axis=axis)


def draw_line(
    line: Line, rows: Sequence[Row], x: alt.X, scale: alt.Scale = LINEAR
) -> alt.LayerChart | alt.Chart:
    """One series as a line; few rows get points, so that a lone one can be seen."""
    width = 2.2 if line.token == FIRST else 1.6
    point = alt.OverlayMarkDef(color=line.token) if len(rows) <= _POINTS_UP_TO else False
    chart: alt.Chart = (
        alt.Chart()
        .mark_line(
            color=line.token, strokeWidth=width, strokeDash=list(line.dash) or [1, 0], point=point
        )
        .encode(x=x, y=y_axis(line.key, scale))
    )
    return chart


def draw(rows: Sequence[Row], layers: Iterable[alt.Chart | alt.LayerChart]) -> str:
    """The layers over ``rows`` as SVG."""
    chart = (
        alt.layer(*layers, data=alt.InlineData(values=list(rows)))
        .properties(width=WIDTH, height=HEIGHT, background="transparent")
        .configure(font="system-ui, sans-serif")
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=INK,
            titleColor=INK,
            gridColor=GRID,
            domainColor=GRID,
            tickColor=GRID,
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
            titlePadding=8,
        )
    )
    return _tidied(vl_convert.vegalite_to_svg(chart.to_dict()))


def _ticks(scale: alt.Scale) -> list[float]:
    """Ticks at 1, 2 and 5 of each decade of a logarithmic scale, at 1 alone if these are many."""
    low, high = scale["domain"]
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for steps in ((1, 2, 5), (1, 5), (1,)):
        ticks = [step * 10.0**decade for decade in decades for step in steps]
        if sum(low <= tick <= high for tick in ticks) <= _LOG_TICKS:
            break
    return ticks


def _tidied(svg: str) -> str:
    """The drawing with its marks in a field of their own, which clips them and can be zoomed."""
    Xml.register_namespace("", _SVG)
    root = Xml.fromstring(svg)  # noqa: S314 - our own drawing
    for element in root.iter():
        for name in _NOT_DRAWN:
            element.attrib.pop(name, None)
        for name, value in element.attrib.items():
            element.set(name, _LONG_NUMBER.sub(r"\1", value))  # a place; a label stays whole
    _field(root)
    return Xml.tostring(root, encoding="unicode")


def _field(root: Xml.Element) -> None:
    holder = next(e for e in root.iter() if any(" role-mark " in c.get("class", "") for c in e))
    marks = [child for child in holder if " role-mark " in child.get("class", "")]
    field = Xml.SubElement(
        holder,
        f"{{{_SVG}}}svg",
        {
            "class": "field",
            "y": f"{-_MARGIN}",
            "width": f"{WIDTH}",
            "height": f"{HEIGHT + 2 * _MARGIN}",
            "viewBox": f"0 {-_MARGIN} {WIDTH} {HEIGHT + 2 * _MARGIN}",
            "preserveAspectRatio": "none",
        },
    )
    for mark in marks:
        holder.remove(mark)
        _join_alike(mark)
        field.append(mark)


def _join_alike(mark: Xml.Element) -> None:
    """Draw rectangles of one colour as one path: a heat map has thousands."""
    if "mark-rect" not in mark.get("class", "") or not len(mark):
        return
    first = mark[0]
    first.set("d", "".join(each.get("d", "") for each in mark))
    for each in list(mark)[1:]:
        mark.remove(each)
