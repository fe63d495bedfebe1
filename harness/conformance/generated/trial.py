"""Tries a generated subject on the server, and says what of it holds.

An example that fails is made small and then done again, on fresh connections and with full
patience: it counts when it fails :data:`AGAIN` of :data:`TIMES` times. Otherwise it is
inconclusive. What earlier cases have shown to be broken is passed over while looking.
"""

from collections.abc import Hashable, Sequence
from typing import Generic, Protocol, TypeVar

import msgspec
from hypothesis.strategies import SearchStrategy

from harness.conformance.case_run import CaseRun
from harness.conformance.evidence import Evidence
from harness.conformance.generated.lodging import AttemptDoor, Lodging
from harness.conformance.generated.search import Clauses, Search
from harness.conformance.stops import Blocked, Broken, Inconclusive, Stop
from harness.errors import HarnessError
from harness.grading import grade
from schemas.clauses import clause
from schemas.findings import Finding
from schemas.verdicts import Outcome

AGAIN, TIMES = 2, 3
HURRY_S = 0.3
STEPS_SHOWN = 24

_COUNTS = (Outcome.FAILED, Outcome.NON_STRICT)

Example = TypeVar("Example", bound=Hashable)
Example_contra = TypeVar("Example_contra", contravariant=True)


class Subject(Protocol[Example_contra]):
    """What is generated: how an example is done. Stops are raised, findings reported."""

    def perform(self, example: Example_contra, door: AttemptDoor, script: list[str]) -> None:
        """Do ``example``; write into ``script`` what was done, in words."""


class Attempt(msgspec.Struct, frozen=True):
    """What came of one example. ``clauses`` are those that it broke and that count."""

    evidence: Evidence
    script: tuple[str, ...]
    findings: tuple[Finding, ...]
    stopped: str = ""

    @property
    def clauses(self) -> Clauses:
        """The clauses that were broken."""
        return frozenset(finding.clause for finding in self.findings)

    def __str__(self) -> str:
        return str(self.findings[0]) if self.findings else self.stopped or "nothing was wrong"


class Trial(Generic[Example]):
    """One generated case of ``run``."""

    def __init__(self, run: CaseRun, subject: Subject[Example], lodging: Lodging) -> None:
        self._run = run
        self._subject = subject
        self._lodging = lodging
        self._known = frozenset(run.bench.reported)
        self._seen_again: Finding | None = None
        self._finished = 0
        self._stopped = ""
        self._last: Attempt | None = None

    def conduct(self, strategy: SearchStrategy[Example]) -> None:
        """Search, shrink, confirm; a failure becomes the case's evidence.

        Inconclusive where it did not come again, Blocked where it is an earlier case's, or where
        no example could be done to its end.
        """
        wish = self._run.bench.generation
        search = Search(self._attempt, wish.budget)
        example = search.run(strategy, wish.seed)
        if example is not None:
            self._confirm(example)
        elif self._seen_again is not None:
            raise Blocked(f"an earlier case has found all that was found here: {self._seen_again}")
        elif not self._finished and self._stopped:
            raise Blocked(f"no example could be done: {self._stopped}")

    def _attempt(self, example: Example, hurried: bool) -> Clauses:
        attempt = self._perform(example, hurried=hurried)
        self._finished += not attempt.stopped
        self._stopped = self._stopped or attempt.stopped
        self._pass_on(attempt.evidence)
        again = [found for found in attempt.findings if found.clause in self._known]
        self._seen_again = self._seen_again or next(iter(again), None)
        broken = attempt.clauses - self._known
        self._last = attempt if broken else self._last
        return broken

    def _pass_on(self, evidence: Evidence) -> None:
        """What other cases report is not lost."""
        noted = {finding.clause for finding in self._run.evidence.findings}
        for finding in evidence.in_passing():
            if finding.clause not in noted:
                self._run.evidence.report(finding)
        self._run.evidence.transcript.frames_received += evidence.transcript.frames_received

    # Whether it comes again

    def _confirm(self, example: Example) -> None:
        attempts: list[Attempt] = []
        while not _is_decided([bool(attempt.clauses - self._known) for attempt in attempts]):
            attempts.append(self._perform(example, hurried=False))
        failed = [attempt for attempt in attempts if attempt.clauses - self._known]
        wish = self._run.bench.generation
        if len(failed) < AGAIN:
            seen = "; ".join(f"{number}. {each}" for number, each in enumerate(attempts, 1))
            steps = _shown(attempts[0].script)
            raise Inconclusive(
                f"{self._last}: did not come again {AGAIN} of {TIMES} times after {steps}; "
                f"repeated: {seen}; {wish}"
            )
        many = f"{len(failed)} of {len(attempts)} times"
        self._hold(failed[-1], f"{many} after {_shown(failed[-1].script)}; {wish}")

    def _hold(self, attempt: Attempt, how: str) -> None:
        """The case has failed: ``attempt`` is its evidence, and its first finding tells ``how``."""
        found, evidence = attempt.findings[0], attempt.evidence
        told = msgspec.structs.replace(found, actual=f"{found.actual}; {how}")
        others = [each for each in evidence.findings if each is not found]
        evidence.findings[:] = [told, *others]
        self._run.evidence = evidence

    # One example

    def _perform(self, example: Example, *, hurried: bool) -> Attempt:
        bench, evidence = self._run.bench, Evidence(self._run.spec)
        door = AttemptDoor(self._lodging, bench.hurried(HURRY_S) if hurried else bench, evidence)
        script: list[str] = []
        stopped = ""
        try:
            self._subject.perform(example, door, script)
        except (Stop, HarnessError) as stop:
            if isinstance(stop, Broken):
                evidence.report(stop.finding)
            door.sweep_up()
            if not isinstance(stop, Broken | Blocked | Inconclusive):
                raise
            stopped = str(stop)
        finally:
            door.close_all()
        return Attempt(evidence, tuple(script), tuple(self._counting(evidence.own())), stopped)

    def _counting(self, findings: Sequence[Finding]) -> list[Finding]:
        bench = self._run.bench
        return [
            found
            for found in findings
            if grade(clause(found.clause), bench.profile, strict=bench.strict) in _COUNTS
        ]


def _is_decided(failed: Sequence[bool]) -> bool:
    needed = TIMES - AGAIN + 1
    return failed.count(True) >= AGAIN or failed.count(False) >= needed


def _shown(script: Sequence[str]) -> str:
    """The steps in words, numbered; only so many."""
    steps = [f"{number}. {step}" for number, step in enumerate(script[:STEPS_SHOWN], 1)]
    more = [f"and {len(script) - STEPS_SHOWN} more"] if len(script) > STEPS_SHOWN else []
    return " ".join([*steps, *more]) or "no step at all"
