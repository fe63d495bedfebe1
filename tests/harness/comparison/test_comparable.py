"""Runs that may not be compared are named with what differs."""

import msgspec
import pytest

from harness.comparison.comparable import Aspect, demand_comparable, differing, kind_of
from harness.errors import UsageError
from schemas.case_records import SuitePlanned
from schemas.load_records import LoadPlanned
from tests.made_runs import made_run

PLAN = LoadPlanned(
    scenario="steady",
    model="open-constant",
    rate=100,
    duration_s=15,
    warm_up_s=1,
    customers=20,
    staff=5,
    workers=1,
    seed=1,
)


def planned(**changes):
    return made_run(plan=msgspec.structs.replace(PLAN, **changes))


def at(url: str):
    run = planned()
    target = msgspec.structs.replace(run.header.target, url=url)
    return msgspec.structs.replace(run, header=msgspec.structs.replace(run.header, target=target))


def test_equal_runs_may_be_compared():
    demand_comparable([planned(), planned(seed=2, workers=2)])


@pytest.mark.parametrize(
    ("changes", "aspect"),
    [
        ({"rate": 200}, Aspect.RATE),
        ({"scenario": "spike"}, Aspect.SCENARIO),
        ({"model": "closed"}, Aspect.MODEL),
        ({"customers": 3}, Aspect.POPULATION),
        ({"duration_s": 60}, Aspect.DURATION),
    ],
)
def test_another_load_is_refused_unless_allowed(changes, aspect):
    runs = [planned(), planned(**changes)]
    with pytest.raises(UsageError, match=f"differ in {aspect} .* --allow-different {aspect}"):
        demand_comparable(runs)
    demand_comparable(runs, [aspect])


def test_a_load_and_none_differ_in_their_parts():
    assert Aspect.PARTS in differing([planned(), made_run(asked=["conformance"])])


def test_servers_started_for_a_run_have_no_port_of_their_own():
    assert list(differing([at("ws://127.0.0.1:4001/chat"), at("ws://127.0.0.1:4002/chat")])) == []
    assert list(differing([at("wss://a.example:1/chat"), at("wss://a.example:2/chat")])) == [
        "target"
    ]


def test_a_partial_run_is_refused():
    with pytest.raises(UsageError, match="r1 is partial"):
        demand_comparable([planned(), msgspec.structs.replace(planned(), footer=None)])


def suite(**options):
    return made_run(suite=SuitePlanned(options=options))


def test_another_choice_of_cases_is_refused_unless_allowed():
    runs = [suite(groups=["login"]), suite(groups=["delivery"])]
    with pytest.raises(UsageError, match=r"differ in suite \(groups delivery against groups login"):
        demand_comparable(runs)
    demand_comparable(runs, [Aspect.SUITE])
    assert list(differing([suite(strict=True), suite(strict=False)])) == [Aspect.SUITE]
    seeds = [suite(generation={"level": "quick", "seed": seed}) for seed in (1, 2)]
    assert list(differing(seeds)) == []


def test_a_kind_names_only_what_a_run_has():
    assert "suite" not in kind_of(planned())
    assert "rate" not in kind_of(suite(groups=["login"]))
    assert "suite groups login" in kind_of(suite(groups=["login"]))
