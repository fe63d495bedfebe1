"""`chatsocket gate`: judge a saved run."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs; `--help` must not wait for it

from pathlib import Path
from typing import Annotated

import typer

from harness.cli.baselines import Baseline, Baselines, Effect, HistoryOf, Noise
from harness.cli.expected import ExpectFile
from harness.cli.options import AsJson
from schemas.verdicts import ExitCode, Level


def gate(  # noqa: PLR0913 - one parameter per option
    run_dir: Annotated[Path, typer.Argument(help="The folder that a run was written into.")],
    *,
    thresholds: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="TOML file with a list of thresholds."),
    ] = None,
    level: Annotated[
        Level, typer.Option(help="The lowest level at which a failed case counts.")
    ] = Level.SHOULD,
    expect: ExpectFile = None,
    baseline: Baselines = None,
    history: HistoryOf = None,
    noise: Noise = None,
    effect: Effect = None,
    as_json: AsJson = False,
) -> int:
    """Decide about a run: verdict.json and the reports beside its log, and the exit code.

    Without --expect the run is held to the expected results that it was made with, if any. Worse
    than the baseline is a miss; inconclusive is shown and changes nothing.
    """
    from rich.console import Console

    from harness.cli.judgement import decide
    from harness.cli.result_json import print_json

    against = Baseline.of(baseline, history, noise, effect)
    code: ExitCode = decide(
        run_dir,
        Console(quiet=as_json),
        level=level,
        thresholds=thresholds,
        expect=expect,
        baseline=against,
    )
    if as_json:
        print_json(run_dir)
    return code
