"""Which cases moved between two sets of runs."""

import pytest

from harness.comparison.cases import by_id, case_changes
from schemas.comparison import CaseShift
from schemas.verdicts import Outcome
from tests.made_runs import case

GOOD, BAD, OPEN = Outcome.PASSED, Outcome.FAILED, Outcome.INCONCLUSIVE


def moved(before: list[Outcome], after: list[Outcome]):
    """The shift of one case that had these outcomes, beside another that never moves."""
    still = case(name="still")
    sides = [by_id([[still, *([case(o)] if o else [])] for o in each]) for each in (before, after)]
    return [change.shift for change in case_changes(*sides)]


@pytest.mark.parametrize(
    ("before", "after", "shift"),
    [
        ([GOOD, GOOD], [GOOD, BAD], CaseShift.NEWLY_FAILING),
        ([None], [BAD], CaseShift.NEWLY_FAILING),
        ([BAD, BAD], [GOOD, GOOD], CaseShift.NEWLY_PASSING),
        ([BAD], [Outcome.NON_STRICT], CaseShift.NEWLY_PASSING),
        ([GOOD], [Outcome.BLOCKED], CaseShift.NO_LONGER_DECIDED),
        ([BAD], [OPEN], CaseShift.NO_LONGER_DECIDED),
        ([GOOD], [None], CaseShift.GONE),
        ([None], [GOOD], CaseShift.NEW),
    ],
)
def test_a_case_moves(before, after, shift):
    assert moved(before, after) == [shift]


@pytest.mark.parametrize(
    ("before", "after"),
    [([GOOD], [GOOD]), ([BAD], [BAD]), ([GOOD, BAD], [BAD]), ([OPEN], [GOOD])],
)
def test_a_case_stays(before, after):
    assert moved(before, after) == []


def test_the_worst_comes_first():
    before = by_id([[case(GOOD, name="a"), case(BAD, name="b"), case(GOOD, name="c")]])
    after = by_id([[case(GOOD, name="d"), case(GOOD, name="b"), case(BAD, name="c")]])
    found = [(change.id, change.shift) for change in case_changes(before, after)]
    assert found == [
        ("c", CaseShift.NEWLY_FAILING),
        ("b", CaseShift.NEWLY_PASSING),
        ("a", CaseShift.GONE),
        ("d", CaseShift.NEW),
    ]


def test_a_side_that_was_not_checked_says_nothing_of_cases():
    assert case_changes(by_id([[case()]]), by_id([[]])) == []
