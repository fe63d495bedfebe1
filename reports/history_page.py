"""A history of runs as one page: a chart for each quantity of each kind of run. No script."""

from collections.abc import Sequence
from itertools import groupby

from reports.allowance import Allowance
from reports.charts import trend_chart
from reports.drawing import Chart
from reports.page_frame import environment, style, style_hash
from schemas.history import RecordedRun, Trend

_NAMES_BYTES = 300_000
_RUNS = 200
_CHARTS = 60
_FEWEST = 2


class KindView:
    """One kind of run: its name, its latest runs and a chart for each quantity."""

    def __init__(self, kind: str, trends: Sequence[Trend], names: Allowance) -> None:
        self.kind = names.text(kind, 600)
        runs = trends[0].runs
        self.first = max(0, len(runs) - _RUNS)
        self.runs = [RunView(place, run, names) for place, run in enumerate(runs, 1)][self.first :]
        self.charts: list[Chart] = [
            trend_chart(
                names.text(trend.quantity, 60),
                trend.values[self.first :],
                [place - self.first for place in trend.shifts if place > self.first],
                trend.unit,
            )
            for trend in trends[:_CHARTS]
            if sum(value is not None for value in trend.values[self.first :]) >= _FEWEST
        ]


class RunView:
    """One run in the table."""

    def __init__(self, number: int, run: RecordedRun, names: Allowance) -> None:
        self.number = number
        self.id, self.started = names.text(run.run_id, 100), names.text(run.started, 40)
        self.verdict, self.accepted = run.verdict, run.accepted


def render(trends: Sequence[Trend]) -> str:
    """The whole page."""
    names = Allowance(_NAMES_BYTES)
    kinds = [
        KindView(kind, list(own), names) for kind, own in groupby(trends, lambda trend: trend.kind)
    ]
    page = environment().get_template("history.html.j2")
    return page.render(kinds=kinds, style=style(), style_hash=style_hash())
