"""From what a case saw to its outcome: pure, by contract §3 and measurement §6."""

from collections.abc import Sequence
from pathlib import Path
from traceback import extract_tb

import msgspec

from harness.conformance.bench import Bench
from harness.conformance.spec import CaseSpec
from harness.conformance.stops import Blocked, Broken, Inconclusive, NotApplicable
from harness.errors import TargetUnavailable, one_line
from harness.grading import grade
from harness.target import Profile
from harness.target import register as profile_keys
from schemas.clauses import register
from schemas.findings import Finding
from schemas.verdicts import Level, Outcome

_WORST_FIRST = (Outcome.FAILED, Outcome.NON_STRICT, Outcome.INFORMATIONAL)
_STOPPED = {
    Blocked: Outcome.BLOCKED,
    TargetUnavailable: Outcome.BLOCKED,
    Inconclusive: Outcome.INCONCLUSIVE,
    NotApplicable: Outcome.NOT_APPLICABLE,
}


class Verdict(msgspec.Struct, frozen=True):
    """What became of a case. ``findings`` are those that made the outcome; a blocked case has some
    only where it found for itself what enough others had shown."""

    outcome: Outcome
    level: Level
    message: str = ""
    profile_line: str = ""
    findings: tuple[Finding, ...] = ()


def decide(
    spec: CaseSpec, findings: Sequence[Finding], stop: BaseException | None, bench: Bench
) -> Verdict:
    """The verdict on ``findings`` of the case's own clauses and on what stopped it, if anything."""
    graded = [(_grade(spec, finding.clause, bench), finding) for finding in findings]
    outcome = next((each for each in _WORST_FIRST if any(each is got for got, _ in graded)), None)
    stopped = _stopped(spec, stop, bench)
    if outcome is Outcome.FAILED and (why := _shown_before(graded, bench)):
        found = tuple(finding for got, finding in graded if got is outcome)
        return Verdict(Outcome.BLOCKED, spec.level, why, findings=found)
    if outcome is Outcome.FAILED or (outcome is not None and stopped is None):
        return _found(outcome, tuple(f for got, f in graded if got is outcome), bench)
    if stopped is not None:
        return Verdict(stopped, spec.level, _why(stop))
    if (cause := _cause(stop)) is not None:
        return Verdict(Outcome.NOT_APPLICABLE, spec.level, f"{cause.clause} is off")
    return Verdict(Outcome.PASSED, spec.level)


def _shown_before(graded: Sequence[tuple[Outcome, Finding]], bench: Bench) -> str:
    """Which cases have shown all that fails this one, if enough have: one cause is told by few."""
    failing = [finding for outcome, finding in graded if outcome is Outcome.FAILED]
    if not all(bench.shown_by(finding.clause) for finding in failing):
        return ""
    cases = bench.shown_by(failing[0].clause)
    others = f"{cases[0]} and {len(cases) - 1} more have"
    return f"{others} shown that {failing[0].clause} is broken; here: {failing[0]}"


def _grade(spec: CaseSpec, slug: str, bench: Bench) -> Outcome:
    """What breaking ``slug`` is worth; a team's own clauses count as declared."""
    own = any(each.id == slug for each in spec.own)
    return grade(spec.clause(slug), bench.profile, strict=bench.strict or own)


def describing_line(profile: Profile, slug: str) -> str:
    """The profile line under which a server that breaks ``slug`` is not at fault; "" for none."""
    known = register().get(slug)
    key = profile_keys().get(known.key or "") if known else None
    if key is None or not key.can_be_off:
        return ""
    return profile.line(key.name, False if isinstance(key.default, bool) else "off")


def _stopped(spec: CaseSpec, stop: BaseException | None, bench: Bench) -> Outcome | None:
    """The outcome that ``stop`` alone would make; None for a broken clause of the case's own.

    What need not be kept blocks nothing: a case that stands on it does not apply to this target.
    """
    if stop is None:
        return None
    cause = _cause(stop)
    if cause is not None and cause.clause in spec.clauses:
        return None
    if cause is not None and _need_not_be(spec, cause, bench):
        return Outcome.NOT_APPLICABLE
    if isinstance(stop, Broken):
        return Outcome.BLOCKED
    return next((out for kind, out in _STOPPED.items() if isinstance(stop, kind)), Outcome.ERROR)


def _cause(stop: BaseException | None) -> Finding | None:
    """The finding because of which a case could not go on, if it was one."""
    return stop.finding if isinstance(stop, Broken | Blocked) else None


def _need_not_be(spec: CaseSpec, finding: Finding, bench: Bench) -> bool:
    return _grade(spec, finding.clause, bench) in (
        Outcome.NON_STRICT,
        Outcome.NOT_APPLICABLE,
        Outcome.INFORMATIONAL,
    )


def _found(outcome: Outcome, findings: tuple[Finding, ...], bench: Bench) -> Verdict:
    level = next(level for level in Level if any(f.level is level for f in findings))
    more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
    slugs = {finding.clause for finding in findings}
    lines = sorted({line for slug in slugs for line in _lines(bench, slug)} - {""})
    line = "; ".join(lines) if outcome is Outcome.NON_STRICT else ""
    return Verdict(outcome, level, f"{findings[0]}{more}", line, findings)


def _lines(bench: Bench, slug: str) -> list[str]:
    """What to write into the profile: as the target was seen, or that it is not to be judged."""
    seen = [each.line for each in bench.adopted if each.clause == slug]
    return seen or [describing_line(bench.profile, slug)]


def _why(stop: BaseException | None) -> str:
    if isinstance(stop, Broken):
        return f"could not go on: {stop.finding}"
    if any(isinstance(stop, kind) for kind in _STOPPED):
        return str(stop)
    frame = extract_tb(stop.__traceback__)[-1] if stop and stop.__traceback__ else None
    place = f" at {Path(frame.filename).name}:{frame.lineno}" if frame else ""
    return f"a fault of the harness itself: {type(stop).__name__}: {one_line(str(stop))}{place}"
