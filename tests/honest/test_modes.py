"""An honest server is green in every mode, under the profile that it prints."""

import pytest

from harness.conformance import SuiteOptions
from tests.honest.honest_run import judged
from tests.honest.modes import arguments, choices, combinations

ROWS = combinations()
AT_LEAST = 100


@pytest.mark.loopback
@pytest.mark.timeout(240)
@pytest.mark.parametrize("row", ROWS, ids=[" ".join(arguments(row)) for row in ROWS])
def test_an_honest_server_is_green_in_every_mode(row):
    run = judged(arguments(row), SuiteOptions())
    assert run.alarms == []
    assert run.passed >= AT_LEAST


def test_the_combinations_hold_every_value_of_every_setting_once():
    held = [choice for row in ROWS for choice in row]
    assert sorted(choice.argument for choice in held) == sorted(c.argument for c in choices())
    assert all(len(row) <= 7 for row in ROWS)
