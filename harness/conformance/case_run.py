"""One case being run: what it opened, what stopped it, and the record of it.

Whatever happens, connections are closed, the customer's case is closed too, and after a negative
case the others are looked after.
"""

import time
from collections.abc import Callable

from harness.conformance.bench import Bench, Passing
from harness.conformance.chatter import Chatter
from harness.conformance.conversation import Conversation, sweep
from harness.conformance.door import Door
from harness.conformance.evidence import Evidence
from harness.conformance.spec import Basis, CaseSpec, Group, Manner
from harness.conformance.stops import Blocked, Broken, NotApplicable, Stop
from harness.conformance.verdict import Verdict, decide
from harness.conformance.watch import Watch
from harness.errors import HarnessError, TargetUnavailable
from harness.grading import off_clauses
from schemas.case_records import CaseRecord
from schemas.findings import Finding
from schemas.verdicts import Outcome

_REPORTING = (Outcome.FAILED, Outcome.NON_STRICT, Outcome.INFORMATIONAL)

# What is seen in passing of the first may only follow from the others, where a case has shown them.
_CAUSES = {
    "unread-count": {
        "delivery-once",
        "delivery-order",
        "delivery-stored",
        "isolation",
        "receipt-not-delivered",
    },
    "delivery-stored": {"replay-unread"},
    "replay-unread": {"delivery-stored"},
}
_ABOUT_THE_POOL = (Group.REPLAY, Group.OFFERS)
_WAYS_IN = (Basis.REACHED, Basis.LOGGED_IN)


