"""The commands as one: what holds for each of them."""

from collections.abc import Iterator
from typing import Any

import pytest
from typer.main import get_command

from harness.cli.app import app

NO_RESULT = {
    "worker": "its leader has the result",
    "serve": "its own command line has --json for the list of faults",
    "accounts": "prints CSV for other commands",
    "profile init": "writes a file",
    "profile learn": "writes a file",
    "schema derive": "prints JSON Schemas",
    "schema asyncapi": "prints a document, as JSON by --format json",
    "schema export": "writes JSON Schemas",
}


def commands(group: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    for own, command in group.commands.items():
        path = f"{name} {own}".strip()
        if hasattr(command, "commands"):
            yield from commands(command, path)
        else:
            yield path, command


ALL = dict(commands(get_command(app)))


@pytest.mark.parametrize("name", sorted(ALL.keys() - NO_RESULT.keys()))
def test_every_command_that_prints_results_prints_json(name: str) -> None:
    assert "--json" in {option for each in ALL[name].params for option in each.opts}


def test_every_exception_is_a_command() -> None:
    assert NO_RESULT.keys() <= ALL.keys()
