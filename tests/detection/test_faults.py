"""Every fault that the suite must find is found by the cases of the clauses that it breaks."""

import pytest

from harness.conformance import list_cases
from tests.detection.matrix import ROUND, attempt, findable, function_of

FINDABLE = [fault.name for fault in findable()]


@pytest.mark.loopback
@pytest.mark.parametrize("name", FINDABLE)
def test_a_fault_is_found_under_a_clause_that_it_breaks(name):
    tried = attempt(name, enough=True)
    assert tried.found, tried
    assert tried.sound, tried


def test_the_round_of_messages_is_made_of_cases():
    assert set(ROUND) <= {function_of(case) for case in list_cases()}
