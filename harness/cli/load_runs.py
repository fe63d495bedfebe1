"""Load runs that a command makes one after another, each an ordinary run folder.

Each is judged and drawn as by ``chatsocket load``; what is said about all of them is for the
command to say.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from harness.cli.judgement import decide
from harness.cli.load_part import NAME, LoadPart
from harness.cli.recording import INTERRUPTED, Recording, new_mark, perform
from harness.cli.saved_runs import readable_run
from harness.errors import UsageError
from harness.swarm.plan import LoadPlan
from harness.target import Profile
from harness.thresholds import Threshold
from reports.progress import Progress
from schemas.run_log import Run
from schemas.verdicts import ExitCode, Level

Planning = Callable[[str, Path], LoadPlan]
"""The plan of the run with this mark in this folder."""


@dataclass(frozen=True, slots=True)
class Made:
    """A finished run, its exit code, and why it ended early (or nothing)."""

    run: Run
    exit_code: ExitCode
    reason: str

    @property
    def interrupted(self) -> bool:
        """Whether the user wants no more of this."""
        return self.reason == INTERRUPTED


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadRuns:
    """Runs against the target of ``profile``, judged at ``level`` by the file ``thresholds``.

    A run is ended early when one of ``watched`` is missed.
    """

    profile: Profile
    progress: Progress
    level: Level = Level.SHOULD
    thresholds: Path | None = None
    watched: Sequence[Threshold] = ()

    def make(self, planning: Planning, folder: Path) -> Made:
        """Make one run in ``folder``, which is empty or not there.

        UsageError, with the folder empty again, when the plan cannot be carried out.
        """
        recording = Recording(new_mark(), folder, force=False)
        try:
            plan = planning(recording.mark, recording.folder)
            part = LoadPart(plan, self.progress, watched=self.watched)
            with recording.open(self.profile, [NAME], plan.seed) as log:
                reason = perform(log, NAME, part.run)
        except UsageError:
            recording.discard()
            raise
        code = decide(
            recording.folder,
            Console(quiet=True),
            level=self.level,
            thresholds=self.thresholds,
            gated=False,
        )
        return Made(readable_run(recording.folder), code, reason)


def worst(codes: list[ExitCode]) -> ExitCode:
    """The one of several runs together: a failure, else missing evidence, else a pass."""
    order = (ExitCode.FAILED, ExitCode.NO_VERDICT, ExitCode.PASSED)
    return min(codes, key=order.index)
