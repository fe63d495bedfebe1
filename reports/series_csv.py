"""Writes ``series.csv``: a load second by second, one row each, for spreadsheets and notebooks.

Columns are the seconds' counts, then for each metric the number of answers and quantiles in µs.
An empty cell is not known; 0 is 0.
"""

import csv
import io
import re
from collections.abc import Iterator

from reports import figures
from reports.material import Material
from schemas.histogram import HistogramData, quantile
from schemas.load_records import Second

COUNTS = ("due", "sent", "acked", "refused", "received", "invalid", "open")
"""The counts that stand first, whatever else a log has."""

_LEVEL = "open"
"""The one count that is a level: where a second does not tell it, it is not known."""

_METRICS = 40
_COUNTS = 40
_UNNAMED = re.compile(r"[^A-Za-z0-9_.]")


def render(material: Material) -> str:
    """The whole table; its head alone where there was no load."""
    seconds = sorted(material.run.seconds, key=lambda second: second.second)
    metrics = list(dict.fromkeys(name for second in seconds for name in second.latencies))
    counts = list(dict.fromkeys([*COUNTS, *(word for s in seconds for word in s.counts)]))
    counts, metrics = counts[:_COUNTS], metrics[:_METRICS]
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["second", *map(_column, counts), *_head(metrics)])
    for second in seconds:
        table.writerow([second.second, *_row(second, counts, metrics)])
    return text.getvalue()


def _head(metrics: list[str]) -> Iterator[str]:
    for name in metrics:
        yield f"{_column(name)}_count"
        for key, _, _ in figures.QUANTILES:
            yield f"{_column(name)}_{key}_us"
        yield f"{_column(name)}_max_us"


def _row(second: Second, counts: list[str], metrics: list[str]) -> Iterator[int | str]:
    for word in counts:
        yield second.counts.get(word, "" if word == _LEVEL else 0)
    for name in metrics:
        data = second.latencies.get(name, HistogramData())
        yield data.count
        for _, _, share in figures.QUANTILES:
            value = quantile(data, share)
            yield "" if value is None else value
        yield data.max_us if data.count else ""


def _column(name: str) -> str:
    """``name`` as one that no spreadsheet takes for a formula."""
    return _UNNAMED.sub("_", name[:40])
