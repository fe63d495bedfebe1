"""`chatsocket check`: the conformance suite against a target."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs; `--help` must not wait for it

from typing import TYPE_CHECKING, Annotated

import typer

from harness.cli.expected import ExpectFile, WriteExpect
from harness.cli.load_options import Seed
from harness.cli.options import (
    AccountsFile,
    Allow,
    Allowed,
    AsJson,
    Force,
    GatedLevel,
    Generating,
    Out,
    ProfileFile,
    Strict,
    Target,
    choice_of,
)
from schemas.generate import Generate
from schemas.verdicts import ExitCode, Level

if TYPE_CHECKING:
    from harness.conformance import SuiteOptions

Keyword = Annotated[
    str, typer.Option("-k", metavar="EXPR", help="Only cases whose name fits, as in pytest.")
]
Groups = Annotated[
    list[str] | None,
    typer.Option("--group", metavar="GROUP", help="Only this group of cases; repeatable."),
]
Slow = Annotated[bool, typer.Option("--slow", help="Run the slow cases too.")]
Durations = Annotated[
    int,
    typer.Option("--durations", metavar="N", min=0, help="Show the N slowest cases and groups."),
]
OwnCases = Annotated[
    list[str] | None,
    typer.Option("--cases", metavar="DIR", help="Cases of your own beside ours; repeatable."),
]
Listing = Annotated[bool, typer.Option("--list", help="List the cases and run nothing.")]


def check(  # noqa: PLR0913 - one parameter per option
    *,
    target: Target = None,
    profile: ProfileFile = None,
    accounts: AccountsFile = None,
    out: Out = None,
    force: Force = False,
    keyword: Keyword = "",
    group: Groups = None,
    level: GatedLevel = Level.SHOULD,
    strict: Strict = False,
    allow: Allow = None,
    slow: Slow = False,
    generate: Generating = Generate.QUICK,
    seed: Seed = 1,
    cases: OwnCases = None,
    expect: ExpectFile = None,
    write_expect: WriteExpect = None,
    durations: Durations = 0,
    listing: Listing = False,
    as_json: AsJson = False,
) -> int:
    """Judge a server case by case and write a report."""
    from rich.console import Console

    from harness.cli.conformance_part import NAME, ConformancePart, case_accounts, planned
    from harness.cli.expected import check_writable, write_from
    from harness.cli.making import make_run
    from harness.cli.recording import Recording, new_mark
    from harness.cli.saved_runs import readable_run
    from harness.conformance import Generation, SuiteOptions, groups_named, own_folders
    from reports.durations import print_durations
    from reports.progress import Progress

    options = SuiteOptions(
        groups=groups_named(group or ()),
        keyword=keyword,
        strict=strict,
        hostile=Allowed.HOSTILE in (allow or ()),
        slow=slow,
        generation=Generation(generate, seed),
        cases=own_folders(cases or ()),
    )
    if listing:
        return _list(options, as_json)
    choice, mark = choice_of(target, profile, accounts), new_mark()
    described = choice.load()
    plan = planned(options, choice, described, expect)
    check_writable(write_expect)
    progress = Progress(Console(stderr=True))
    part = ConformancePart(described, case_accounts(described, mark), options, progress, plan)
    recording = Recording(mark, out, force=force)
    parts = {NAME: part.run}
    code = make_run(recording, described, parts, progress, seed=seed, level=level, as_json=as_json)
    if durations:
        console = Console(stderr=as_json)
        print_durations(readable_run(recording.folder).cases, durations, console)
    if write_expect:
        write_from(readable_run(recording.folder), write_expect, err=as_json)
    return code


def _list(options: "SuiteOptions", as_json: bool) -> int:
    from harness.cli.whole_files import json_text
    from harness.conformance import list_cases

    cases = list_cases(options)
    if as_json:
        members = ("id", "level", "clauses", "title")
        told = [{name: getattr(case, name) for name in members} for case in cases]
        typer.echo(json_text(told), nl=False)
        return ExitCode.PASSED
    for case in cases:
        typer.echo(f"{case.id}  [{case.level}: {', '.join(case.clauses)}]  {case.title}")
    return ExitCode.PASSED
