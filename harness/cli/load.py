"""`chatsocket load`: customers and staff at a set rate, every frame judged."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs; `--help` must not wait for it

from typing import Annotated

import typer

from harness.cli.beside_options import Besides, Observe, ObservePid, Otel, PrometheusPort
from harness.cli.load_options import (
    Customers,
    Duration,
    LoadModel,
    LoadSize,
    Locustfile,
    PopulationName,
    Rate,
    SaturatedAt,
    Seed,
    Staff,
    WarmUp,
    Workers,
)
from harness.cli.options import (
    AccountsFile,
    AsJson,
    Force,
    GatedLevel,
    Out,
    ProfileFile,
    Target,
    ThresholdsFile,
    choice_of,
)
from harness.cli.spread_options import Bind, ExpectWorkers, SourceIps, Spread, Within
from schemas.verdicts import Level

Web = Annotated[bool, typer.Option("--web", help="Show Locust's web UI beside the run.")]
Repeat = Annotated[
    int,
    typer.Option(
        min=1, help="Make so many runs, with one seed after another, and show how they spread."
    ),
]
WebPort = Annotated[int, typer.Option(min=1, max=65535, help="Where the web UI listens.")]


def load(  # noqa: PLR0913 - one parameter per option
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
    locustfile: Locustfile = None,
    workers: Workers = 1,
    expect_workers: ExpectWorkers = None,
    bind: Bind = None,
    workers_within: Within = "60s",
    source_ips: SourceIps = "",
    saturated_at: SaturatedAt = "",
    web: Web = False,
    web_port: WebPort = 8089,
    observe: Observe = None,
    observe_pid: ObservePid = None,
    otel: Otel = False,
    prometheus: PrometheusPort = None,
    seed: Seed = 1,
    out: Out = None,
    force: Force = False,
    level: GatedLevel = Level.SHOULD,
    thresholds: ThresholdsFile = None,
    repeat: Repeat = 1,
    as_json: AsJson = False,
) -> int:
    """Load a server with customers and staff, judge every frame, and write a report."""
    from rich.console import Console

    from harness.cli.load_part import NAME, LoadPart
    from harness.cli.making import make_run
    from harness.cli.recording import Recording, new_mark
    from harness.cli.repeat import Series, demand_plain, make_series
    from harness.cli.watch import watched_of
    from reports.progress import Progress

    size = LoadSize(
        population=population,
        customers=customers,
        staff=staff,
        rate=rate,
        duration=duration,
        warm_up=warm_up,
        model=model,
        workers=workers,
        seed=seed,
        saturated_at=saturated_at,
        locustfile=locustfile,
    )
    choice, mark = choice_of(target, profile, accounts), new_mark()
    described = choice.load()
    size.check(choice, described, mark)
    spread = Spread(expect_workers, bind, workers_within, source_ips)
    spread.check(workers)
    progress, watched = Progress(Console(stderr=True)), watched_of(thresholds)
    besides = Besides.of(observe, observe_pid, otel, prometheus)
    if repeat > 1:
        demand_plain(besides, spread, web=web)
        series = Series(choice, described, size, repeat, level, thresholds)
        return make_series(series, out, progress, force=force, as_json=as_json)
    recording = Recording(mark, out, force=force)
    plan = size.plan(choice, mark, recording.folder)
    if spread.notice:
        progress.say(spread.notice)
    if web:
        progress.say(f"web UI on http://127.0.0.1:{web_port}")
    with besides.prepared(recording, progress) as beside:
        part = LoadPart(plan, progress, web_port if web else 0, beside, spread, watched)
        parts = {NAME: part.run}
        return make_run(
            recording,
            described,
            parts,
            progress,
            seed=seed,
            level=level,
            as_json=as_json,
            thresholds=thresholds,
        )
