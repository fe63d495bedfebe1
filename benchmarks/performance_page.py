"""docs/performance.md: a measurement appends a row, with its date, to the table of its heading."""

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"


def append_row(heading: str, cells: Sequence[str]) -> None:
    """One more row in the table under ``heading``, which must be on the page."""
    lines = PAGE.read_text("utf-8").splitlines()
    begin = lines.index(f"## {heading}")
    rows = [number for number in range(begin, _end(lines, begin)) if lines[number].startswith("|")]
    date = f"{datetime.now(UTC):%Y-%m-%d}"
    lines.insert(rows[-1] + 1, "| " + " | ".join([date, machine(), *cells]) + " |")
    PAGE.write_text("\n".join(lines) + "\n", "utf-8")


def machine() -> str:
    """What it was measured on, in a few words."""
    return f"{os.cpu_count()} cores, Python {platform.python_version()}"


def _end(lines: Sequence[str], begin: int) -> int:
    later = (number for number in range(begin + 1, len(lines)) if lines[number].startswith("## "))
    return next(later, len(lines))
