"""The run log's records of a conformance part: what was asked for, each case, and its evidence."""

from typing import Any

import msgspec

from schemas.clauses import Clause
from schemas.expectations import Expectation
from schemas.findings import Finding
from schemas.log_record import LogRecord
from schemas.verdicts import Level, Outcome


class SuitePlanned(LogRecord, frozen=True, kw_only=True, tag="suite-planned"):
    """How the conformance part was asked to run, so that one case of it can be run again.

    ``options`` are the suite's own, as JSON; ``profile_file`` and ``accounts_file`` are paths, ""
    for none; ``hidden_keys`` are the profile's keys that the header shows without their secrets;
    ``expectations`` are the entries of ``expect_file``.
    """

    options: dict[str, Any]
    hidden_keys: list[str] = []
    profile_file: str = ""
    accounts_file: str = ""
    expect_file: str = ""
    expectations: list[Expectation] = []


class TranscriptLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """One frame, or one event, on one connection of a case.

    ``sent`` is true from the harness to the target; ``what`` is ``text``, ``ping``, ``open``,
    ``close 1000`` and the like; ``payload`` is a bounded excerpt of ``size`` bytes; ``t_ms`` counts
    from the case's start.
    """

    t_ms: float
    actor: str
    sent: bool
    what: str
    payload: str = ""
    size: int = 0
    fin: bool = True


class CaseRecord(LogRecord, frozen=True, kw_only=True, tag="case"):
    """What became of one conformance case, with the evidence.

    A ``passive`` one checks none of its ``clauses``: it tells what others found of them in passing.
    Of the ``undecided`` among them its outcome says nothing: it never came to judge them, they are
    off, or worse was found beside them. ``own_clauses`` are those of its clauses that the register
    does not have; ``seen_in`` the cases in which one that collects found what it reports.
    ``foreign`` counts what it was sent that nobody of this run has caused: live users, bots.
    ``started_s`` counts from the suite's start. ``expected`` is never in a log: it is the entry by
    which a verdict has changed ``outcome``.
    """

    id: str
    group: str
    level: Level
    outcome: Outcome
    clauses: list[str]
    passive: bool = False
    undecided: list[str] = []
    title: str = ""
    message: str = ""
    profile_line: str = ""
    duration_ms: float = 0.0
    started_s: float = 0.0
    findings: list[Finding] = []
    transcript: list[TranscriptLine] = []
    own_clauses: list[Clause] = []
    seen_in: list[str] = []
    foreign: int = 0
    expected: Expectation | None = None
