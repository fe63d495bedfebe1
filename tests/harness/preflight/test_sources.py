"""Source addresses as they are written."""

import pytest

from harness.errors import UsageError
from harness.preflight.sources import parse_sources


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("127.0.0.2", ("127.0.0.2",)),
        ("127.0.0.2, 127.0.0.3,127.0.0.2,", ("127.0.0.2", "127.0.0.3")),
        ("10.0.0.0/30", ("10.0.0.1", "10.0.0.2")),
        ("10.0.0.9/32,::1", ("10.0.0.9", "::1")),
    ],
)
def test_lists_and_networks_are_read(text: str, found: tuple[str, ...]) -> None:
    assert parse_sources(text) == found


@pytest.mark.parametrize("text", [",", "localhost", "10.0.0.0/40", "10.0.0.0/8", "fe80::/10"])
def test_what_is_none_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(UsageError, match="--source-ips"):
        parse_sources(text)
