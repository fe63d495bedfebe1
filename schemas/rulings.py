"""A run's results as a verdict reads them: the expected failures told apart from the new ones."""

from collections.abc import Sequence

from msgspec.structs import replace

from schemas.expectations import ExpectationResult, rulings
from schemas.run_log import Run
from schemas.verdicts import Outcome


def ruled(run: Run, results: Sequence[ExpectationResult]) -> Run:
    """``run`` with the outcomes that ``results`` give its cases, and its violations under load."""
    by_case = rulings(results)
    excused = {slug for result in results for slug in result.under_load}
    return replace(
        run,
        cases=[
            replace(case, outcome=by_case[case.id].outcome, expected=by_case[case.id].entry)
            if case.id in by_case
            else case
            for case in run.cases
        ],
        violations=[
            replace(violation, outcome=Outcome.EXPECTED_FAILURE)
            if violation.finding.clause in excused
            else violation
            for violation in run.violations
        ],
    )
