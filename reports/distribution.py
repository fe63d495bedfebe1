"""Draws how latencies are spread: over time as a heat map, and over all of a run by percentile."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from reports import figures
from reports.charts import over_time, time_axis
from reports.drawing import (
    FIRST,
    HEAT,
    LINEAR,
    SECOND,
    Chart,
    Line,
    Reading,
    Readings,
    Row,
    draw,
    draw_line,
    log_scale,
    spread_scale,
    y_axis,
)
from reports.series import Bin
from schemas.histogram import HistogramData, judging_quantile, middle
from schemas.load_records import Metric

_ROWS = 22
_PREFERRED = (1, 1.25, 1.6, 2, 2.5, 3.2, 4, 5, 6.3, 8)
"""Ten steps of a decade that are nearly equal and make short numbers (ISO 3)."""

_MOST_DECADES = 6
_STEPS = (
    (0.01, "up to 1 %"),
    (0.05, "up to 5 %"),
    (0.15, "up to 15 %"),
    (0.4, "up to 40 %"),
    (math.inf, "more"),
)
"""How much of a time's answers a cell holds, by step of the heat."""

SINCE = (Line("due", "from due", FIRST), Line("sent", "from sent", SECOND, (7, 3)))


@dataclass(frozen=True, slots=True)
class _Rows:
    """The cells' edges: equal steps of a logarithmic axis from ``low_us`` to ``high_us``."""

    low_us: float
    high_us: float

    @property
    def step(self) -> float:
        """The ratio of a row's upper edge to its lower."""
        return math.pow(self.high_us / self.low_us, 1 / _ROWS)

    def row(self, value_us: int) -> int:
        """The row that holds ``value_us``."""
        place = math.log(max(value_us, self.low_us) / self.low_us) / math.log(self.step)
        return min(_ROWS - 1, int(place))

    def edges_ms(self, row: int) -> tuple[float, float]:
        """Where a row begins and ends."""
        return self.low_us * self.step**row / 1000, self.low_us * self.step ** (row + 1) / 1000


def heat_map(metric: str, title: str, series: Sequence[Bin]) -> Chart | None:
    """How many answers took how long, over time; None when no second has a sample of ``metric``.

    A cell's shade is its share of the answers of its time. ``title`` may be shown.
    """
    found = [bin_.latencies.get(metric, HistogramData()) for bin_ in series]
    values = [middle(index) for data in found for index in data.buckets]
    if not values:
        return None
    low, high = max(1, min(values)) * 0.95, max(1, *values) * 1.05
    rows = _Rows(low, max(high, low * 2))
    cells: list[list[Row]] = [[] for _ in _STEPS]
    for bin_, data in zip(series, found, strict=True):
        for row, share in _shares(data, rows).items():
            cells[_heat(share)].append(_cell(bin_, *rows.edges_ms(row)))
    x, y = time_axis(series, "a"), y_axis("l", log_scale(rows.low_us / 800, rows.high_us / 1250))
    layers = [
        alt.Chart(alt.InlineData(values=those))
        .mark_rect(color=token)
        .encode(x=x, x2="b:Q", y=y, y2="h:Q")
        for those, token in zip(cells, HEAT, strict=True)
        if those
    ]
    times = f"{figures.milliseconds(min(values))} and {figures.milliseconds(max(values))} ms"
    return Chart(
        title=f"{title} heat map",
        unit="ms, logarithmic",
        says=f"answers between {times}, shaded by their share",
        readings=over_time(series, _column_readings(found, rows)),
        svg=draw([], layers),
        steps=[(token, words) for token, (_, words) in zip(HEAT, _STEPS, strict=True)],
    )


def _shares(data: HistogramData, rows: _Rows) -> dict[int, float]:
    counts = Counter[int]()
    for index, number in data.buckets.items():
        counts[rows.row(middle(index))] += number
    return {row: number / data.count for row, number in counts.items()}


def _heat(share: float) -> int:
    return next(step for step, (most, _) in enumerate(_STEPS) if share <= most)


