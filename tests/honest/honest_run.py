"""One run of the suite against an honest server, and what of it is not green."""

import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import msgspec

from harness.conformance import SuiteOptions
from harness.target import MintedAccounts, Profile
from harness.target.accounts import ListedAccounts
from harness.target.reading import profile_from
from schemas.case_records import CaseRecord
from schemas.verdicts import Outcome
from schemas.words import Role
from tests.detection.matrix import check
from tests.detection.nursery import serving

GREEN = (Outcome.PASSED, Outcome.NOT_APPLICABLE, Outcome.INFORMATIONAL)
ADDRESS = "127.0.0.1:8765"
"""Where a server would be that has not been told its port."""


class Alarm(msgspec.Struct, frozen=True):
    """A case that found something where there is nothing to find."""

    case: str
    outcome: Outcome
    message: str


class HonestRun(msgspec.Struct, frozen=True):
    """What became of one run. ``passed`` counts the cases that looked and found nothing."""

    passed: int
    alarms: list[Alarm]
    seconds: float


def one_of_each() -> ListedAccounts:
    """One customer, and one staff member."""
    minted = MintedAccounts("few")
    return ListedAccounts([each for role in Role for each in minted.take(role, 1)], "a list of two")


@contextmanager
def honest(*arguments: str) -> Iterator[Profile]:
    """The profile that a reference server with these arguments prints, while that server runs."""
    command = [sys.executable, "-m", "reference_server", *arguments, "--print-profile"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    with serving(*arguments) as url:
        address = url.removeprefix("ws://").partition("/")[0]
        yield profile_from(tomllib.loads(printed.replace(ADDRESS, address)), "printed")


def judged(arguments: Sequence[str], options: SuiteOptions, *, few: bool = False) -> HonestRun:
    """Run the suite against a server with these arguments, which must leave it honest.

    ``few``: with one customer and one staff member, who are used again and again.
    """
    records: list[CaseRecord] = []
    began = time.monotonic()
    with honest(*arguments) as profile:
        check(profile, options, records.append, one_of_each() if few else None)
    alarms = [Alarm(r.id, r.outcome, r.message) for r in records if r.outcome not in GREEN]
    passed = sum(record.outcome is Outcome.PASSED for record in records)
    return HonestRun(passed, alarms, time.monotonic() - began)
