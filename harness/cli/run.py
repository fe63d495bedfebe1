"""`chatsocket run`: conformance, load, gate and reports in a row."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs; `--help` must not wait for it

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.cli.beside_options import Besides, Observe, ObservePid, Otel, PrometheusPort
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
    AsJson,
    Force,
    GatedLevel,
    Generating,
    Out,
    ProfileFile,
    Strict,
    Target,
    ThresholdsFile,
    choice_of,
)
from schemas.generate import Generate
from schemas.verdicts import Level

if TYPE_CHECKING:
    from harness.cli.beside import Beside
    from harness.cli.making import Part
    from harness.cli.recording import Recording
    from harness.conformance import SuiteOptions
    from harness.target.choice import TargetChoice
    from harness.thresholds import Threshold
    from reports.progress import Progress
    from schemas.case_records import SuitePlanned

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
    observe: Observe = None,
    observe_pid: ObservePid = None,
    otel: Otel = False,
    prometheus: PrometheusPort = None,
    generate: Generating = Generate.QUICK,
    out: Out = None,
    force: Force = False,
    level: GatedLevel = Level.SHOULD,
    strict: Strict = False,
    allow: Allow = None,
    expect: ExpectFile = None,
    thresholds: ThresholdsFile = None,
    as_json: AsJson = False,
) -> int:
    """Check, load and gate a server; without a target, a reference server of its own."""
    from rich.console import Console

    from harness.cli.children import Children
    from harness.cli.conformance_part import planned
    from harness.cli.embedded import REFERENCE, start_own
    from harness.cli.making import make_run
    from harness.cli.recording import Recording, new_mark
    from harness.cli.watch import watched_of
    from harness.conformance import Generation, SuiteOptions
    from reports.progress import Progress

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
    besides, watched = Besides.of(observe, observe_pid, otel, prometheus), watched_of(thresholds)
    recording, progress = Recording(mark, out, force=force), Progress(Console(stderr=True))
    with Children() as children:
        if not target and not profile:
            own = start_own(children, recording.folder)
            choice, besides = choice.at(own.url), besides.or_own(own.metrics, own.pid)
        with besides.prepared(recording, progress) as beside:
            suite = Suite(options, plan)
            parts = _parts(recording, choice, suite, Volume(size, watched), beside, progress)
            return make_run(
                recording,
                choice.load(),
                parts,
                progress,
                seed=size.seed,
                level=level,
                as_json=as_json,
                thresholds=thresholds,
            )


@dataclass(frozen=True, slots=True)
class Volume:
    """How the load part is to run, and what ends it early."""

    size: LoadSize
    watched: "tuple[Threshold, ...]"


@dataclass(frozen=True, slots=True)
class Suite:
    """How the conformance part is to run."""

    options: "SuiteOptions"
    plan: "SuitePlanned"


def _parts(
    recording: "Recording",
    choice: "TargetChoice",
    suite: Suite,
    volume: Volume,
    beside: "Beside",
    progress: "Progress",
) -> "dict[str, Part]":
    """Both parts in their order, by name."""
    from harness.cli import conformance_part, load_part

    described = choice.load()
    accounts = conformance_part.case_accounts(described, recording.mark)
    cases = conformance_part.ConformancePart(
        described, accounts, suite.options, progress, suite.plan
    )
    load_plan = volume.size.plan(choice, recording.mark, recording.folder)
    load = load_part.LoadPart(load_plan, progress, beside=beside, watched=volume.watched)
    return {conformance_part.NAME: cases.run, load_part.NAME: load.run}
