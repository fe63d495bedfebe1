"""Cases of two sets of runs: which fail now that did not, which pass now, which are undecided."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from schemas.case_records import CaseRecord
from schemas.comparison import CaseChange, CaseShift
from schemas.verdicts import Outcome

_BAD = {Outcome.FAILED, Outcome.UNEXPECTED_PASS}
_GOOD = {Outcome.PASSED, Outcome.NON_STRICT, Outcome.INFORMATIONAL}
_ORDER = list(CaseShift)

Records = Mapping[str, Sequence[CaseRecord]]


def by_id(runs: Iterable[Iterable[CaseRecord]]) -> Records:
    """The records of each case in all of ``runs``."""
    found = defaultdict[str, list[CaseRecord]](list)
    for cases in runs:
        for case in cases:
            found[case.id].append(case)
    return found


def case_changes(base: Records, candidate: Records) -> list[CaseChange]:
    """Every case that moved, the worst first. A side without cases has not been checked at all."""
    if not base or not candidate:
        return []
    changes = []
    for case_id in base.keys() | candidate.keys():
        before, after = base.get(case_id, ()), candidate.get(case_id, ())
        shift = _shift({case.outcome for case in before}, {case.outcome for case in after})
        if shift is not None:
            changes.append(_change(case_id, shift, before, after))
    return sorted(changes, key=lambda change: (_ORDER.index(change.shift), change.id))


def _shift(before: set[Outcome], after: set[Outcome]) -> CaseShift | None:
    if not before:
        return CaseShift.NEWLY_FAILING if after & _BAD else CaseShift.NEW
    if not after:
        return CaseShift.GONE
    if after & _BAD:
        return None if before & _BAD else CaseShift.NEWLY_FAILING
    if before & _BAD:
        return CaseShift.NEWLY_PASSING if after <= _GOOD else CaseShift.NO_LONGER_DECIDED
    return CaseShift.NO_LONGER_DECIDED if before <= _GOOD and not after <= _GOOD else None


def _change(
    case_id: str, shift: CaseShift, before: Sequence[CaseRecord], after: Sequence[CaseRecord]
) -> CaseChange:
    telling = next((case.message for case in (*after, *before) if case.message), "")
    return CaseChange(
        id=case_id,
        shift=shift,
        base=sorted({case.outcome for case in before}),
        candidate=sorted({case.outcome for case in after}),
        message=telling,
    )
