"""The faults that only a restart shows: the server is killed under load and started again."""

import random
import time
from typing import Final

from benchmarks.durability import kill_often
from reference_server.faults import CATALOGUE, Fault
from schemas.fault_listing import FoundBy
from tests.detection.load_proof import Proof

KILLS: Final = 4
SEED: Final = 1


def killable() -> list[Fault]:
    """The faults that a restart must find."""
    return [fault for fault in CATALOGUE.values() if fault.found_by is FoundBy.RESTART]


def prove_by_kill(name: str) -> Proof:
    """Kill a server that has the fault ``name``, and look for what it had acknowledged."""
    began = time.monotonic()
    moments = random.Random(SEED)
    verdict = kill_often(KILLS, moments, ("--fault", name))
    problems = [] if verdict.lost else [f"nothing of {verdict.looked_for} messages was lost"]
    found_by = f"{verdict.lost} acknowledged messages lost by {KILLS} SIGKILLs"
    return Proof(name, found_by, problems, time.monotonic() - began)
