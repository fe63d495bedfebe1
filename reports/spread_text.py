"""The spread of equal runs on the terminal."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from reports import figures
from schemas.spread import Repetition

_HEADS = ("latency", "runs", "least, ms", "median, ms", "most, ms", "noise")


def print_spread(found: Repetition, console: Console) -> None:
    """A row for each latency; then what each run ended with."""
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for head in _HEADS:
        table.add_column(head, justify="left" if head == _HEADS[0] else "right", no_wrap=True)
    for each in found.latencies:
        table.add_row(
            each.name,
            str(each.runs),
            figures.milliseconds(each.least_us),
            figures.milliseconds(each.median_us),
            figures.milliseconds(each.most_us),
            figures.share(each.noise),
        )
    if found.latencies:
        console.print(table, crop=False)
    else:
        console.print("No latency has samples enough to be judged by.")
    codes = ", ".join(str(int(each.exit_code)) for each in found.runs)
    console.print(Text(f"  exit codes of the {len(found.runs)} runs: {codes}", style="dim"))
