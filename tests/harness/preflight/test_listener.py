"""A target that is not there is told at once."""

import socket

import pytest
from msgspec.structs import replace

from harness.errors import TargetUnavailable, Unavailability
from harness.preflight.listener import demand_listener
from harness.target import default_profile


def test_a_listener_is_enough() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        demand_listener(default_profile(f"ws://127.0.0.1:{server.getsockname()[1]}/chat"))


def test_a_refused_connection_is_said_without_what_the_url_hides() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(TargetUnavailable, match="refused the connection") as caught:
        demand_listener(default_profile(f"ws://127.0.0.1:{port}/chat?key=sesame"))
    assert caught.value.cause is Unavailability.REFUSED
    assert "sesame" not in str(caught.value)


def test_what_a_proxy_or_a_name_server_says_is_left_to_the_load() -> None:
    demand_listener(replace(default_profile("ws://127.0.0.1:1/"), proxy="http://127.0.0.1:2"))
    demand_listener(default_profile("ws://nowhere.invalid/"))
