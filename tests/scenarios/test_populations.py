"""Every shipped population, made small, against real servers: all of them side by side."""

from pathlib import Path
from typing import Any

import pytest

from harness.populations.habits import Distribution, Reconnects, Sessions, Span
from schemas.fault_journal import Acted, read_journal
from schemas.load_records import Metric
from schemas.records import Note
from tests.scenarios.conftest import Server
from tests.scenarios.live_run import SHIPPED, LiveRun, carry_out_all, small_plan

pytestmark = [pytest.mark.loopback, pytest.mark.timeout(120)]

SMALL: dict[str, dict[str, Any]] = {
    "breakpoint": {"customers": 10, "staff": 4, "rate": 60.0},
    "fan-out": {"customers": 6, "staff": 3, "rate": 30.0},
    "login-storm": {"customers": 40, "staff": 4},
    "pipeline": {"customers": 6, "staff": 3, "rate": 30.0},
    "reconnect-storm": {
        "customers": 10,
        "staff": 4,
        "rate": 30.0,
        "habits": {"reconnects": Reconnects(1.5, 0.8, 0.3, 0.1)},
    },
    "rush-hour": {"customers": 8, "staff": 4, "rate": 30.0, "habits": {"ramp_s": 1.0}},
    "slow-readers": {"customers": 10, "staff": 4, "rate": 30.0},
    "smoke": {},
    "soak": {
        "staff": 3,
        "habits": {"sessions": Sessions(3.0, Span(1.2, Distribution.EXPONENTIAL))},
    },
    "spike": {"customers": 8, "staff": 4, "rate": 60.0},
    "steady": {"customers": 6, "staff": 3, "rate": 30.0},
}
LOSSY = ("steady", "fan-out", "slow-readers")
LOSS = ("--fault", "loss=0.05", "--fault-seed", "3", "--fault-journal")
DURATION_S = 4.0


class Field:
    """The finished runs, and what faulty servers did."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        servers = [Server() for _ in SMALL]
        servers += [Server(options=(*LOSS, str(self._journal(name)))) for name in LOSSY]
        names = [*SMALL, *LOSSY]
        try:
            runs = carry_out_all(
                small_plan(name, server.url, **({"duration_s": DURATION_S} | SMALL[name]))
                for name, server in zip(names, servers, strict=True)
            )
        finally:
            for server in servers:
                server.stop()
        self.honest = dict(zip(SMALL, runs, strict=False))
        self.lossy = dict(zip(LOSSY, runs[len(SMALL) :], strict=True))

    def losses(self, name: str) -> int:
        """How often the server of a lossy run lost something."""
        return sum(isinstance(entry, Acted) for entry in read_journal(self._journal(name)))

    def _journal(self, name: str) -> Path:
        return self.folder / f"{name}.journal"


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> Field:
    return Field(tmp_path_factory.mktemp("field"))


def metrics(run: LiveRun) -> dict[str, Metric]:
    return {record.name: record for record in run.records if isinstance(record, Metric)}


def notes(run: LiveRun) -> str:
    return " ".join(record.text for record in run.records if isinstance(record, Note))


def test_every_shipped_population_is_played() -> None:
    assert sorted(SMALL) == sorted(path.stem for path in SHIPPED.glob("*.toml"))


@pytest.mark.parametrize("name", SMALL)
def test_an_honest_server_is_found_so_by_every_population(field: Field, name: str) -> None:
    run = field.honest[name]
    assert run.wrong == {}, run.collection.faults
    assert (run.course.complete, run.course.reason) == (True, "")
    ledger = run.collection.ledger
    assert ledger.delivered == ledger.expected_deliveries >= ledger.acked > 0


@pytest.mark.parametrize("name", LOSSY)
def test_what_is_lost_is_counted_as_often_as_it_was(field: Field, name: str) -> None:
    run, losses = field.lossy[name], field.losses(name)
    assert losses > 0
    assert run.wrong == {"lost": losses}


def test_customers_with_three_devices_get_everything_three_times(field: Field) -> None:
    run = field.honest["fan-out"]
    assert run.collection.connections["opened"] == 6 * 3 + 3
    assert run.collection.ledger.expected_deliveries == 3 * run.collection.ledger.acked


def test_who_drops_comes_back_and_is_counted(field: Field) -> None:
    run = field.honest["reconnect-storm"]
    reconnects = run.collection.connections["reconnects"]
    assert reconnects >= 8
    assert metrics(run)["reconnect"].latency.count == reconnects


def test_sessions_log_in_again_and_again(field: Field) -> None:
    run = field.honest["soak"]
    stays = list(run.plan.attendance(run.plan.customers).stays())
    assert len(stays) > run.plan.customers
    assert run.collection.connections["opened"] >= len(stays)


def test_slow_readers_do_not_spoil_the_latencies(field: Field) -> None:
    run = field.honest["slow-readers"]
    assert "3 customers read slowly on purpose" in notes(run)
    assert metrics(run)["ack"].latency.count < run.collection.counts["scheduled_sent"]


def test_idle_customers_say_nothing(field: Field) -> None:
    plan = field.honest["slow-readers"].plan
    entries = plan.schedule(plan.customers).entries()
    assert len({entry.participant for entry in entries}) <= 8


def test_acks_and_deliveries_are_told_by_type(field: Field) -> None:
    found = metrics(field.honest["pipeline"])
    for whole in ("ack", "deliver"):
        parts = [found[name] for name in found if name.startswith(f"{whole}.")]
        assert len(parts) >= 2
        assert sum(part.latency.count for part in parts) == found[whole].latency.count
