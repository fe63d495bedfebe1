"""Our options beside Locust's own, for plain ``locust -f``, and the plan that they ask for.

They are in the command line, in the environment and in the web UI's form. No option holds a token:
Locust sends all of them to its workers in clear.
"""

import argparse
import secrets
from contextlib import suppress
from pathlib import Path

import msgspec
from locust.env import Environment

from harness.errors import HarnessError
from harness.populations import Population, find_population
from harness.swarm.plan import LoadPlan, Model, run_mark
from harness.swarm.planning import Wishes
from harness.swarm.planning import plan_of as planned
from harness.swarm.saturation import saturation_of
from harness.swarm.setup import profile_of
from harness.target import accounts_of
from schemas.words import Role

DEFAULT_RATE = 10.0
FOLDER = Path(__file__).parent / "populations"
_MARKS = 36**6


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of a chat run."""
    group = parser.add_argument_group("Chat load", "what customers and staff do")
    group.add_argument("--population", default="", help="who takes part: a name, or a TOML file")
    group.add_argument(
        "--rate",
        type=float,
        default=0.0,
        help=f"customers' messages per second; 0: the population's, else {DEFAULT_RATE:g}",
    )
    group.add_argument(
        "--customers", type=int, default=0, help="so many; 0: the population's, or 4 of 5 users"
    )
    group.add_argument(
        "--staff", type=int, default=0, help="so many; 0: the population's, or 1 of 5 users"
    )
    group.add_argument(
        "--model",
        choices=["", *map(str, Model)],
        default="",
        help="when customers send; empty: as the population says",
    )
    group.add_argument("--warm-up", type=float, default=0.0, help="seconds kept out of the figures")
    group.add_argument(
        "--saturated-at", default="", help="generator's limits: lag=20ms,cpu=0.9,wait=0.2"
    )
    group.add_argument("--seed", type=int, default=1, help="of schedule, words and mix")
    group.add_argument("--target-profile", default="", help="profile of the target (TOML)")
    group.add_argument("--accounts", default="", help="accounts (CSV) instead of the profile's")
    group.add_argument("--out", default="", help="folder for run.ndjson; none: nothing is written")
    for action in group._group_actions:
        _put_into_form(action)


def _put_into_form(action: argparse.Action) -> None:
    """As Locust's parser marks what is added to it, and not what is added to a group of it."""
    vars(action).update(
        include_in_web_ui=True, is_secret=False, is_required=False, is_multiple=False
    )


def settle_counts(options: argparse.Namespace) -> None:
    """Take the population's customers and staff where neither they nor users were asked for."""
    if not options.population or options.customers or options.num_users:
        return
    with suppress(HarnessError):  # told when the run is made
        plan = planned(_population(options), _wishes(options), seed=options.seed, **_named())
        options.customers, options.staff = plan.customers, options.staff or plan.staff


def plan_of(environment: Environment) -> LoadPlan:
    """The plan that the options ask for. UsageError when it cannot be.

    Without ``--customers`` Locust decides how many users of each kind there are, so there may be as
    many of either as there are users, as far as accounts go. Locust decides how long it lasts, too,
    but for a rate with a shape.
    """
    options = environment.parsed_options
    assert options is not None
    assert environment.runner is not None
    users = environment.runner.target_user_count or options.num_users or 1
    counts = {
        "customers": options.customers or users,
        "staff": options.staff or (0 if options.customers else users),
    }
    places = {"out": options.out, "profile": options.target_profile, "accounts": options.accounts}
    named = _named() | {"url": environment.host or ""} | places | counts
    limits = saturation_of(options.saturated_at)
    wishes, seed = _wishes(options), options.seed
    plan = planned(_population(options), wishes, seed=seed, saturation=limits, **named)
    if not plan.shape:
        plan = msgspec.structs.replace(plan, duration_s=None)
    return plan if options.customers else _as_far_as_accounts_go(plan)


def _population(options: argparse.Namespace) -> Population:
    return find_population(options.population or "steady", FOLDER)


def _wishes(options: argparse.Namespace) -> Wishes:
    rate = options.rate or (None if options.population else DEFAULT_RATE)
    return Wishes(
        customers=options.customers or None,
        staff=options.staff or None,
        rate=rate,
        warm_up_s=options.warm_up or None,
        model=Model(options.model) if options.model else None,
    )


def _named() -> dict[str, str]:
    mark = run_mark(secrets.randbelow(_MARKS))
    return {"run_id": f"locust-{mark}", "run": mark, "out": ""}


def _as_far_as_accounts_go(plan: LoadPlan) -> LoadPlan:
    source = accounts_of(profile_of(plan), plan.run)

    def most(wanted: int, role: Role) -> int:
        there_are = source.available(role)
        return wanted if there_are is None else min(wanted, there_are)

    customers, staff = most(plan.customers, Role.CUSTOMER), most(plan.staff, Role.STAFF)
    return msgspec.structs.replace(plan, customers=customers, staff=staff)
