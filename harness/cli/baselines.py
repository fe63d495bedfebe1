"""The baseline options of `chatsocket gate`: which runs, and how the run stands to them."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs; `--help` must not wait for it

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from harness.comparison.latencies import Rules
    from schemas.comparison import Comparison
    from schemas.run_log import Run

LATEST = "latest-accepted"
MOST_ACCEPTED = 10

Baselines = Annotated[
    list[str] | None,
    typer.Option(
        "--baseline",
        metavar="DIR",
        help=f"Hold the run against this one; repeatable. '{LATEST}' takes those of --history.",
    ),
]
HistoryOf = Annotated[
    str | None,
    typer.Option("--history", metavar="FILE|URL", help=f"Where '{LATEST}' runs are kept."),
]
Noise = Annotated[
    str | None,
    typer.Option(
        metavar="SHARE", help="How much equal runs differ, where the baseline has under 3."
    ),
]
Effect = Annotated[
    str | None,
    typer.Option(metavar="SHARE", help="The smallest difference to the baseline that matters; 5%."),
]


@dataclass(frozen=True, slots=True)
class Baseline:
    """What the options say: ``named`` folders or :data:`LATEST`, and how differences are judged."""

    named: Sequence[str]
    history: str | None
    rules: "Rules"

    @classmethod
    def of(
        cls, named: Sequence[str] | None, history: str | None, noise: str | None, effect: str | None
    ) -> "Baseline | None":
        """The baseline that the options mean, or None; UsageError when they contradict."""
        from harness.cli.shares import share
        from harness.comparison.latencies import Rules
        from harness.errors import UsageError

        if not named:
            for option, value in (("history", history), ("noise", noise), ("effect", effect)):
                if value is not None:
                    raise UsageError(f"--{option} needs --baseline", "add --baseline DIR")
            return None
        if LATEST in named and (len(named) > 1 or history is None):
            raise UsageError(
                f"--baseline {LATEST} stands alone and needs --history",
                f"write --baseline {LATEST} --history FILE",
            )
        known = None if noise is None else share(noise, "--noise")
        return cls(named, history, Rules(effect=share(effect or "5%", "--effect"), noise=known))

    def against(self, run: "Run") -> "Comparison":
        """How ``run`` stands to it; UsageError when the runs cannot be compared."""
        from harness.comparison.comparable import demand_comparable
        from harness.comparison.comparing import compare

        runs = self._runs(run)
        demand_comparable([*runs, run])
        return compare(runs, [run], self.rules)

    def _runs(self, run: "Run") -> "Sequence[Run]":
        from harness.cli.history import opened
        from harness.cli.saved_runs import readable_run
        from harness.comparison.comparable import kind_of
        from harness.errors import UsageError

        if self.history is None or LATEST not in self.named:
            return [readable_run(Path(name)) for name in self.named]
        history = opened(self.history)
        found = history.accepted(kind_of(run), MOST_ACCEPTED)
        if not found:
            raise UsageError(
                f"{history.shown} has no accepted run of the same kind of load on this machine",
                "add some with chatsocket history add, and accept them",
            )
        return found
