"""Faults of chance and time show in a load run, as often and as late as they struck."""

import pytest

from tests.detection.load_proof import DOSES, SATURATED, countable, prove
from tests.detection.restart_proof import killable, prove_by_kill

pytestmark = pytest.mark.loopback

COUNTABLE = [fault.name for fault in countable()]
QUICK = ("loss", "duplication", "reordering", "misrouting", "delay-some", "stall")
TRIED = [
    name if name in QUICK else pytest.param(name, marks=pytest.mark.long) for name in COUNTABLE
]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", TRIED)
def test_a_load_run_counts_and_times_what_the_fault_did(name, tmp_path):
    proof = prove(name, tmp_path)
    if any(SATURATED in problem for problem in proof.problems):
        pytest.skip(f"{proof.problems[0]}; this proof needs a quieter machine")
    assert proof.found, proof


@pytest.mark.parametrize("name", [fault.name for fault in killable()])
def test_a_restart_shows_what_was_acknowledged_and_never_stored(name):
    proof = prove_by_kill(name)
    assert proof.found, proof


def test_every_such_fault_has_a_dose():
    assert set(DOSES) == set(COUNTABLE)
