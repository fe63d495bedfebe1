"""Judges a whole run: from its log and the thresholds to one verdict with its reasons.

Pure: the same log gives the same verdict anywhere. The order in which causes win is fixed: a proven
violation, then missing evidence, then a missed threshold.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import msgspec

from harness.expectations import expected_results
from harness.thresholds import DEFAULTS, Threshold, evaluate, measured, parse
from schemas.comparison import CaseShift, Comparison, Direction
from schemas.expectations import Expectation, ExpectationResult, Standing
from schemas.ledger_totals import ANOMALY_WORDS
from schemas.load_records import Aborted, LoadTotals
from schemas.rulings import ruled
from schemas.run_log import Run
from schemas.verdict_file import (
    BaselineResult,
    Severity,
    ThresholdOutcome,
    ThresholdResult,
    VerdictFile,
)
from schemas.verdicts import ExitCode, Level, Outcome, Verdict

UNAPPLIED_SHARE = 0.01
"""More than this share of what was due unsent, or sent over a second late: load not applied."""

_SAID = {"unread_wrong": ("unread count", "wrong")}
_BROKEN = (Outcome.FAILED, Outcome.UNEXPECTED_PASS)
_UNDECIDED = (Outcome.ERROR, Outcome.INCONCLUSIVE, Outcome.BLOCKED)
_NOTHING = (Outcome.NOT_APPLICABLE, Outcome.EXPECTED_FAILURE, *_UNDECIDED)


class GateRules(msgspec.Struct, frozen=True):
    """What a run is held to. ``level`` is the lowest level at which a failed case counts.

    ``expectations`` are the known failures, as of the day ``today``.
    """

    thresholds: Sequence[Threshold] = ()
    level: Level = Level.SHOULD
    expectations: Sequence[Expectation] = ()
    today: date = date.min


def default_thresholds(run: Run) -> tuple[Threshold, ...]:
    """What a gate demands when it is told nothing: of a load run, what every load must keep."""
    return tuple(map(parse, DEFAULTS)) if "load" in run.header.parts else ()


def judge(run: Run, rules: GateRules, baseline: Comparison | None = None) -> VerdictFile:
    """The verdict on ``run``. Reasons begin with the stable word of their cause.

    ``baseline`` is how it stands to the runs that it is held against: worse is missed.
    """
    saturated = any(worker.saturated for worker in run.generators)
    results = [evaluate(threshold, run, saturated=saturated) for threshold in rules.thresholds]
    expected = expected_results(run, rules.expectations, rules.today)
    run = ruled(run, expected)
    violations = [*_violations(run, rules.level), *_refuted(expected)]
    missing = list(_missing_evidence(run, rules.level, results))
    missed = [
        f"threshold: {result.text} missed, measured {measured(result)}"
        for result in results
        if result.outcome is ThresholdOutcome.MISSED and result.severity is Severity.FAIL
    ]
    if run.aborted is not None:
        missed.append(_aborted(run.aborted))
    if baseline is not None and baseline.direction is Direction.WORSE:
        missed += [f"baseline: {reason}" for reason in baseline.reasons if _is_worse(reason)]
    verdict, code = _decide(violations, missing, missed)
    return VerdictFile(
        verdict=verdict,
        exit_code=code,
        reasons=[*violations, *missing, *missed],
        level=rules.level,
        thresholds=results,
        expectations=expected,
        baseline=_held_against(baseline) if baseline else None,
    )


def _aborted(found: Aborted) -> str:
    at = f"at {found.at_s:g} s the load was ended early"
    return f"aborted: {at}, when {found.text} was missed: {found.note}"


def _held_against(found: Comparison) -> BaselineResult:
    return BaselineResult(direction=found.direction, runs=found.base, reasons=found.reasons)


def _is_worse(reason: str) -> bool:
    return reason.partition(":")[0] in (Direction.WORSE, CaseShift.NEWLY_FAILING)


def _decide(
    violations: list[str], missing: list[str], missed: list[str]
) -> tuple[Verdict, ExitCode]:
    if violations:
        return Verdict.FAILED, ExitCode.FAILED
    if missing:
        return Verdict.NO_VERDICT, ExitCode.NO_VERDICT
    if missed:
        return Verdict.FAILED, ExitCode.FAILED
    return Verdict.PASSED, ExitCode.PASSED


def _violations(run: Run, level: Level) -> Iterator[str]:
    """What is proven against the target, even by a partial or saturated run."""
    for outcome in _BROKEN:
        ids = [c.id for c in run.cases if c.outcome is outcome and c.level.binds_at(level)]
        if ids:
            yield f"{outcome}: {_count(len(ids), 'case')}: {_some(ids)}"
    broken = [
        violation
        for violation in run.violations
        if violation.outcome is Outcome.FAILED and violation.finding.level.binds_at(level)
    ]
    if broken:
        frames = sum(violation.count for violation in broken)
        clauses = _some([violation.finding.clause for violation in broken])
        yield f"invalid-frame: {_count(frames, 'finding')} under load: {clauses}"
    elif run.totals is not None and run.totals.frames.invalid and not _excused(run):
        yield f"invalid-frame: {_count(run.totals.frames.invalid, 'frame')} under load"
    if run.totals is not None:
        yield from _load_violations(run.totals)


def _refuted(results: Sequence[ExpectationResult]) -> Iterator[str]:
    """Entries of the expected results that do not hold, where no case of theirs says so."""
    for result in results:
        entry = result.entry
        if result.standing is Standing.EXPIRED:
            yield f"expired: the expectation of {entry.name} ended on {entry.expires}"
        elif result.standing is Standing.UNEXPECTED_PASS and not result.cases:
            yield f"unexpected-pass: {entry.name} held, expected to be broken: {entry.reason}"


def _load_violations(totals: LoadTotals) -> Iterator[str]:
    for word in ANOMALY_WORDS:
        number = getattr(totals.ledger, word)
        if number:
            noun, how = _SAID.get(word, ("message", word))
            yield f"{word}: {_count(number, noun)} {how} under load"
    dropped = totals.connections.dropped_by_server
    if dropped:
        yield f"dropped: {_count(dropped, 'connection')} ended by the server without cause"


def _missing_evidence(run: Run, level: Level, results: Iterable[ThresholdResult]) -> Iterator[str]:
    passed = [case for case in run.cases if case.outcome not in _NOTHING]
    loaded = run.totals is not None and run.totals.ledger.acked > 0
    if not run.cases and run.totals is None:
        yield "nothing-ran: neither a case nor a load was run"
    else:
        if run.cases and not passed:
            yield "nothing-passed: no case came to a result"
        if run.totals is not None and not loaded:
            yield "nothing-passed: no message was acknowledged under load"
    if run.partial:
        yield f"partial: {_why_partial(run)}"
    for error in run.errors:
        yield f"error: a fault of the harness itself in {error.where}: {error.message}"
    undecided = Counter(
        case.outcome
        for case in run.cases
        if case.outcome in _UNDECIDED and case.level.binds_at(level)
    )
    for outcome, number in undecided.items():
        ids = [
            case.id for case in run.cases if case.outcome is outcome and case.level.binds_at(level)
        ]
        yield f"{outcome}: {_count(number, 'case')}: {_some(ids)}"
    if run.totals is not None:
        yield from _load_missing(run.totals)
    for result in results:
        if result.outcome is ThresholdOutcome.NO_VERDICT and result.severity is Severity.FAIL:
            yield f"undecided: {result.text}: {result.note}"


def _load_missing(totals: LoadTotals) -> Iterator[str]:
    if totals.workers_lost:
        yield f"worker-lost: {_count(totals.workers_lost, 'worker')} died during the run"
    if totals.ledger.in_flight:
        foreign = totals.ledger.foreign
        others = f"; {_count(foreign, 'frame')} of others came, who may have taken them"
        yield (
            f"in-flight: {_count(totals.ledger.in_flight, 'delivery', 'deliveries')} "
            f"neither proven nor disproven{others if foreign else ''}"
        )
    rate = totals.rate
    late = rate.due - rate.sent_in_time
    if rate.due and late > UNAPPLIED_SHARE * rate.due:
        yield (
            f"load-not-applied: {late} of {rate.due} due messages were not sent within a second "
            f"({rate.unsent} not at all)"
        )


def _excused(run: Run) -> bool:
    """Whether what was invalid under load is named by violations that were expected."""
    return any(violation.outcome is Outcome.EXPECTED_FAILURE for violation in run.violations)


def _why_partial(run: Run) -> str:
    unfinished = [part for part in run.parts if not part.complete]
    for part in unfinished:
        return f"{part.name} did not finish: {part.reason}" if part.reason else part.name
    ended = {part.name for part in run.parts}
    absent = [name for name in run.header.parts if name not in ended]
    if absent:
        return f"{' and '.join(absent)} did not run to the end"
    if run.damaged:
        return f"{_count(len(run.damaged), 'line')} of the log cannot be read"
    if run.absent:
        return f"{_count(run.absent, 'line')} of the log {'is' if run.absent == 1 else 'are'} gone"
    return "the log has no footer" if run.footer is None else "the run was cut short"


def _count(number: int, noun: str, plural: str = "") -> str:
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def _some(names: Sequence[str], most: int = 5) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
