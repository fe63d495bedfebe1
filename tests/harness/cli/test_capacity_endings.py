"""How real searches for a capacity end, at servers whose capacity is known."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.cli.children import Children, first_line

pytestmark = [pytest.mark.loopback, pytest.mark.long]

SLO = ("--slo", "p50(ack) < 100ms", "--profile", "reference")
START_S = 20.0
LISTENED_TO = """
[load]
rate = 40

[customers]
count = 4
mix = { text = 1.0, image = 0.0, title = 0.0 }
read_share = 0.0
receipt_share = 0.0

[staff]
count = 4
reply = "1h"
patience = "1h"
close_share = 0.0
"""
"""Staff listens and says next to nothing: what the server takes is the rate that it bears."""

PATIENT = ("--saturated-at", "lag=500ms,cpu=1,wait=1")
"""What is demanded is far above what a busy machine adds to it."""

Serve = Callable[..., str]
Find = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Starts servers by their arguments to Python; the URL."""
    with Children() as children:

        def start(*argv: str) -> str:
            return first_line(children.start("server", argv, tmp_path / "server.log"), START_S)

        yield start


@pytest.fixture
def find(call, tmp_path: Path) -> Find:
    """The exit code of a search, and what it found."""

    def search(url: str, *options: object) -> tuple[int, dict[str, Any]]:
        population = tmp_path / "listened-to.toml"
        population.write_text(LISTENED_TO)
        who = ("--population", population, "--out", tmp_path / "out", "--json")
        ended = call("capacity", url, *SLO, *who, *options)
        return ended.code, json.loads(ended.out)

    return search


def queue(rate: int) -> tuple[str, ...]:
    """A server that takes so many messages a second, one after another."""
    return ("-m", "reference_server", "--port", "0", "--fault", f"queue={rate}")


@pytest.mark.timeout(1500)
def test_the_interval_holds_the_capacity_and_is_five_percent_wide(serve: Serve, find: Find) -> None:
    size = ("--rate", 124, "--trial", "15s", "--budget", "20m", *PATIENT)
    code, found = find(serve(*queue(127)), *size)
    assert (code, found["ending"], found["recovers"]) == (0, "found", True), found
    assert found["held"] < 127 < found["failed"] <= 1.05 * found["held"]


@pytest.mark.timeout(600)
def test_a_server_that_overload_leaves_slower_does_not_recover(serve: Serve, find: Find) -> None:
    """It takes 100 messages a second, and 50 once it was overloaded."""
    url = serve("-m", "tests.harness.cli.tiring_server", "100")
    code, found = find(url, "--rate", 40, "--trial", "2s", "--width", "20%", *PATIENT)
    assert (code, found["recovers"], found["held_before"]) == (1, False, 80), found
    assert 40 <= found["held"] < 50
    assert found["failed"] < 80
    assert [word for reason in found["reasons"] if (word := reason.split(":")[0])] == [
        "found",
        "does-not-recover",
        "missed",
    ]


@pytest.mark.timeout(300)
def test_a_generator_at_its_end_decides_nothing_above_what_held(serve: Serve, find: Find) -> None:
    """What it misses then may be its own doing: the answer is "at least", with what would help."""
    strained = ("--saturated-at", "lag=0.01ms")
    code, found = find(serve(*queue(80)), "--rate", 60, "--trial", "2s", *strained)
    assert (code, found["ending"], found["held"], found["failed"]) == (3, "saturated", 60, None)
    assert found["reasons"][0].startswith("saturated: at least 60/s: the generator was at its end")
    assert found["reasons"][0].endswith("; add --workers")


@pytest.mark.timeout(600)
def test_participants_are_raised_by_whole_ones(serve: Serve, find: Find) -> None:
    """Each says 20 messages a second, of which the server takes 110."""
    options = ("--of", "participants", "--customers", 2, "--staff", 0, "--rate", 40)
    code, found = find(serve(*queue(110)), "--trial", "2s", *PATIENT, *options)
    assert (code, found["ending"], found["recovers"]) == (0, "found", True), found
    assert (found["held"], found["failed"]) == (5, 6)
