"""`chatsocket populations`: the shipped populations, with a sentence each."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs; `--help` must not wait for it

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.errors import OwnFault

if TYPE_CHECKING:
    from harness.populations import Population

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def populations(*, as_json: Json = False) -> int:
    """List the populations that `load` and `run` know by name."""
    import msgspec
    from rich.console import Console
    from rich.table import Table

    from harness.cli.whole_files import json_text
    from harness.populations import shipped

    found = shipped(shipped_folder())
    if as_json:
        typer.echo(json_text([msgspec.to_builtins(each) for each in found]), nl=False)
        return 0
    table = Table(box=None, pad_edge=False)
    for heading in ("name", "customers", "staff", "rate", "duration", "what it is"):
        table.add_column(heading, overflow="fold")
    for each in found:
        table.add_row(*_row(each))
    Console(soft_wrap=False).print(table)
    return 0


def shipped_folder() -> Path:
    """Where the shipped populations lie."""
    spec = importlib.util.find_spec("scenarios")
    folders = spec.submodule_search_locations if spec else None
    if not folders:
        raise OwnFault("the package scenarios is not installed", "install the project anew")
    return Path(next(iter(folders))) / "populations"


def _row(population: "Population") -> tuple[str, ...]:
    customers = "sessions" if population.customers is None else str(population.customers)
    minutes, seconds = divmod(round(population.duration_s), 60)
    duration = f"{minutes} min" if minutes and not seconds else f"{population.duration_s:g} s"
    rate = f"{population.rate:g}/s"
    return (population.name, customers, str(population.staff), rate, duration, population.about)
