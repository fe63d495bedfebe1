"""Prints where the time of a conformance run went: its slowest cases and groups."""

from collections import Counter
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.text import Text

from reports import figures
from reports.plain_text import one_line
from schemas.case_records import CaseRecord

_NAME_CHARS = 120


def print_durations(cases: Sequence[CaseRecord], most: int, console: Console) -> None:
    """Print the ``most`` slowest of ``cases``, and of their groups, the slowest first."""
    spent, sizes = Counter[str](), Counter(case.group for case in cases)
    for case in cases:
        spent[case.group] += round(case.duration_ms * 1_000)
    slowest = sorted(cases, key=lambda case: -case.duration_ms)[:most]
    _print("slowest cases", ((case.duration_ms * 1_000, case.id) for case in slowest), console)
    groups = ((us, f"{name} ({_count(sizes[name])})") for name, us in spent.most_common(most))
    _print("slowest groups", groups, console)


def _print(head: str, rows: Iterable[tuple[float, str]], console: Console) -> None:
    console.print()
    console.print(Text(head, style="bold"))
    for microseconds, name in rows:
        shown = f"{figures.milliseconds(microseconds):>10} ms"
        line = Text.assemble((shown, "dim"), f"  {one_line(name, _NAME_CHARS)}")
        console.print(line, soft_wrap=True, highlight=False)


def _count(number: int) -> str:
    return f"{number} case{'s' * (number != 1)}"
