"""One fault against the suite: a server that has it, the cases of the clauses it breaks, and which
of them find it. A fault is found by a failed case that names a clause which the fault breaks."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import msgspec

import reference_server
from harness.conformance import SuiteOptions, list_cases, run_suite
from harness.target import accounts_of, read_profile
from reference_server.faults import CATALOGUE, Fault
from schemas.fault_listing import FoundBy
from schemas.records import CaseRecord
from schemas.verdicts import Level, Outcome

PROFILE = Path(reference_server.__file__).with_name("profile.toml")
COLLECTS = 20
"""A case of so many clauses says nothing itself: it reports what others come across."""

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


class Attempt(msgspec.Struct, frozen=True):
    """What the suite made of one fault. ``found_by`` maps a case to the clauses it names."""

    fault: str
    ran: int
    found_by: dict[str, list[str]]
    seconds: float

    @property
    def found(self) -> bool:
        """Whether any case found it."""
        return bool(self.found_by)


def findable() -> list[Fault]:
    """The faults that the conformance suite alone must find."""
    return [fault for fault in CATALOGUE.values() if fault.found_by is FoundBy.CHECK]


def attempt(name: str, *, whole: bool = False) -> Attempt:
    """Start a server with the fault ``name``, and check it: by the cases of its clauses, or by the
    ``whole`` suite."""
    fault = CATALOGUE[name]
    began = time.monotonic()
    keywords = [""] if whole else keywords_of(fault.clauses)
    records: list[CaseRecord] = []
    found_by: dict[str, list[str]] = {}
    with serving("--fault", name) as url:
        while keywords and not found_by:
            records = check(url, keywords.pop(0))
            found_by = {record.id: found for record in records if (found := _found(record, fault))}
    return Attempt(name, len(records), found_by, time.monotonic() - began)


@contextmanager
def serving(*arguments: str) -> Iterator[str]:
    """A reference server's URL while it runs."""
    command = [sys.executable, "-m", "reference_server", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().decode().strip()
        finally:
            process.kill()


def check(url: str, keyword: str) -> list[CaseRecord]:
    """The records of the cases that ``keyword`` selects, against the server at ``url``."""
    profile = read_profile(PROFILE, url)
    accounts = accounts_of(profile, os.urandom(3).hex())
    records: list[CaseRecord] = []
    run_suite(profile, accounts, SuiteOptions(keyword=keyword, strict=True), records.append)
    return records


def keywords_of(clauses: Sequence[str]) -> list[str]:
    """pytest's expressions for the cases to be tried: those of these clauses; where none looks for
    them on purpose, a round of all kinds of messages and frames, and then everything."""
    wanted = {case: info for case, info in _cases().items() if not info.isdisjoint(clauses)}
    if any(len(info) < COLLECTS for info in wanted.values()):
        return [" or ".join(sorted(wanted))]
    return [" or ".join((*ROUND, *sorted(wanted))), ""]


@cache
def _cases() -> dict[str, frozenset[str]]:
    """The clauses of every case, by its function's name."""
    clauses: dict[str, frozenset[str]] = {}
    for case in list_cases():
        if case.passive:
            continue
        bare = case.id.removeprefix(f"{case.group}-").partition(":")[0]
        name = "test_" + bare.replace("-", "_")
        clauses[name] = clauses.get(name, frozenset()) | set(case.clauses)
    return clauses


def _found(record: CaseRecord, fault: Fault) -> list[str]:
    """The clauses of the fault that the case names as broken, if it was to look for them."""
    loud = record.outcome is Outcome.FAILED
    noted = record.outcome is Outcome.INFORMATIONAL
    named = {
        finding.clause
        for finding in record.findings
        if loud or (noted and finding.level is Level.INFO)
    }
    return [] if record.passive else sorted(named & set(fault.clauses))
