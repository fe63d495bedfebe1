"""From levels to plans."""

import pytest

from harness.cli.capacity_trials import Ladder
from harness.errors import UsageError
from harness.swarm.plan import LoadPlan, Model
from schemas.capacity import Of


def plan(**changes: object) -> LoadPlan:
    fields = {"customers": 20, "staff": 5, "rate": 50.0, "warm_up_s": 1.0, "duration_s": 30.0}
    return LoadPlan(run_id="r", run="abcdef", out="", **fields | changes)


def test_a_level_of_rate_changes_the_rate_alone() -> None:
    ladder = Ladder(Of.RATE, plan())
    made = ladder.at(80, 12.0, seed=9)
    assert ladder.start == 50
    assert (made.rate, made.customers, made.staff) == (80, 20, 5)
    assert (made.duration_s, made.warm_up_s, made.seed) == (13.0, 1.0, 9)


def test_participants_keep_their_shares_and_send_as_often_as_ever() -> None:
    ladder = Ladder(Of.PARTICIPANTS, plan())
    assert ladder.start == 25
    made = ladder.at(100, 5.0, seed=1)
    assert (made.customers, made.staff, made.rate) == (80, 20, 200)
    assert ladder.at(26, 5.0, seed=1).participants == 26
    one = Ladder(Of.PARTICIPANTS, plan(customers=1, staff=0)).at(3, 5.0, seed=1)
    assert (one.customers, one.staff) == (3, 0)


def test_the_closed_model_has_no_rate_to_raise_but_has_participants() -> None:
    closed = plan(model=Model.CLOSED)
    with pytest.raises(UsageError, match="--of participants"):
        Ladder(Of.RATE, closed)
    assert Ladder(Of.PARTICIPANTS, closed).at(50, 5.0, seed=1).customers == 40
