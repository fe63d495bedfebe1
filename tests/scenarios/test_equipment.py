"""What a worker brings of its own, and whether a machine can hold a plan."""

import pytest

from harness.errors import UsageError
from harness.populations.habits import CustomerHabits
from harness.preflight.needs import Machine
from scenarios import equipment
from scenarios.equipment import Equipment, check_machine, travelling
from tests.harness.swarm.simulation import plan_for, setup_for


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine whose processes may open 200 files."""
    monkeypatch.setattr(equipment, "this_machine", lambda: Machine(files=200))


@pytest.mark.usefixtures("files")
def test_every_device_of_a_customer_takes_its_place() -> None:
    check_machine(plan_for(customers=100, staff=20), 1, ())
    devices = CustomerHabits(devices=3)
    with pytest.raises(UsageError, match=r"^320 connections \(3 a customer\) in one worker"):
        check_machine(plan_for(customers=100, staff=20, customer=devices), 1, ())


@pytest.mark.usefixtures("files")
def test_a_machine_holds_the_share_of_its_workers() -> None:
    plan = plan_for(customers=250, staff=50, workers=3)
    check_machine(plan, 3, ())
    check_machine(plan, 1, ())
    with pytest.raises(UsageError, match=r"^150 connections"):
        check_machine(plan_for(customers=250, staff=50, workers=2), 2, ())


def test_what_a_worker_brings_replaces_the_plans_own() -> None:
    plan = plan_for(url="ws://theirs/", profile="theirs.toml", accounts="")
    own = Equipment(url="ws://ours/", accounts="ours.csv").own(plan)
    assert (own.url, own.profile, own.accounts) == ("ws://ours/", "theirs.toml", "ours.csv")


def test_code_is_taken_from_this_machine_alone() -> None:
    plan = plan_for(locustfile="/theirs.py")
    assert Equipment().own(plan).locustfile == ""
    assert Equipment(locustfile="/ours.py").own(plan).locustfile == "/ours.py"
    assert travelling(setup_for(plan)).locustfile == ""
