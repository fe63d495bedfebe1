"""Draws a load's time series as static SVG, in colours that the page's style sheet decides.

Every colour here is a token: no paint, but the handle by which the style sheet finds a mark and
paints it for light, dark and print. Series differ in dash and weight too, never in colour alone.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import altair as alt
import vl_convert

from reports import figures
from reports.series import Bin

INK, GRID, FIRST, SECOND, THIRD, BAND, OUTER = (f"#0c0c0{digit}" for digit in range(1, 8))
_WIDTH, _HEIGHT = 500, 190
_LOG_FROM = 40
_LOG_TICKS = 6
_POINTS_UP_TO = 3
_LINEAR = alt.Scale(zero=True, nice=True)

Row = dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Line:
    """One series of a chart: where it lies in the rows and how it is told from the others."""

    key: str
    label: str
    token: str
    dash: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """A finished chart: what it shows in words, its legend, and trusted SVG of our own making."""

    title: str
    unit: str
    says: str
    legend: Sequence[Line]
    svg: str


RATES = (
    Line("due", "due", THIRD, (2, 3)),
    Line("sent", "sent", FIRST),
    Line("acked", "acknowledged", SECOND, (7, 3)),
)
QUANTILES = (
    Line("p50", "p50", FIRST),
    Line("p90", "p90", SECOND, (7, 3)),
    Line("p99", "p99", THIRD, (2, 3)),
)


def rate_chart(series: Sequence[Bin]) -> Chart:
    """Messages a second: due, sent and acknowledged."""
    rows: list[Row] = [
        {"t": bin_.start_s, **{line.key: bin_.per_second(line.key) for line in RATES}}
        for bin_ in series
    ]
    most = max((row["sent"] or 0.0 for row in rows), default=0.0)
    says = f"at most {figures.per_second(most)} sent in a second"
    svg = _svg(rows, [_line(line, rows) for line in reversed(RATES)])
    return Chart("Messages", "per second", says, RATES, svg)


def connection_chart(series: Sequence[Bin]) -> Chart | None:
    """Open connections; None when no second says how many there were."""
    rows: list[Row] = [{"t": bin_.start_s, "open": bin_.open} for bin_ in series]
    known = [bin_.open for bin_ in series if bin_.open is not None]
    if not known:
        return None
    line = Line("open", "open", FIRST)
    low, high = figures.count(min(known)), figures.count(max(known))
    says = f"{low} throughout" if low == high else f"between {low} and {high}"
    return Chart("Connections", "open", says, (line,), _svg(rows, [_line(line, rows)]))


def latency_chart(metric: str, title: str, series: Sequence[Bin]) -> Chart | None:
    """Percentile bands of ``metric`` in ms; None when no second has a sample of it.

    ``title`` is the metric's name as the page may show it.
    """
    rows = [_quantiles(metric, bin_) for bin_ in series]
    lows = [row["p50"] for row in rows if row["p50"] is not None]
    highs = [row["p99"] for row in rows if row["p99"] is not None]
    if not lows:
        return None
    logarithmic = min(lows) > 0 and max(highs) > _LOG_FROM * min(lows)
    scale = _log_scale(min(lows), max(highs)) if logarithmic else _LINEAR
    layers = [
        _band("p90", "p99", OUTER, scale),
        _band("p50", "p90", BAND, scale),
        *(_line(line, rows, scale) for line in reversed(QUANTILES)),
    ]
    says = (
        f"p50 between {figures.milliseconds(min(lows) * 1000)} and "
        f"{figures.milliseconds(max(lows) * 1000)} ms, "
        f"p99 up to {figures.milliseconds(max(highs) * 1000)} ms"
    )
    unit = "ms, logarithmic" if logarithmic else "ms"
    return Chart(f"{title} latency", unit, says, QUANTILES, _svg(rows, layers))


def trend_chart(quantity: str, values_us: Sequence[float | None], shifts: Sequence[int]) -> Chart:
    """One quantity in ms over runs numbered from 1, a rule where a new level begins."""
    rows: list[Row] = [
        {"t": float(place), "value": value and value / 1000}
        for place, value in enumerate(values_us, 1)
    ]
    known = [value for value in values_us if value is not None]
    axis = alt.Axis(title="run", tickMinStep=1, grid=False, format="d")
    x = alt.X("t:Q", scale=alt.Scale(nice=False), axis=axis)
    points = alt.OverlayMarkDef(color=FIRST, size=36)
    line = alt.Chart().mark_line(color=FIRST, strokeWidth=2.2, point=points)
    layers = [line.encode(x=x, y=_y("value", _LINEAR))]
    if shifts:
        starts: list[Row] = [{"at": place + 0.5} for place in shifts]
        rules = alt.Chart(alt.InlineData(values=starts)).mark_rule(color=THIRD, strokeDash=[4, 3])
        layers.append(rules.encode(x=alt.X("at:Q", axis=axis)))
    says = f"between {figures.milliseconds(min(known))} and {figures.milliseconds(max(known))} ms"
    if shifts:
        says += f", a new level from run {', '.join(str(place + 1) for place in shifts)}"
    return Chart(quantity, "ms", says, (), _svg(rows, layers))


def _quantiles(metric: str, bin_: Bin) -> Row:
    found = {name: bin_.latency_us(metric, share) for name, share in _SHARES}
    milliseconds = {name: value and value / 1000 for name, value in found.items()}
    return {"t": bin_.start_s, **milliseconds}


_SHARES = (("p50", 0.5), ("p90", 0.9), ("p99", 0.99))


def _x() -> alt.X:
    axis = alt.Axis(title="seconds since the load began", tickCount=6, grid=False, format="d")
    return alt.X("t:Q", scale=alt.Scale(nice=False), axis=axis)


def _log_scale(low: float, high: float) -> alt.Scale:
    return alt.Scale(type="log", domain=[low * 0.8, high * 1.25], nice=False)


def _ticks(scale: alt.Scale) -> list[float] | None:
    """Ticks at 1, 2 and 5 of each decade of a logarithmic scale, at 1 alone if these are many."""
    if scale is _LINEAR:
        return None
    low, high = scale["domain"]
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for steps in ((1, 2, 5), (1, 5), (1,)):
        ticks = [step * 10.0**decade for decade in decades for step in steps]
        if sum(low <= tick <= high for tick in ticks) <= _LOG_TICKS:
            break
    return ticks


def _y(key: str, scale: alt.Scale) -> alt.Y:
    count = {"tickCount": 4} if scale is _LINEAR else {"values": _ticks(scale), "format": "~g"}
    axis = alt.Axis(title=None, minExtent=44, domain=False, ticks=False, **count)
    return alt.Y(f"{key}:Q", scale=scale, axis=axis)


def _line(line: Line, rows: Sequence[Row], scale: alt.Scale = _LINEAR) -> alt.Chart:
    """One series as a line; few rows get points, so that a lone one can be seen."""
    width = 2.2 if line.token == FIRST else 1.6
    point = alt.OverlayMarkDef(color=line.token) if len(rows) <= _POINTS_UP_TO else False
    chart: alt.Chart = (
        alt.Chart()
        .mark_line(
            color=line.token, strokeWidth=width, strokeDash=list(line.dash) or [1, 0], point=point
        )
        .encode(x=_x(), y=_y(line.key, scale))
    )
    return chart


def _band(low: str, high: str, token: str, scale: alt.Scale) -> alt.Chart:
    chart: alt.Chart = alt.Chart().mark_area(color=token)
    return chart.encode(x=_x(), y=_y(low, scale), y2=f"{high}:Q")


def _svg(rows: list[Row], layers: Iterable[alt.Chart]) -> str:
    """The layers over ``rows`` as SVG."""
    chart = (
        alt.layer(*layers, data=alt.InlineData(values=rows))
        .properties(width=_WIDTH, height=_HEIGHT, background="transparent")
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
    return str(vl_convert.vegalite_to_svg(chart.to_dict()))
