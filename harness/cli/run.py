"""`chatsocket run`: conformance, load, gate and reports in a row."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs; `--help` must not wait for it

from typing import TYPE_CHECKING

from harness.cli.expected import ExpectFile
from harness.cli.load_options import (
    Customers,
    Duration,
    LoadModel,
    LoadSize,
    PopulationName,
    Rate,
    Seed,
    Staff,
    WarmUp,
    Workers,
)
from harness.cli.options import (
    AccountsFile,
    Allow,
    Allowed,
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
from schemas.verdicts import Level

if TYPE_CHECKING:
    from harness.cli.recording import Recording
    from harness.conformance import SuiteOptions
    from harness.target.choice import TargetChoice
    from schemas.records import SuitePlanned

_PIPELINE = "pipeline"  # the population of a run of which nothing was said


def run(  # noqa: PLR0913 - one parameter per option
    *,
    target: Target = None,
    profile: ProfileFile = None,
    accounts: AccountsFile = None,
    population: PopulationName = None,
    customers: Customers = None,
    staff: Staff = None,
    rate: Rate = None,
    duration: Duration = None,
    warm_up: WarmUp = None,
    model: LoadModel = None,
    workers: Workers = 1,
    seed: Seed = 1,
    generate: Generating = Generate.QUICK,
    out: Out = None,
    force: Force = False,
    level: GatedLevel = Level.SHOULD,
    strict: Strict = False,
    allow: Allow = None,
    expect: ExpectFile = None,
) -> int:
    """Check, load and gate a server; without a target, a reference server of its own."""
    from harness.cli.children import Children
    from harness.cli.conformance_part import planned
    from harness.cli.embedded import REFERENCE, start_server
    from harness.cli.recording import Recording, new_mark
    from harness.conformance import Generation, SuiteOptions

    mark = new_mark()
    size = LoadSize(
        population=population or _PIPELINE,
        customers=customers,
        staff=staff,
        rate=rate,
        duration=duration,
        warm_up=warm_up,
        model=model,
        workers=workers,
        seed=seed,
    )
    # Without accounts of its own a target can only be a reference server: the demo secret is its.
    known = profile if profile or accounts else REFERENCE
    choice = choice_of(target, known, accounts)
    size.check(choice, choice.load(), mark)
    options = SuiteOptions(
        strict=strict,
        hostile=Allowed.HOSTILE in (allow or ()),
        generation=Generation(generate, seed),
    )
    plan = planned(options, choice, choice.load(), expect)
    recording = Recording(mark, out, force=force)
    with Children() as children:
        if not target and not profile:
            choice = choice.at(start_server(children, recording.folder))
        return _both_parts(recording, choice, size, level=level, options=options, plan=plan)


def _both_parts(
    recording: "Recording",
    choice: "TargetChoice",
    size: LoadSize,
    *,
    level: Level,
    options: "SuiteOptions",
    plan: "SuitePlanned",
) -> int:
    from rich.console import Console

    from harness.cli import conformance_part, load_part
    from harness.cli.making import make_run
    from reports.progress import Progress

    described, progress = choice.load(), Progress(Console(stderr=True))
    accounts = conformance_part.case_accounts(described, recording.mark)
    cases = conformance_part.ConformancePart(described, accounts, options, progress, plan)
    volume = size.plan(choice, recording.mark, recording.folder)
    load = load_part.LoadPart(volume, progress)
    parts = {conformance_part.NAME: cases.run, load_part.NAME: load.run}
    return make_run(recording, described, parts, progress, seed=size.seed, level=level)
