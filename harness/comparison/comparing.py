"""Two sets of runs into one comparison with its direction, reasons and exit code."""

from collections.abc import Sequence

from harness.comparison.behaviour import changes, fingerprint, united
from harness.comparison.cases import by_id, case_changes
from harness.comparison.latencies import Rules, Side, compare_latencies
from harness.comparison.quantities import Quantity, Standing, quantities
from schemas.comparison import CaseChange, CaseShift, Compared, Comparison, Direction
from schemas.run_log import Run
from schemas.verdicts import ExitCode

_EXIT = {
    Direction.BETTER: ExitCode.PASSED,
    Direction.SAME: ExitCode.PASSED,
    Direction.WORSE: ExitCode.FAILED,
    Direction.INCONCLUSIVE: ExitCode.NO_VERDICT,
}


def compare(
    base: Sequence[Run], candidate: Sequence[Run], rules: Rules, allowed: Sequence[str] = ()
) -> Comparison:
    """How ``candidate`` stands to ``base``; both are comparable, and neither is empty.

    Worse when a case newly fails or any quantity is worse; else as the primary quantity says (or,
    where no load was run, as the cases say).
    """
    latencies = compare_latencies(_sides(base), _sides(candidate), rules)
    cases = case_changes(by_id(run.cases for run in base), by_id(run.cases for run in candidate))
    direction = _direction(latencies, cases, rules.primary)
    return Comparison(
        direction=direction,
        exit_code=_EXIT[direction],
        reasons=_reasons(latencies, cases, rules.primary),
        base=[run.header.run_id for run in base],
        candidate=[run.header.run_id for run in candidate],
        primary=rules.primary,
        effect=rules.effect,
        latencies=latencies,
        cases=cases,
        behaviour=changes(
            *(united(fingerprint(r.cases) for r in side) for side in (base, candidate))
        ),
        allowed=list(allowed),
    )


def _sides(runs: Sequence[Run]) -> dict[str, Side]:
    found = [quantities(run) for run in runs]
    saturated = any(worker.saturated for run in runs for worker in run.generators)
    names = {name for each in found for name in each}
    absent = Quantity(Standing.ABSENT)
    return {name: Side(tuple(e.get(name, absent) for e in found), saturated) for name in names}


def _direction(
    latencies: Sequence[Compared], cases: Sequence[CaseChange], primary: str
) -> Direction:
    shifts = {change.shift for change in cases}
    directions = {each.direction for each in latencies}
    if CaseShift.NEWLY_FAILING in shifts or Direction.WORSE in directions:
        return Direction.WORSE
    if CaseShift.NO_LONGER_DECIDED in shifts:
        return Direction.INCONCLUSIVE
    told = next((each.direction for each in latencies if each.name == primary), None)
    if told is None:
        if latencies:
            return Direction.INCONCLUSIVE
        return Direction.BETTER if CaseShift.NEWLY_PASSING in shifts else Direction.SAME
    return told


def _reasons(latencies: Sequence[Compared], cases: Sequence[CaseChange], primary: str) -> list[str]:
    """The worst first: worse latencies before cases, of which there can be many, then the rest."""
    loud = (CaseShift.NEWLY_FAILING, CaseShift.NO_LONGER_DECIDED, CaseShift.NEWLY_PASSING)
    worse, others = list[str](), list[str]()
    for each in latencies:
        if each.direction is Direction.WORSE:
            worse.append(f"{each.direction}: {each.name}{_by(each)}")
        elif each.direction is Direction.BETTER or each.name == primary:
            others.append(f"{each.direction}: {each.name}{_by(each)}{_more(each)}")
    moved = [
        f"{c.shift}: {c.id}" + (f": {c.message}" if c.message else "")
        for c in cases
        if c.shift in loud
    ]
    return [*worse, *moved, *others]


def _by(each: Compared) -> str:
    if each.change is None or each.low is None or each.high is None:
        return f": {each.note}" if each.note else ""
    return f" {each.change:+.1%} ({each.low:+.1%} to {each.high:+.1%})"


def _more(each: Compared) -> str:
    if each.direction is not Direction.INCONCLUSIVE:
        return ""
    if each.runs_needed is None:
        return "" if each.note else "; more runs would not decide it soon"
    return f"; {each.runs_needed} runs a side would decide"
