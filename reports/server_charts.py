"""Draws the server under test over the seconds of a load: its CPU, and its memory."""

from collections.abc import Callable, Sequence

from reports import figures
from reports.charts import over_time, time_axis
from reports.drawing import FIRST, Chart, Line, Reading, Row, draw, draw_line
from reports.series import Bin
from reports.server_view import MIB, ServerBin, megabytes, server_bins
from schemas.load_records import Observed

CPU = Line("cores", "CPU", FIRST)
MEMORY = Line("mib", "memory", FIRST)

_Say = Callable[[float | None], str]


def server_charts(observed: Sequence[Observed], series: Sequence[Bin]) -> list[Chart]:
    """A chart of each figure that was observed during the seconds of ``series``."""
    found = server_bins(observed, series)
    drawn = [
        _chart("Server CPU", "cores", CPU, series, [each.cores for each in found], _cores),
        _chart("Server memory", "MiB", MEMORY, series, _mib(found), _memory),
    ]
    return [chart for chart in drawn if chart is not None]


def _chart(
    title: str,
    unit: str,
    line: Line,
    series: Sequence[Bin],
    values: Sequence[float | None],
    say: _Say,
) -> Chart | None:
    known = [value for value in values if value is not None]
    if not known:
        return None
    rows: list[Row] = [
        {"t": bin_.middle_s, line.key: value} for bin_, value in zip(series, values, strict=True)
    ]
    svg = draw(rows, [draw_line(line, rows, time_axis(series))])
    read = over_time(series, [Reading(line.label, [say(value) for value in values], line)])
    return Chart(title, unit, f"between {say(min(known))} and {say(max(known))}", read, svg)


def _mib(found: Sequence[ServerBin]) -> list[float | None]:
    return [None if each.memory_bytes is None else each.memory_bytes / MIB for each in found]


def _cores(value: float | None) -> str:
    return figures.NONE if value is None else f"{value:.2f}"


def _memory(value: float | None) -> str:
    return megabytes(None if value is None else value * MIB)
