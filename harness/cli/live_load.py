"""The load options of `chatsocket compare --interleave`, and the runs they make."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs; `--help` must not wait for it

from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from harness.cli.load_options import LoadSize, ModelName
from harness.cli.options import choice_of

if TYPE_CHECKING:
    from schemas.run_log import Run

PAIRS = 5
"""So many runs a side find a tenth more with power 0.85 (measurement §10)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveLoad:
    """What the options say; None: not said."""

    repeat: int | None
    profile: str | None
    accounts: Path | None
    population: str | None
    customers: int | None
    staff: int | None
    rate: float | None
    duration: str | None
    warm_up: str | None
    model: ModelName | None
    workers: int | None
    seed: int | None

    def demand_unused(self, *, force: bool) -> None:
        """UsageError where one of them is said of saved runs."""
        from harness.errors import UsageError

        said = [each.name for each in fields(self) if getattr(self, each.name) is not None]
        said += ["force"] if force else []
        if said:
            option = f"--{said[0].replace('_', '-')}"
            raise UsageError(
                f"{option} says how targets are loaded, and these are saved runs",
                "leave it away, or add --interleave and give two targets",
            )

    def compared(
        self, words: list[str], out: Path | None, *, force: bool
    ) -> "tuple[Path, list[Run], list[Run]]":
        """Load the two targets that ``words`` name; the folder, and each side's runs."""
        from harness.cli.interleave import interleaved, series_of, two_targets

        pairs = self.repeat or PAIRS
        targets = two_targets(words)
        choices = (choice_of(target, self.profile, self.accounts) for target in targets)
        one, other = (series_of(choice, self._size(), pairs) for choice in choices)
        return interleaved((one, other), out, force=force)

    def _size(self) -> LoadSize:
        return LoadSize(
            population=self.population,
            customers=self.customers,
            staff=self.staff,
            rate=self.rate,
            duration=self.duration,
            warm_up=self.warm_up,
            model=self.model,
            workers=self.workers or 1,
            seed=1 if self.seed is None else self.seed,
        )
