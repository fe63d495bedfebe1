"""Options about the size of a load, and the plan they make."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs; `--help` must not wait for it

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.durations import seconds

if TYPE_CHECKING:
    from harness.swarm.plan import LoadPlan
    from harness.target import Profile
    from harness.target.choice import TargetChoice

Customers = Annotated[int, typer.Option(min=0, help="How many customers take part.")]
Staff = Annotated[int, typer.Option(min=0, help="How many staff members take part.")]
Rate = Annotated[float, typer.Option(help="Customers' messages per second, over all workers.")]
Duration = Annotated[str, typer.Option(metavar="TIME", help="How long: 500ms, 30s, 2m, 1h.")]
WarmUp = Annotated[
    str, typer.Option(metavar="TIME", help="How much of the beginning stays out of the figures.")
]
Workers = Annotated[int, typer.Option(min=1, help="How many worker processes.")]
Seed = Annotated[int, typer.Option(help="The same seed makes the same schedule and words.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadSize:
    """What the options say. ``duration`` and ``warm_up`` are as written."""

    customers: int
    staff: int
    rate: float
    duration: str
    warm_up: str
    workers: int
    seed: int

    def plan(self, choice: "TargetChoice", mark: str, folder: Path) -> "LoadPlan":
        """The plan for the run ``mark`` in ``folder``; UsageError when it cannot be."""
        from harness.swarm.plan import LoadPlan

        return LoadPlan(
            run_id=folder.name,
            run=mark,
            customers=self.customers,
            staff=self.staff,
            rate=self.rate,
            duration_s=seconds(self.duration, "--duration"),
            warm_up_s=seconds(self.warm_up, "--warm-up", zero=True),
            out=str(folder),
            url=choice.url,
            profile=choice.profile,
            accounts=choice.accounts,
            workers=self.workers,
            seed=self.seed,
        )

    def check(self, choice: "TargetChoice", profile: "Profile", mark: str) -> None:
        """UsageError when the plan cannot be, accounts do not suffice, or the target bears less."""
        from harness.swarm.allowance import allowance_of
        from harness.target import accounts_of

        allowance_of(self.plan(choice, mark, Path()), profile)
        source = accounts_of(profile, mark)
        source.customers(self.customers)
        source.staff(self.staff)
