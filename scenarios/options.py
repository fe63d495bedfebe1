"""Our options beside Locust's own, for plain ``locust -f``, and the plan that they ask for.

They are in the command line, in the environment and in the web UI's form. No option holds a token:
Locust sends all of them to its workers in clear.
"""

import argparse
import secrets

import msgspec
from locust.env import Environment

from harness.swarm.plan import LoadPlan, Model, run_mark
from harness.swarm.setup import profile_of
from harness.target import accounts_of
from schemas.words import Role

DEFAULT_RATE = 10.0
_MARKS = 36**6


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of a chat run."""
    group = parser.add_argument_group("Chat load", "what customers and staff do")
    group.add_argument(
        "--rate", type=float, default=DEFAULT_RATE, help="customers' messages per second"
    )
    group.add_argument("--customers", type=int, default=0, help="so many; 0: 4 of 5 users")
    group.add_argument("--staff", type=int, default=0, help="so many; 0: 1 of 5 users")
    group.add_argument("--model", choices=[str(model) for model in Model], default="open-constant")
    group.add_argument("--warm-up", type=float, default=0.0, help="seconds kept out of the figures")
    group.add_argument("--seed", type=int, default=1, help="of schedule, words and mix")
    group.add_argument("--target-profile", default="", help="profile of the target (TOML)")
    group.add_argument("--accounts", default="", help="accounts (CSV) instead of the profile's")
    group.add_argument("--out", default="", help="folder for run.ndjson; none: nothing is written")


def plan_of(environment: Environment) -> LoadPlan:
    """The plan that the options ask for. UsageError when it cannot be.

    Without ``--customers`` Locust decides how many users of each kind there are, so there may be as
    many of either as there are users, as far as accounts go.
    """
    options = environment.parsed_options
    assert options is not None
    assert environment.runner is not None
    users = environment.runner.target_user_count or options.num_users or 1
    mark = run_mark(secrets.randbelow(_MARKS))
    plan = LoadPlan(
        run_id=f"locust-{mark}",
        run=mark,
        customers=options.customers or users,
        staff=options.staff or (0 if options.customers else users),
        rate=options.rate,
        duration_s=None,
        out=options.out,
        url=environment.host or "",
        profile=options.target_profile,
        accounts=options.accounts,
        model=Model(options.model),
        warm_up_s=options.warm_up,
        seed=options.seed,
    )
    return plan if options.customers else _as_far_as_accounts_go(plan)


def _as_far_as_accounts_go(plan: LoadPlan) -> LoadPlan:
    source = accounts_of(profile_of(plan), plan.run)

    def most(wanted: int, role: Role) -> int:
        there_are = source.available(role)
        return wanted if there_are is None else min(wanted, there_are)

    customers, staff = most(plan.customers, Role.CUSTOMER), most(plan.staff, Role.STAFF)
    return msgspec.structs.replace(plan, customers=customers, staff=staff)
