"""docs/detection.md: parts that different commands write, each replacing its own."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from benchmarks.performance_page import machine

PAGE: Final = Path(__file__).parents[2] / "docs" / "detection.md"
PARTS: Final = ("kills", "alarms")
"""In their order on the page."""

_PART = re.compile(r"<!-- (?P<name>\w+) -->\n(?P<text>.*?)<!-- end -->\n", re.DOTALL)


def write_part(name: str, text: str) -> None:
    """Put ``text`` in the place of part ``name``."""
    PAGE.write_text(
        with_part(PAGE.read_text("utf-8") if PAGE.exists() else "", name, text), "utf-8"
    )


def with_part(page: str, name: str, text: str) -> str:
    """``page`` with another part ``name``; what is no part is left out."""
    parts = {found["name"]: found["text"] for found in _PART.finditer(page)} | {name: text}
    order = [each for each in PARTS if each in parts]
    drawn = "\n".join(f"<!-- {each} -->\n{parts[each]}<!-- end -->\n" for each in order)
    return f"# Detection\n\n{drawn}"


def when_and_where() -> str:
    """The date and the machine, as measurements tell them."""
    return f"{datetime.now(UTC):%Y-%m-%d}, {machine()}"
