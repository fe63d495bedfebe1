"""What docs/distributed.md says can be typed, can be."""

import re
import shlex

import pytest
import yaml
from locust.argument_parser import get_parser
from typer.main import get_command

from harness.cli.app import app
from scenarios.options import add_options
from tests.scenarios.conftest import ROOT

PAGE = (ROOT / "docs" / "distributed.md").read_text()
OWN = (ROOT / "examples" / "load" / "own_behaviour.py").read_text()
SPEC = {
    "annotations",
    "args",
    "env",
    "image",
    "imagePullPolicy",
    "imagePullSecrets",
    "labels",
    "locustfile",
    "master",
    "worker",
    "workers",
}
"""The fields of the operator's resource (its documentation, version locust.io/v1)."""


def commands(program: str) -> list[list[str]]:
    """The indented commands of the page that begin with ``program``."""
    joined = PAGE.replace("\\\n", " ")
    return [
        shlex.split(line) for line in re.findall(rf"^    ({program} .*)$", joined, re.MULTILINE)
    ]


def unknown_to_locust(arguments: list[str]) -> list[str]:
    parser = get_parser()
    add_options(parser)
    return parser.parse_known_args(arguments)[1]


def test_the_kubernetes_resource_is_one_that_the_operator_knows() -> None:
    (text,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    found = yaml.safe_load(text)
    assert (found["apiVersion"], found["kind"]) == ("locust.io/v1", "LocustTest")
    assert re.fullmatch(r"[a-z0-9-]+", found["metadata"]["name"])
    spec = found["spec"]
    assert spec.keys() <= SPEC
    assert spec["workers"] > 0
    assert unknown_to_locust(shlex.split(spec["args"])) == []
    assert {"name", "valueFrom"} == spec["env"][0].keys()


def test_its_locust_commands_have_only_options_that_there_are() -> None:
    (line,) = commands("locust")
    assert unknown_to_locust(line[1:]) == []


@pytest.mark.parametrize("line", commands("chatsocket"), ids=lambda line: line[1])
def test_its_own_commands_have_only_options_that_there_are(line: list[str]) -> None:
    command = get_command(app).commands[line[1]]
    known = {name for parameter in command.params for name in parameter.opts}
    asked = {part for part in line[2:] if part.startswith("--")}
    assert asked
    assert asked <= known


def test_the_behaviour_it_shows_is_the_example() -> None:
    shown = re.search(r"    class Hasty\(Customer\):\n(.*?)\n\n\n", PAGE, re.DOTALL)
    assert shown is not None
    lines = [line.removeprefix("    ") for line in shown[1].splitlines()]
    assert "\n".join(lines) in OWN
