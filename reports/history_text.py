"""A history of runs on the terminal: each kind of run, its latencies' course and their shifts."""

from itertools import groupby

from rich.console import Console
from rich.text import Text

from reports import figures
from reports.plain_text import one_line
from schemas.history import Trend

_BARS = "▁▂▃▄▅▆▇█"
_SHOWN_RUNS = 60
_LINE_CHARS = 200


def print_trends(trends: list[Trend], console: Console) -> None:
    """Print every trend under the kind of its runs."""
    for kind, group in groupby(trends, key=lambda trend: trend.kind):
        own = list(group)
        console.print(Text(one_line(kind, _LINE_CHARS), style="bold"), soft_wrap=True)
        accepted = sum(run.accepted for run in own[0].runs)
        runs = f"{len(own[0].runs)} {'run' if len(own[0].runs) == 1 else 'runs'}"
        console.print(Text(f"  {runs}, {accepted} accepted", style="dim"))
        for trend in own:
            console.print(_line(trend), soft_wrap=True)
    if not trends:
        console.print("There is no measured run in this history.")


def _line(trend: Trend) -> Text:
    known = [value for value in trend.values if value is not None]
    line = Text(f"  {one_line(trend.quantity, 40):<22} {spark(trend.values[-_SHOWN_RUNS:])} ")
    line.append(figures.trend(known[-1], trend.unit) if known else figures.NONE)
    for place in trend.shifts:
        line.append(f"  shift at {one_line(trend.runs[place].run_id, 40)}", style="yellow")
    return line


def spark(values: list[float | None]) -> str:
    """The values as a row of bars; a gap where there is none."""
    known = [value for value in values if value is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    span = (high - low) or 1.0
    top = len(_BARS) - 1
    return "".join(
        " " if value is None else _BARS[round(top * (value - low) / span)] for value in values
    )
