"""The reference server as a child of a command without a target, and its shipped profile."""

import importlib.util
from pathlib import Path

from harness.cli.children import Children, first_line
from harness.errors import OwnFault

READY_S = 20.0
REFERENCE = "reference"
"""The name under which `--profile` knows the shipped profile."""


def start_server(children: Children, folder: Path) -> str:
    """Start a reference server on a free port of loopback; its URL once it accepts connections."""
    child = children.start(
        "reference server", ["-m", "reference_server", "--port", "0"], folder / "server.log"
    )
    return first_line(child, READY_S)


def shipped_profile() -> Path:
    """The profile that describes the reference server and declares every key."""
    spec = importlib.util.find_spec("reference_server")
    folders = spec.submodule_search_locations if spec else None
    if not folders:
        raise OwnFault("the package reference_server is not installed", "install the project anew")
    return Path(next(iter(folders))) / "profile.toml"