def _cell(bin_: Bin, low_ms: float, high_ms: float) -> Row:
    return {"a": bin_.start_s, "b": bin_.start_s + bin_.width_s, "l": low_ms, "h": high_ms}


def _column_readings(found: Sequence[HistogramData], rows: _Rows) -> list[Reading]:
    fastest, usual, slowest = [], [], []
    for data in found:
        shares = _shares(data, rows)
        fastest.append(figures.milliseconds(middle(min(data.buckets)) if shares else None))
        slowest.append(figures.milliseconds(data.max_us if shares else None))
        usual.append(_most(shares, rows))
    return [
        Reading("answers", [figures.count(data.count) for data in found]),
        Reading("fastest", fastest),
        Reading("most", usual),
        Reading("slowest", slowest),
    ]


def _most(shares: dict[int, float], rows: _Rows) -> str:
    if not shares:
        return figures.NONE
    row = max(shares, key=lambda each: shares[each])
    low, high = (figures.milliseconds(edge * 1000) for edge in rows.edges_ms(row))
    return f"{figures.share(shares[row])} in {low}-{high}"


def percentile_chart(metric: Metric, title: str) -> Chart | None:
    """Latency by percentile, the tail drawn out by a logarithmic axis; None without samples."""
    total = metric.latency.count + metric.unanswered
    if not metric.latency.count:
        return None
    shares = _shares_up_to(total)
    rows = [_by_share(metric, share) for share in shares]
    known = [row[line.key] for row in rows for line in SINCE]
    values = [value for value in known if value is not None]
    if not values:
        return None
    scale, x = spread_scale(min(values), max(values)), _share_axis(rows)
    ends = (figures.milliseconds(each * 1000) for each in (min(values), max(values)))
    return Chart(
        title=f"{title} by percentile",
        unit="ms" if scale is LINEAR else "ms, logarithmic",
        says=" to ".join(ends) + " ms; a curve ends where the rest was never answered",
        readings=_by_percentile(shares, rows),
        svg=draw(rows, [draw_line(line, rows, x, scale) for line in reversed(SINCE)]),
    )


def _shares_up_to(total: int) -> list[float]:
    """Quantiles in steps of a logarithmic axis, up to the last that ``total`` can tell."""
    odds = (step * 10**decade for decade in range(_MOST_DECADES) for step in _PREFERRED)
    return [1 - 1 / each for each in odds if each <= total]


def _by_share(metric: Metric, share: float) -> Row:
    due = judging_quantile(metric.latency, share, metric.unanswered).value_us
    unanswered = metric.timeouts + metric.in_flight
    sent = judging_quantile(metric.service, share, unanswered).value_us
    return {
        "tail": 1 / (1 - share),
        "due": due and due / 1000,
        "sent": sent and sent / 1000,
    }


def _share_axis(rows: Sequence[Row]) -> alt.X:
    last = rows[-1]["tail"] or 1.0
    ticks = [2.0, *(10.0**decade for decade in range(1, _MOST_DECADES + 1))]
    axis = alt.Axis(
        title="percentile, logarithmic",
        grid=False,
        values=[tick for tick in ticks if tick <= last],
        labelExpr="format(100 - 100 / datum.value, '.7~g') + ' %'",
    )
    scale = alt.Scale(type="log", domain=[1.0, max(last, 2.0)], nice=False)
    return alt.X("tail:Q", scale=scale, axis=axis)


def _by_percentile(shares: Sequence[float], rows: Sequence[Row]) -> Readings:
    last = max(rows[-1]["tail"] or 1.0, 2.0)
    return Readings(
        places=[math.log(row["tail"] or 1.0) / math.log(last) for row in rows],
        names=[f"p{100 * share:.6g}" for share in shares],
        each=[Reading(line.label, [_told(row[line.key]) for row in rows], line) for line in SINCE],
    )


def _told(value_ms: float | None) -> str:
    return "never answered" if value_ms is None else figures.milliseconds(value_ms * 1000)