class CaseRun:
    """A case from its set-up to its record. ``stop`` is what ended it early, the first of all.

    ``record`` is None until it has been finished.
    """

    def __init__(
        self, bench: Bench, spec: CaseSpec, case_id: str, group: Group, title: str
    ) -> None:
        self.bench = bench
        self.spec = spec
        self.id = case_id
        self.group = group
        self.title = title
        self.evidence = Evidence(spec)
        self.door = Door(bench, self.evidence, bench.spares)
        self.stop: BaseException | None = None
        self.record: CaseRecord | None = None
        self._conversations: list[Conversation] = []
        self._alone: list[Chatter] = []
        self._watch: Watch | None = None
        self._started_ns = time.monotonic_ns()

    # Its course

    def prepare(self, stands_on: Basis | None) -> None:
        """Raise the reason, if there is one, why this case is not run; let a bystander in."""
        if reason := self._inapplicable():
            raise NotApplicable(reason)
        self.bench.require(stands_on, self.spec.clauses)
        if self.group in _ABOUT_THE_POOL:
            self.bench.spares.close_all()
        if self.spec.negative:
            self._watch = Watch(self.door)

    def _inapplicable(self) -> str | None:
        profile = self.bench.profile
        if self.spec.manner is Manner.HOSTILE and not self.bench.hostile:
            return "hostile cases run on loopback alone, or with --allow hostile"
        if self._off() == set(self.spec.clauses):
            return "every clause it checks is off"
        return next((why for when in self.spec.when if (why := when(profile))), None)

    def converse(self) -> Conversation:
        """A conversation that is open, and will be closed."""
        self._conversations.append(Conversation(self.door))
        return self._conversations[-1].begin()

    def alone(self) -> Chatter:
        """A customer to whom nobody attends; afterwards its case is swept up."""
        self._alone.append(self.door.customer())
        return self._alone[-1]

    def attempt(self, step: Callable[[], object]) -> None:
        """Do ``step``, and keep what stops it."""
        try:
            step()
        except Exception as stop:
            self.halt(stop)

    def halt(self, stop: BaseException) -> None:
        """The case goes no further because of ``stop``; the first counts, but for own faults."""
        if isinstance(stop, AssertionError):
            stop = Broken(self._as_finding(stop))
        if isinstance(stop, Broken):
            self.evidence.report(stop.finding)
        if self.stop is None or not isinstance(stop, Stop | HarnessError):
            self.stop = stop

    def finish(self) -> CaseRecord:
        """Reckon up, tidy up, look after the others, close; and say what became of the case."""
        for conversation in self._conversations:
            if self.stop is None:
                self.attempt(conversation.reckon)
            self.attempt(conversation.end if self.stop is None else conversation.tidy)
        if self._watch is not None:
            self.attempt(self._watch.look)
        self.door.report_strays()
        if self.stop is not None:
            self._alone += self._left_talking()
        if self._alone:
            self.attempt(self._sweep)
        self.attempt(self.door.close_all)
        self.record = self._record()
        return self.record

    def _sweep(self) -> None:
        for customer in self._alone:
            self.door.dismiss_staff()
            sweep(self.door, customer)

    def _left_talking(self) -> list[Chatter]:
        """The customers with whom the case was talking when it broke off, and who have nobody."""
        cared_for = [*self._alone, *(each.customer for each in self._conversations)]
        known = {customer.account for customer in cared_for}
        talking = {each.account: each for each in self.door.customers if each.has_talked}
        return [talking[account] for account in talking if account not in known]

    def _as_finding(self, error: AssertionError) -> Finding:
        """A plain assert in a case speaks for the case's first clause."""
        first = self.spec.clause(self.spec.clauses[0])
        expected = first.sentence
        return first.broken(expected=expected, actual=str(error)[:500])

    # What became of it

    def _record(self) -> CaseRecord:
        lines = self.evidence.transcript.lines()
        findings = self.evidence.own()
        collected = self._collected() if self.spec.collects else []
        if self.spec.collects:
            findings = [each.finding for each in collected]
            lines = collected[0].transcript if collected else []
        verdict = decide(self.spec, findings, self.stop, self.bench)
        self._tell_bench(verdict.outcome, verdict.message, [f.clause for f in verdict.findings])
        redacted = self.evidence.transcript.redacted
        return CaseRecord(
            id=self.id,
            group=self.group,
            level=verdict.level,
            outcome=verdict.outcome,
            clauses=list(self.spec.clauses),
            passive=self.spec.passive,
            undecided=self._undecided(findings, verdict),
            title=self.title,
            message=redacted(verdict.message),
            profile_line=verdict.profile_line,
            duration_ms=round((time.monotonic_ns() - self._started_ns) / 1e6, 3),
            started_s=round((self._started_ns - self.bench.started_ns) / 1e9, 6),
            findings=list(verdict.findings),
            transcript=lines,
            own_clauses=list(self.spec.own),
            foreign=self.door.foreign,
            seen_in=sorted({each.case_id for each in collected}),
        )

    def _undecided(self, findings: list[Finding], verdict: Verdict) -> list[str]:
        """Its clauses of which ``verdict`` says nothing, though ``findings`` may."""
        told = {finding.clause for finding in verdict.findings}
        unseen = self.stop is not None or self.spec.passive
        doubtful = self.spec.clauses if unseen else self._off().union(f.clause for f in findings)
        return [slug for slug in self.spec.clauses if slug in doubtful and slug not in told]

    def _off(self) -> frozenset[str]:
        return off_clauses(
            {slug: self.spec.clause(slug) for slug in self.spec.clauses}, self.bench.profile
        )

    def _collected(self) -> list[Passing]:
        """What other cases found in passing, and no case has reported as its own."""
        if not self.bench.frames_seen:
            self.halt(NotApplicable("no frame came from the server"))
        return [
            passing
            for passing in self.bench.passing
            if passing.finding.clause in self.spec.clauses
            and not self.bench.reported & _CAUSES.get(passing.finding.clause, set())
            and passing.finding.clause not in self.bench.reported
        ]

    def _tell_bench(self, outcome: Outcome, message: str, reported: list[str]) -> None:
        bench, lines = self.bench, self.evidence.transcript.lines()
        bench.frames_seen += self.evidence.transcript.frames_received
        known = {each.finding.clause for each in bench.passing}
        for finding in self.evidence.in_passing():
            if finding.clause not in known:
                bench.passing.append(Passing(finding, self.id, lines))
        bench.reported.update(reported if outcome in _REPORTING else ())
        bench.failed(self.id, set(reported) if outcome is Outcome.FAILED else ())
        if self.spec.lays and self.stop and not isinstance(self.stop, NotApplicable):
            found = self.stop.finding if isinstance(self.stop, Broken | Blocked) else None
            bench.fell(self.spec.lays, self.id, message, found.clause if found else "")
        if isinstance(self.stop, TargetUnavailable) and self.spec.lays in _WAYS_IN:
            bench.unavailable = bench.unavailable or self.stop
        elif isinstance(self.stop, TargetUnavailable):
            bench.unopened = bench.unopened or self.stop
