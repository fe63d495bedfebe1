"""`chatsocket replay`: one case of a saved run, exactly again."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs; `--help` must not wait for it

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.cli.options import AccountsFile, AsJson, Force, Out, ProfileFile
from schemas.verdicts import ExitCode, Outcome

if TYPE_CHECKING:
    from schemas.case_records import CaseRecord

TargetUrl = Annotated[
    str, typer.Option("--target", metavar="URL", help="Another URL than the run's.")
]

_FINE = (Outcome.PASSED, Outcome.NON_STRICT, Outcome.INFORMATIONAL)
_LINE_CHARS = 600


def replay(  # noqa: PLR0913 - one parameter per option
    run_dir: Annotated[Path, typer.Argument(help="The folder that a run was written into.")],
    case_id: Annotated[str, typer.Argument(metavar="CASE_ID", help="The case's id.")],
    *,
    target: TargetUrl = "",
    profile: ProfileFile = None,
    accounts: AccountsFile = None,
    out: Out = None,
    force: Force = False,
    as_json: AsJson = False,
) -> int:
    """Run one case of a saved run again: fixed (0), still failing (1) or error (3).

    Profile and strictness are the run's. Tokens and other secrets are not in a run folder: they
    come from the profile, the accounts file or the environment again.
    """
    from rich.console import Console

    from harness.cli.again import planned_again, profile_again
    from harness.cli.conformance_part import NAME, ConformancePart, case_accounts
    from harness.cli.judgement import decide
    from harness.cli.options import choice_of
    from harness.cli.recording import Recording, new_mark, perform
    from harness.cli.result_json import print_json
    from harness.cli.saved_runs import readable_run
    from reports.progress import Progress

    run, mark = readable_run(run_dir), new_mark()
    before, options, plan = planned_again(run, run_dir, case_id)
    again = profile_again(run, run_dir, choice_of(target, profile, accounts))
    for note in again.notes:
        print(f"chatsocket: {note}", file=sys.stderr)
    described = again.profile
    progress = Progress(Console(stderr=True))
    part = ConformancePart(described, case_accounts(described, mark), options, progress, plan)
    recording = Recording(mark, out, force=force)
    with recording.open(described, [NAME], run.header.seed) as log, progress:
        reason = perform(log, NAME, part.run)
    decide(recording.folder, Console(quiet=True))
    found = next((c for c in readable_run(recording.folder).cases if c.id == case_id), None)
    code = _tell(before, found, reason, recording.folder, err=as_json)
    if as_json:
        print_json(recording.folder)
    return code


def _tell(
    before: "CaseRecord", now: "CaseRecord | None", reason: str, folder: Path, *, err: bool
) -> ExitCode:
    """Say what became of the case, on stderr with ``err``; the exit code that says the same."""
    from reports.plain_text import one_line

    if now is None:
        word, said, code = "error", reason or "the suite has no such case now", ExitCode.NO_VERDICT
    elif now.outcome is Outcome.FAILED:
        word = "still failing" if before.outcome is Outcome.FAILED else "failing"
        said, code = now.message, ExitCode.FAILED
    elif now.outcome in _FINE:
        word = "passing as before" if before.outcome in _FINE else "fixed"
        said, code = f"{now.outcome}{f': {now.message}' if now.message else ''}", ExitCode.PASSED
    else:
        word, said, code = "error", f"{now.outcome}: {now.message}", ExitCode.NO_VERDICT
    typer.echo(f"{word}  {before.id}  {one_line(said, _LINE_CHARS)}", err=err)
    typer.echo(f"report  {folder / 'report.html'}", err=err)
    return code
