"""Writes what a capacity search found, for machines and for people, and prints it."""

import sys
from pathlib import Path

import msgspec
import typer
from rich.console import Console

from harness.cli.whole_files import json_text, write_all
from reports.capacity_page import render
from reports.capacity_text import print_capacity, render_markdown
from schemas.capacity import CAPACITY_FILE, Capacity

CAPACITY_MARKDOWN = "capacity.md"
CAPACITY_PAGE = "capacity.html"
_PIPED_WIDTH = 160


def write(found: Capacity, folder: Path) -> None:
    """Put all forms of it into ``folder``; OutputUnusable when that fails."""
    texts = {
        CAPACITY_FILE: json_text(msgspec.to_builtins(found)),
        CAPACITY_MARKDOWN: render_markdown(found),
        CAPACITY_PAGE: render(found),
    }
    write_all(folder, texts)


def show(found: Capacity, folder: Path, *, as_json: bool) -> None:
    """Print it, and where the page is."""
    if as_json:
        typer.echo(json_text(msgspec.to_builtins(found)), nl=False)
        return
    console = Console(width=None if sys.stdout.isatty() else _PIPED_WIDTH)
    print_capacity(found, console)
    console.print(f"  {folder / CAPACITY_PAGE}", soft_wrap=True, markup=False, highlight=False)
