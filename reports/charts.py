"""Draws a load's series over time, and the quantities of a history over its runs."""

from collections.abc import Sequence

import altair as alt

from reports import figures
from reports.drawing import (
    BAND,
    FIRST,
    LINEAR,
    NO_READINGS,
    NOTHING,
    OUTER,
    SECOND,
    THIRD,
    Chart,
    Line,
    Reading,
    Readings,
    Row,
    draw,
    draw_line,
    spread_scale,
    y_axis,
)
from reports.series import Bin
from schemas.history import Unit

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
TROUBLES = (
    Line("refused", "answers that refuse", FIRST),
    Line("invalid", "invalid frames", THIRD, (2, 3)),
)
OPEN = Line("open", "open", FIRST)


def rate_chart(series: Sequence[Bin]) -> Chart:
    """Messages a second: due, sent and acknowledged."""
    rows: list[Row] = [
        {"t": bin_.middle_s, **{line.key: bin_.per_second(line.key) for line in RATES}}
        for bin_ in series
    ]
    most = max((row["sent"] or 0.0 for row in rows), default=0.0)
    says = f"at most {figures.per_second(most)} sent in a second"
    read = [
        Reading(line.label, [figures.per_second(row[line.key]) for row in rows], line)
        for line in RATES
    ]
    x = time_axis(series)
    svg = draw(rows, [draw_line(line, rows, x) for line in reversed(RATES)])
    return Chart("Messages", "per second", says, over_time(series, read), svg)


def trouble_chart(series: Sequence[Bin]) -> Chart | None:
    """What was refused or broke a clause, by second; None where nothing did."""
    rows: list[Row] = [
        {"t": bin_.middle_s, **{line.key: bin_.per_second(line.key) for line in TROUBLES}}
        for bin_ in series
    ]
    sums = {line: sum(bin_.counts.get(line.key, 0) for bin_ in series) for line in TROUBLES}
    if not any(sums.values()):
        return None
    says = ", ".join(f"{figures.count(number)} {line.label}" for line, number in sums.items())
    read = [
        Reading(line.label, [figures.per_second(row[line.key]) for row in rows], line)
        for line in TROUBLES
    ]
    x = time_axis(series)
    svg = draw(rows, [draw_line(line, rows, x) for line in reversed(TROUBLES)])
    return Chart("Refused and invalid", "per second", says, over_time(series, read), svg)


def connection_chart(series: Sequence[Bin]) -> Chart | None:
    """Open connections; None when no second says how many there were."""
    rows: list[Row] = [{"t": bin_.middle_s, "open": bin_.open} for bin_ in series]
    known = [bin_.open for bin_ in series if bin_.open is not None]
    if not known:
        return None
    low, high = figures.count(min(known)), figures.count(max(known))
    says = f"{low} throughout" if low == high else f"between {low} and {high}"
    read = [Reading("open", [figures.count(bin_.open) for bin_ in series], OPEN)]
    svg = draw(rows, [draw_line(OPEN, rows, time_axis(series))])
    return Chart("Connections", "open", says, over_time(series, read), svg)


def latency_chart(metric: str, title: str, series: Sequence[Bin]) -> Chart | None:
    """Percentile bands of ``metric`` in ms; None when no second has a sample of it.

    ``title`` is the metric's name as the page may show it.
    """
    rows = [_quantiles(metric, bin_) for bin_ in series]
    lows = [row["p50"] for row in rows if row["p50"] is not None]
    highs = [row["p99"] for row in rows if row["p99"] is not None]
    if not lows:
        return None
    scale, x = spread_scale(min(lows), max(highs)), time_axis(series)
    layers = [
        _band("p90", "p99", OUTER, x, scale),
        _band("p50", "p90", BAND, x, scale),
        *(draw_line(line, rows, x, scale) for line in reversed(QUANTILES)),
    ]
    says = f"p50 between {_ms(min(lows))} and {_ms(max(lows))} ms, p99 up to {_ms(max(highs))} ms"
    unit = "ms" if scale is LINEAR else "ms, logarithmic"
    read = [Reading(line.label, [_ms(row[line.key]) for row in rows], line) for line in QUANTILES]
    return Chart(f"{title} latency", unit, says, over_time(series, read), draw(rows, layers))


def trend_chart(
    quantity: str, values: Sequence[float | None], shifts: Sequence[int], unit: Unit = Unit.US
) -> Chart:
    """One quantity, in ms where it is a time, over runs numbered from 1; a rule at a new level."""
    scale = 1000 if unit is Unit.US else 1
    rows: list[Row] = [
        {"t": float(place), "value": value and value / scale}
        for place, value in enumerate(values, 1)
    ]
    known = [value for value in values if value is not None]
    axis = alt.Axis(title="run", tickMinStep=1, grid=False, format="d")
    x = alt.X("t:Q", scale=alt.Scale(nice=False), axis=axis)
    points = alt.OverlayMarkDef(color=FIRST, size=36)
    line = alt.Chart().mark_line(color=FIRST, strokeWidth=2.2, point=points)
    heights = LINEAR if any(known) else NOTHING
    layers = [line.encode(x=x, y=y_axis("value", heights))]
    if shifts:
        starts: list[Row] = [{"at": place + 0.5} for place in shifts]
        rules = alt.Chart(alt.InlineData(values=starts)).mark_rule(color=THIRD, strokeDash=[4, 3])
        layers.append(rules.encode(x=alt.X("at:Q", axis=axis)))
    low, high = (figures.trend(value, unit) for value in (min(known), max(known)))
    says = f"{low} throughout" if low == high else f"between {low} and {high}"
    if shifts:
        says += f", a new level from run {', '.join(str(place + 1) for place in shifts)}"
    shown = "ms" if unit is Unit.US else ""
    return Chart(quantity, shown, says, NO_READINGS, draw(rows, layers))


def time_axis(series: Sequence[Bin], key: str = "t") -> alt.X:
    """The seconds of a load; every chart of one load has the same."""
    axis = alt.Axis(title="seconds since the load began", tickCount=6, grid=False, format="d")
    scale = alt.Scale(nice=False, domain=list(_span_s(series)))
    return alt.X(f"{key}:Q", scale=scale, axis=axis)


def over_time(series: Sequence[Bin], each: Sequence[Reading]) -> Readings:
    """What ``each`` says in the middle of every bin."""
    low, high = _span_s(series)
    return Readings(
        places=[(bin_.middle_s - low) / (high - low) for bin_ in series],
        names=[bin_.name for bin_ in series],
        each=each,
        span_s=(low, high),
    )


def _span_s(series: Sequence[Bin]) -> tuple[int, int]:
    return series[0].start_s, series[-1].start_s + series[-1].width_s


def _quantiles(metric: str, bin_: Bin) -> Row:
    found = {name: bin_.latency_us(metric, share) for name, share in _SHARES}
    milliseconds = {name: value and value / 1000 for name, value in found.items()}
    return {"t": bin_.middle_s, **milliseconds}


_SHARES = (("p50", 0.5), ("p90", 0.9), ("p99", 0.99))


def _ms(value_ms: float | None) -> str:
    return figures.milliseconds(None if value_ms is None else value_ms * 1000)


def _band(low: str, high: str, token: str, x: alt.X, scale: alt.Scale) -> alt.Chart:
    chart: alt.Chart = alt.Chart().mark_area(color=token)
    return chart.encode(x=x, y=y_axis(low, scale), y2=f"{high}:Q")
