"""Writes a comparison of runs: for machines and for people."""

from pathlib import Path

import msgspec

from harness.cli.whole_files import json_text, write_all
from reports.comparison_text import render_markdown
from schemas.comparison import COMPARISON_FILE, Comparison

COMPARISON_PAGE = "comparison.md"


def write_comparison(found: Comparison, folder: Path) -> None:
    """Write it into ``folder``; OutputUnusable when that fails."""
    texts = {
        COMPARISON_FILE: json_text(msgspec.to_builtins(found)),
        COMPARISON_PAGE: render_markdown(found),
    }
    write_all(folder, texts)
