"""Holds a run against the expected results. Pure: the day is an argument.

An expected failure that happens counts for nothing. One that passes, and an entry whose last day is
over, are reasons to fail. Whatever else happens stands for itself.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from fnmatch import fnmatchcase

from schemas.case_records import CaseRecord
from schemas.expectations import Expectation, ExpectationResult, Standing
from schemas.load_records import Violation
from schemas.run_log import Run
from schemas.verdicts import Outcome

_FLAKES = (Outcome.FAILED, Outcome.INCONCLUSIVE)


def expected_results(
    run: Run, entries: Iterable[Expectation], today: date
) -> list[ExpectationResult]:
    """What ``run`` makes of each of ``entries`` on the day ``today``."""
    entries = tuple(entries)
    live = [entry for entry in entries if not _is_over(entry, today)]
    return [
        _result(entry, run, live)
        if entry in live
        else ExpectationResult(entry=entry, standing=Standing.EXPIRED)
        for entry in entries
    ]


def claims(entry: Expectation, case: CaseRecord) -> bool:
    """Whether ``entry`` speaks of ``case``, by its id and what it checks."""
    named = not entry.cases or any(fnmatchcase(case.id, pattern) for pattern in entry.cases)
    return named and (not entry.clauses or not set(entry.clauses).isdisjoint(case.clauses))


def _is_over(entry: Expectation, today: date) -> bool:
    return entry.expires is not None and entry.expires < today


def _result(entry: Expectation, run: Run, live: Sequence[Expectation]) -> ExpectationResult:
    claimed = [case for case in run.cases if claims(entry, case)]
    made = {
        case.id: outcome for case in claimed if (outcome := _made(entry, case, live)) is not None
    }
    under_load = [] if entry.cases else sorted(_broken_under_load(entry, run.violations))
    return ExpectationResult(
        entry=entry,
        standing=_standing(entry, claimed, set(made.values()), loaded=bool(under_load)),
        cases=made,
        under_load=under_load,
    )


def _made(entry: Expectation, case: CaseRecord, live: Sequence[Expectation]) -> Outcome | None:
    """The outcome that ``entry`` gives ``case``; None where it leaves the case its own."""
    if _happened(entry, case) and _excused(case, live):
        return Outcome.EXPECTED_FAILURE
    if case.outcome is Outcome.PASSED and entry.cases and not entry.flaky:
        return Outcome.UNEXPECTED_PASS
    return None


def _happened(entry: Expectation, case: CaseRecord) -> bool:
    """Whether ``case`` ended as ``entry`` says and, if it names clauses, because of one of them.

    A case that was blocked by what it found itself has failed in all but name: enough others had
    shown it before.
    """
    broken = {finding.clause for finding in case.findings}
    outcome = Outcome.FAILED if case.outcome is Outcome.BLOCKED and broken else case.outcome
    wanted = _FLAKES if entry.flaky else (entry.outcome,)
    if case.outcome not in wanted and outcome not in wanted:
        return False
    return not entry.clauses or not broken or not broken.isdisjoint(entry.clauses)


def _excused(case: CaseRecord, live: Sequence[Expectation]) -> bool:
    """Whether the entries together cover everything that the case found broken."""
    speaking = [entry for entry in live if claims(entry, case) and _happened(entry, case)]
    covered = {slug for entry in speaking for slug in entry.clauses}
    broken = {finding.clause for finding in case.findings}
    return any(not entry.clauses for entry in speaking) or broken <= covered


def _broken_under_load(entry: Expectation, violations: Sequence[Violation]) -> set[str]:
    wanted = _FLAKES if entry.flaky else (entry.outcome,)
    return {
        violation.finding.clause
        for violation in violations
        if violation.finding.clause in entry.clauses and violation.outcome in wanted
    }


def _standing(
    entry: Expectation, claimed: Sequence[CaseRecord], made: set[Outcome], *, loaded: bool
) -> Standing:
    if Outcome.UNEXPECTED_PASS in made:
        return Standing.UNEXPECTED_PASS
    if Outcome.EXPECTED_FAILURE in made or loaded:
        return Standing.MET
    if not claimed:
        return Standing.NOT_RUN
    if entry.flaky:
        return Standing.QUIET
    return Standing.UNEXPECTED_PASS if _all_held(entry, claimed) else Standing.OTHERWISE


def _all_held(entry: Expectation, claimed: Sequence[CaseRecord]) -> bool:
    """Whether an entry of clauses alone is refuted: somebody checked them, and nobody saw worse."""
    checked = [
        case
        for case in claimed
        if not case.passive and not set(entry.clauses).issubset(case.undecided)
    ]
    held = [case for case in checked if case.outcome is Outcome.PASSED]
    seen = {finding.clause for case in claimed for finding in case.findings}
    return bool(held) and seen.isdisjoint(entry.clauses)
