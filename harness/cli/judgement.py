"""From a run folder to its verdict, its reports and the exit code: the end of every run."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from harness.cli.comparison_files import write_comparison
from harness.cli.expected import known_failures
from harness.cli.saved_runs import readable_run
from harness.errors import OutputUnusable
from harness.gate import GateRules, default_thresholds, judge
from harness.thresholds import Threshold, parse, read_thresholds
from reports.material import read_material
from reports.render import EVERY_RUN, Format, ReportUnwritable, write
from reports.terminal import print_summary
from schemas.expectations import Expectation
from schemas.run_log import Run
from schemas.verdict_file import VerdictFile, write_verdict
from schemas.verdicts import ExitCode, Level, Outcome

if TYPE_CHECKING:
    from harness.cli.baselines import Baseline


def decide(  # noqa: PLR0913 - what a command may say of how a run is judged
    folder: Path,
    console: Console,
    *,
    level: Level = Level.SHOULD,
    thresholds: Path | None = None,
    expect: Path | None = None,
    baseline: "Baseline | None" = None,
    gated: bool = True,
    explained: bool = False,
) -> ExitCode:
    """Judge the run in ``folder``, write its verdict and every report, print the summary.

    ``expect`` replaces the expected results that the run was made with. ``baseline`` are runs that
    it is held against.
    ``gated``: where neither a file nor the profile names thresholds, hold the run to the defaults.
    ``explained``: the user has been told why the run ended early, so that a summary of nothing is
    not printed.
    """
    run = readable_run(folder)
    rules = GateRules(
        _thresholds(run, thresholds, gated), level, _expectations(run, expect), date.today()
    )
    compared = baseline.against(run) if baseline else None
    verdict = judge(run, rules, compared)
    _put(folder, verdict)
    if compared is not None:
        write_comparison(compared, folder)
    write_reports(folder, EVERY_RUN, folder)
    if explained and not _measured(run):
        console.print(f"Nothing was measured; the run is in {folder}", soft_wrap=True, markup=False)
    else:
        print_summary(read_material(folder).summary, folder, console)
    return verdict.exit_code


def write_reports(folder: Path, formats: Iterable[Format], out: Path) -> list[Path]:
    """Draw the run in ``folder``; OutputUnusable when a report cannot be written."""
    try:
        return write(folder, formats, out)
    except ReportUnwritable as error:
        raise OutputUnusable(error.path, error.why) from None


def _measured(run: Run) -> bool:
    decided = (Outcome.PASSED, Outcome.FAILED)
    connected = run.totals is not None and run.totals.connections.opened > 0
    return connected or any(case.outcome in decided for case in run.cases)


def _thresholds(run: Run, file: Path | None, gated: bool) -> tuple[Threshold, ...]:
    """The thresholds of ``file``, else of the profile the run was made with, else the gate's."""
    if file is not None:
        return read_thresholds(file)
    written = run.header.target.profile.get("thresholds")
    if written:
        return tuple(map(parse, written))
    return default_thresholds(run) if gated else ()


def _expectations(run: Run, file: Path | None) -> tuple[Expectation, ...]:
    """The entries of ``file``, else those that the run was made with."""
    if file is not None:
        return known_failures(file, [case.id for case in run.cases])
    return tuple(run.suite.expectations) if run.suite else ()


def _put(folder: Path, verdict: VerdictFile) -> None:
    try:
        write_verdict(folder, verdict)
    except OSError as error:
        raise OutputUnusable(folder, error.strerror or str(error)) from None
