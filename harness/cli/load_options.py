"""Options about the size of a load, and the plan they make."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs; `--help` must not wait for it

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.durations import seconds

if TYPE_CHECKING:
    from harness.swarm.plan import LoadPlan
    from harness.target import Profile
    from harness.target.choice import TargetChoice

DEFAULT = "steady"


class ModelName(StrEnum):
    """The models by their names; kept here so that `--help` need not import the swarm."""

    OPEN_CONSTANT = "open-constant"
    OPEN_POISSON = "open-poisson"
    CLOSED = "closed"


PopulationName = Annotated[
    str | None,
    typer.Option(
        "--population",
        metavar="NAME|FILE",
        help="Who takes part, by name (see `chatsocket populations`) or as a TOML file; without it"
        " steady, for `run` pipeline.",
    ),
]
Customers = Annotated[
    int | None, typer.Option(min=0, help="How many customers, instead of the population's.")
]
Staff = Annotated[
    int | None, typer.Option(min=0, help="How many staff members, instead of the population's.")
]
Rate = Annotated[
    float | None,
    typer.Option(help="Customers' messages per second over all workers, instead of its own."),
]
Duration = Annotated[
    str | None, typer.Option(metavar="TIME", help="How long, instead of its own: 500ms, 30s, 1h.")
]
WarmUp = Annotated[
    str | None,
    typer.Option(metavar="TIME", help="How much of the beginning stays out of the figures."),
]
LoadModel = Annotated[
    ModelName | None,
    typer.Option(
        "--model",
        help="When customers send: by a schedule, even or by chance, or after the last answer.",
    ),
]
SaturatedAt = Annotated[
    str,
    typer.Option(
        metavar="lag=20ms,cpu=0.9,wait=0.2",
        help="From where on the generator counts as saturated: lag of its loop and schedule (p99),"
        " processor share, share of time spent waiting for a core; any of them.",
    ),
]
Locustfile = Annotated[
    Path | None,
    typer.Option(
        "--locustfile",
        metavar="FILE",
        help="Customers or staff of your own: a Python file with subclasses of CustomerUser or"
        " StaffUser.",
    ),
]
Workers = Annotated[int, typer.Option(min=1, help="How many worker processes.")]
Seed = Annotated[int, typer.Option(help="The same seed makes the same schedule and words.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadSize:
    """What the options say; None: as the population says. Times are as written."""

    population: str | None
    customers: int | None
    staff: int | None
    rate: float | None
    duration: str | None
    warm_up: str | None
    model: ModelName | None
    workers: int
    seed: int
    saturated_at: str = ""
    locustfile: Path | None = None

    def plan(self, choice: "TargetChoice", mark: str, folder: Path) -> "LoadPlan":
        """The plan for the run ``mark`` in ``folder``; UsageError when it cannot be."""
        from harness.cli.populations import shipped_folder
        from harness.populations import find_population
        from harness.swarm.plan import Model
        from harness.swarm.planning import Wishes, plan_of
        from harness.swarm.saturation import saturation_of

        wishes = Wishes(
            customers=self.customers,
            staff=self.staff,
            rate=self.rate,
            duration_s=_seconds(self.duration, "--duration"),
            warm_up_s=_seconds(self.warm_up, "--warm-up", zero=True),
            model=None if self.model is None else Model(self.model),
        )
        population = find_population(self.population or DEFAULT, shipped_folder())
        own = {} if self.locustfile is None else own_users(self.locustfile, population.name)
        return plan_of(
            population,
            wishes,
            seed=self.seed,
            run_id=folder.name,
            run=mark,
            out=str(folder),
            url=choice.url,
            profile=choice.profile,
            accounts=choice.accounts,
            workers=self.workers,
            saturation=saturation_of(self.saturated_at),
            **own,
        )

    def check(self, choice: "TargetChoice", profile: "Profile", mark: str) -> None:
        """UsageError when the plan cannot be, accounts do not suffice, or the target bears less."""
        demand_borne(self.plan(choice, mark, Path()), profile)


def demand_borne(plan: "LoadPlan", profile: "Profile") -> None:
    """UsageError when the target bears less than ``plan``, or its accounts do not suffice."""
    from harness.swarm.allowance import allowance_of
    from harness.target import accounts_of

    allowance_of(plan, profile)
    source = accounts_of(profile, plan.run)
    source.customers(1, plan.customers - 1)  # the last of them: to make them all takes its time
    if plan.staff:
        source.staff(1, plan.staff - 1)


def own_users(file: Path, population: str) -> dict[str, str]:
    """What a plan says of users of one's own: they are a scenario of their own. UsageError when
    there is no such file.
    """
    from harness.errors import UsageError, shown

    if not file.is_file():
        raise UsageError(f"there is no locustfile {shown(str(file))}")
    return {"locustfile": str(file.absolute()), "scenario": f"{population}+{file.stem}"}


def _seconds(text: str | None, option: str, *, zero: bool = False) -> float | None:
    return None if text is None else seconds(text, option, zero=zero)
