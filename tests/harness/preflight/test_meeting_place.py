"""HOST[:PORT] in its forms."""

import pytest

from harness.errors import UsageError
from harness.preflight.meeting_place import host_and_port


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("10.0.0.5", ("10.0.0.5", 5557)),
        ("master.example:7000", ("master.example", 7000)),
        ("[::1]:7000", ("::1", 7000)),
        ("[::1]", ("::1", 5557)),
        ("::1", ("::1", 5557)),
        ("*", ("*", 5557)),
    ],
)
def test_host_and_port_are_told_apart(text: str, found: tuple[str, int]) -> None:
    assert host_and_port(text) == found


@pytest.mark.parametrize("text", ["", ":5557", "host:", "host:port", "host:99999", "ws://host:1"])
def test_anything_else_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(UsageError, match="no HOST:PORT"):
        host_and_port(text)
