"""One fault against the suite: a server that has it, the cases of the clauses it breaks, and which
of them find it. A fault is found by a failed case that names a clause which the fault breaks."""

import os
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

import msgspec
from msgspec.structs import replace

import reference_server
from harness.conformance import CaseInfo, Group, SuiteOptions, list_cases, run_suite
from harness.target import AccountSource, Profile, accounts_of, read_profile
from reference_server.faults import CATALOGUE, Fault
from schemas.case_records import CaseRecord
from schemas.fault_listing import FoundBy
from schemas.verdicts import Level, Outcome
from tests.detection.nursery import serving

PROFILE = Path(reference_server.__file__).with_name("profile.toml")
ANSWER_S = 1.0
"""How long an answer may take: what is missing here is missing for good, or six seconds late."""


ROUND = (
    "test_both_sides_receive",
    "test_image_reaches_both_sides",
    "test_product_reaches_staff",
    "test_order_reaches_staff",
    "test_other_topic_takes_words",
    "test_words_arrive_unchanged",
    "test_ping_is_answered",
    "test_close_is_answered",
    "test_staff_word_of_a_customer_is_refused",
)
"""Cases in which all kinds of messages and frames come by."""


class _Enough(Exception):
    """A case has found the fault."""


class Attempt(msgspec.Struct, frozen=True):
    """What the suite made of one fault. ``found_by`` maps a case to the clauses it names."""

    fault: str
    ran: int
    found_by: dict[str, list[str]]
    outcomes: dict[Outcome, int]
    seconds: float

    @property
    def found(self) -> bool:
        """Whether any case found it."""
        return bool(self.found_by)

    @property
    def sound(self) -> bool:
        """Whether the harness itself came through: no case ended in an error of its own."""
        return Outcome.ERROR not in self.outcomes


def findable() -> list[Fault]:
    """The faults that the conformance suite alone must find."""
    return [fault for fault in CATALOGUE.values() if fault.found_by is FoundBy.CHECK]


def attempt(name: str, *, whole: bool = False, enough: bool = False) -> Attempt:
    """Start a server with the fault ``name``, and check it: by the cases of its clauses, or by the
    ``whole`` suite. ``enough``: the first case that finds it is the last one run."""
    fault = CATALOGUE[name]
    began = time.monotonic()
    trials = [SuiteOptions()] if whole else trials_for(fault.clauses)
    records: list[CaseRecord] = []
    found_by: dict[str, list[str]] = {}

    def take(record: CaseRecord) -> None:
        records.append(record)
        if found := found_in(record, fault):
            found_by[record.id] = found
            if enough:
                raise _Enough

    with serving("--fault", name) as url:
        while trials and not found_by:
            records.clear()
            with suppress(_Enough):
                check(patient(url), trials.pop(0), take)
    outcomes = Counter(record.outcome for record in records)
    return Attempt(name, len(records), found_by, outcomes, time.monotonic() - began)


def patient(url: str, answer_s: float = ANSWER_S) -> Profile:
    """The reference server's profile, with that patience."""
    profile = read_profile(PROFILE, url)
    return replace(profile, limits=replace(profile.limits, answer_s=answer_s))


def check(
    profile: Profile,
    options: SuiteOptions,
    take: Callable[[CaseRecord], None],
    accounts: AccountSource | None = None,
) -> None:
    """Tell ``take`` of each case that ``options`` select; all keys are held as declared."""
    accounts = accounts or accounts_of(profile, os.urandom(3).hex())
    run_suite(profile, accounts, replace(options, strict=True), take)


def trials_for(clauses: Sequence[str]) -> list[SuiteOptions]:
    """What to try one after the other: the cases of these clauses; where none looks for them on
    purpose, a round of all kinds of messages and frames, and then everything."""
    wanted = [case for case in _cases() if not set(clauses).isdisjoint(case.clauses)]
    if not all(case.collects for case in wanted):
        return [_selecting(wanted)]
    rounds = [case for case in _cases() if function_of(case) in ROUND]
    return [_selecting([*rounds, *wanted]), SuiteOptions()]


def function_of(case: CaseInfo) -> str:
    """The name of the test function that a case is."""
    bare = case.id.removeprefix(f"{case.group}-").partition(":")[0]
    return "test_" + bare.replace("-", "_")


def _selecting(cases: Sequence[CaseInfo]) -> SuiteOptions:
    """Exactly these; the slow ones only where there is no other."""
    slow = all(case.slow for case in cases if not case.collects)
    groups = {case.group for case in cases}
    return SuiteOptions(
        groups=tuple(group for group in Group if group in groups),
        keyword=" or ".join(sorted({function_of(case) for case in cases})),
        slow=slow,
    )


@cache
def _cases() -> tuple[CaseInfo, ...]:
    every = list_cases(SuiteOptions(slow=True))
    return tuple(case for case in every if not case.passive)


def found_in(record: CaseRecord, fault: Fault) -> list[str]:
    """The clauses of the fault that the case names as broken, if it was to look for them."""
    loud = record.outcome is Outcome.FAILED
    noted = record.outcome is Outcome.INFORMATIONAL
    named = {
        finding.clause
        for finding in record.findings
        if loud or (noted and finding.level is Level.INFO)
    }
    return [] if record.passive else sorted(named & set(fault.clauses))
