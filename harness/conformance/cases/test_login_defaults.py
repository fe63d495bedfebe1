"""Whether a target is what a profile without a word of it would be taken for (contract §3)."""

from harness.conformance.bench import Bench
from harness.conformance.case_run import CaseRun
from harness.conformance.first_look import CLAUSES
from harness.conformance.spec import case
from harness.conformance.stops import Broken, NotApplicable
from schemas.clauses import clause
from schemas.findings import Finding


@case(*dict.fromkeys(CLAUSES.values()))
def test_undeclared_decisions_are_as_by_default(case_run: CaseRun) -> None:
    """What the profile leaves open is as the contract has it; else the run goes by what it is."""
    found = _found(case_run.bench)
    if not found:
        raise NotApplicable("nothing was seen of the target but what its profile says")
    for finding in found[:-1]:
        case_run.evidence.report(finding)
    raise Broken(found[-1])


def _found(bench: Bench) -> list[Finding]:
    return [
        clause(each.clause).broken(expected=each.expected, actual=each.actual[:300])
        for each in bench.adopted
    ]
