"""Whom the master asks for the time of another host, and what becomes of the answers."""

import time
from typing import Any

import pytest

from harness.clocks.hosts import Hosts
from scenarios import timekeeper
from scenarios.hosts import FAKE_CLOCK, cores, host_clock, host_name
from scenarios.post import Subject
from scenarios.timekeeper import TRIPS, Timekeeper

AHEAD_NS = 3_600_000_000_000


class Wire:
    """A post whose far workers answer at once, unless they are mute."""

    def __init__(self) -> None:
        self.handlers: dict[Subject, Any] = {}
        self.asked: list[str] = []
        self.mute: set[str] = set()

    def on(self, subject: Subject, handler: Any) -> None:
        self.handlers[subject] = handler

    def to_worker(self, node: str, subject: Subject, number: int) -> None:
        assert subject is Subject.PING
        self.asked.append(node)
        if node not in self.mute:
            there_ns = time.monotonic_ns() + AHEAD_NS
            self.handlers[Subject.PONG](node, [number, there_ns])


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def hosts() -> Hosts:
    return Hosts()


@pytest.fixture
def keeper(wire: Wire, hosts: Hosts) -> Timekeeper:
    return Timekeeper(wire, hosts, lambda node: True)


def test_a_worker_of_this_host_is_not_asked(wire: Wire, hosts: Hosts, keeper: Timekeeper) -> None:
    bases: list[int] = []
    keeper.meet("a", 0, host_name(), bases.append)
    assert (bases, wire.asked, hosts.names) == ([0], [], [])


def test_a_far_worker_learns_how_far_its_host_is_ahead(
    wire: Wire, hosts: Hosts, keeper: Timekeeper
) -> None:
    bases: list[int] = []
    keeper.meet("a", 0, "far", bases.append)
    assert len(wire.asked) == TRIPS
    assert abs(bases[0] - AHEAD_NS) < 1_000_000_000
    keeper.meet("b", 1, "far", bases.append)
    assert bases[1] == bases[0]
    assert len(wire.asked) == TRIPS  # one clock, one look
    clock = hosts.clock_of(1)
    assert clock is not None
    now_ns = time.monotonic_ns()
    assert abs(clock.exact_ns(now_ns) - now_ns) < 1_000_000_000


def test_a_clock_is_looked_at_again_when_its_time_has_come(wire: Wire, keeper: Timekeeper) -> None:
    keeper.meet("a", 0, "far", lambda _: None)
    keeper.tick()
    assert len(wire.asked) == TRIPS
    keeper.look_now()
    keeper.tick()
    assert len(wire.asked) == 2 * TRIPS


def test_another_worker_answers_where_one_does_not(
    wire: Wire, keeper: Timekeeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timekeeper, "_PATIENCE_S", 0.0)
    bases: list[int] = []
    wire.mute = {"a"}
    keeper.meet("a", 0, "far", bases.append)
    keeper.meet("b", 1, "far", bases.append)
    keeper.tick()
    assert len(bases) == 2


def test_a_worker_may_pretend_to_have_another_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    own = host_name()
    monkeypatch.setenv(FAKE_CLOCK, f"{AHEAD_NS},50")
    assert host_name() != own
    assert abs(host_clock()() - time.monotonic_ns() - AHEAD_NS) < 1_000_000_000
    assert cores() > 0
