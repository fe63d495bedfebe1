"""The reference server as a child of a command without a target, and its shipped profile."""

import importlib.util
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from harness.cli.children import Children, first_line
from harness.errors import OwnFault

READY_S = 20.0
REFERENCE = "reference"
"""The name under which `--profile` knows the shipped profile."""


class OwnServer(NamedTuple):
    """A reference server of ours: its URL and its process."""

    url: str
    pid: int

    @property
    def metrics(self) -> str:
        """The address of its metrics page."""
        return urlsplit(self.url)._replace(scheme="http", path="/metrics").geturl()


def start_own(children: Children, folder: Path) -> OwnServer:
    """Start a reference server on a free port of loopback; it accepts connections then."""
    child = children.start(
        "reference server", ["-m", "reference_server", "--port", "0"], folder / "server.log"
    )
    return OwnServer(first_line(child, READY_S), child.process.pid)


def start_server(children: Children, folder: Path) -> str:
    """The same; its URL."""
    return start_own(children, folder).url


def shipped_profile() -> Path:
    """The profile that describes the reference server and declares every key."""
    spec = importlib.util.find_spec("reference_server")
    folders = spec.submodule_search_locations if spec else None
    if not folders:
        raise OwnFault("the package reference_server is not installed", "install the project anew")
    return Path(next(iter(folders))) / "profile.toml"
