"""The reference server as a child."""

import socket
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from harness.cli.children import Children
from harness.cli.embedded import shipped_profile, start_own, start_server
from harness.observation import LocalProcess, MetricsPage
from harness.target import KeyStatus, read_profile
from schemas.server_side import CPU, MEMORY


@pytest.mark.loopback
def test_the_embedded_server_accepts_connections_until_the_command_ends(tmp_path: Path) -> None:
    with Children() as children:
        parts = urlsplit(start_server(children, tmp_path))
        assert parts.hostname
        assert parts.port
        address = (parts.hostname, parts.port)
        socket.create_connection(address, timeout=5).close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address, timeout=5)


@pytest.mark.loopback
def test_the_embedded_server_tells_where_to_look_at_it(tmp_path: Path) -> None:
    with Children() as children:
        own = start_own(children, tmp_path)
        with closing(MetricsPage(own.metrics)) as page:
            values = page.read().values
        process = LocalProcess(own.pid).read().values
    assert {"chatsocket_conversations", CPU, MEMORY} <= set(values)
    assert abs(values[CPU] - process[CPU]) < 5


def test_the_shipped_profile_fits_any_port() -> None:
    profile = read_profile(shipped_profile(), "ws://127.0.0.1:1/chat")
    assert profile.url == "ws://127.0.0.1:1/chat"
    assert profile.status("dialect.ack") is KeyStatus.DECLARED
