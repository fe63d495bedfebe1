"""Whether runs may be compared: made by the same load, against the same target, on one machine."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from urllib.parse import urlsplit

from harness.errors import UsageError
from schemas.load_records import LoadPlanned
from schemas.run_log import Run


class Aspect(StrEnum):
    """What must be equal in all runs, unless the user lets it differ."""

    PARTS = "parts"
    TARGET = "target"
    MACHINE = "machine"
    SUITE = "suite"
    SCENARIO = "scenario"
    MODEL = "model"
    RATE = "rate"
    POPULATION = "population"
    DURATION = "duration"


def demand_comparable(runs: Sequence[Run], allowed: Sequence[Aspect] = ()) -> None:
    """UsageError that names what differs and how to let it differ; also for partial runs."""
    for run in runs:
        demand_whole(run)
    wrong = [aspect for aspect in differing(runs) if aspect not in allowed]
    if wrong:
        words = " and ".join(wrong)
        options = " ".join(f"--allow-different {aspect}" for aspect in wrong)
        raise UsageError(
            f"the runs differ in {words} ({_shown(runs, wrong[0])})",
            f"compare like with like, or add {options}",
        )


def demand_whole(run: Run) -> None:
    """UsageError where ``run`` did not go to its end."""
    advice = "compare runs that went to their end"
    if run.partial:
        raise UsageError(f"the run {run.header.run_id} is partial", advice)
    if run.aborted is not None:
        why = f"was ended early, when {run.aborted.text} was missed"
        raise UsageError(f"the run {run.header.run_id} {why}", advice)


def differing(runs: Sequence[Run]) -> Iterator[Aspect]:
    """The aspects in which these runs are not all alike."""
    for aspect in Aspect:
        if len({_of(run, aspect) for run in runs}) > 1:
            yield aspect


def kind_of(run: Run) -> str:
    """All aspects in one line, in which runs that may be compared are alike."""
    told = ((aspect, _of(run, aspect)) for aspect in Aspect)
    return "; ".join(f"{aspect} {value}" for aspect, value in told if value)


def _target(run: Run) -> str:
    """The URL; on loopback without its port, which servers started for one run draw anew."""
    url = urlsplit(run.header.target.url)
    loopback = url.hostname in ("127.0.0.1", "::1", "localhost")
    return url._replace(netloc=url.hostname or "").geturl() if loopback else url.geturl()


def _suite(run: Run) -> str:
    """Which cases were to run, and how strictly; "" where none were, or nobody wrote it down."""
    if run.suite is None:
        return ""
    options = run.suite.options
    words = [f"{name} {_listed(options[name])}" for name in _SELECTING if options.get(name)]
    words += [name for name in ("slow", "strict", "hostile") if options.get(name)]
    generation = options.get("generation")
    if isinstance(generation, Mapping):
        words.append(f"generated {generation.get('level', '')}")
    return ", ".join(words) or "all"


_SELECTING = ("groups", "keyword", "only", "cases")


def _listed(value: object) -> str:
    return " ".join(sorted(map(str, value))) if isinstance(value, list | tuple) else str(value)


_OF_RUN: Mapping[Aspect, Callable[[Run], str]] = {
    Aspect.PARTS: lambda run: " and ".join(sorted(run.header.parts)),
    Aspect.TARGET: _target,
    Aspect.SUITE: _suite,
    Aspect.MACHINE: lambda run: ", ".join(
        f"{name} {value}" for name, value in sorted(run.header.machine.items())
    ),
}
_OF_PLAN: Mapping[Aspect, Callable[[LoadPlanned], str]] = {
    Aspect.SCENARIO: lambda plan: plan.scenario,
    Aspect.MODEL: lambda plan: plan.model,
    Aspect.RATE: lambda plan: f"{plan.rate:g}/s",
    Aspect.POPULATION: lambda plan: f"{plan.customers} customers, {plan.staff} staff",
    Aspect.DURATION: lambda plan: f"{plan.duration_s:g} s after {plan.warm_up_s:g} s",
}


def _of(run: Run, aspect: Aspect) -> str:
    if aspect in _OF_RUN:
        return _OF_RUN[aspect](run)
    return _OF_PLAN[aspect](run.plan) if run.plan is not None else ""


def _shown(runs: Sequence[Run], aspect: Aspect) -> str:
    """Two different values of ``aspect``, enough to see it."""
    values = sorted({_of(run, aspect) for run in runs})
    return " against ".join(value[:120] or "none" for value in values[:2])
