"""What one finished run says about its level of load: held, failed, or nothing.

A trial is held to its demands alone. What only the generator can have caused decides nothing
(measurement §5).
"""

from collections.abc import Iterator, Sequence

import msgspec

from harness.gate import UNAPPLIED_SHARE
from harness.thresholds import Threshold, evaluate
from harness.thresholds.values import FigureDemand
from schemas.capacity import TrialOutcome
from schemas.load_records import LoadTotals
from schemas.run_log import Run
from schemas.verdict_file import ThresholdOutcome, ThresholdResult

_OF_THE_GENERATOR = ("rate", "reached_share", "unsent", "error_rate")
"""Figures that a saturated generator makes worse by itself."""


class Judged(msgspec.Struct, frozen=True):
    """The outcome of a trial, each demand's result, and why where these do not say it."""

    outcome: TrialOutcome
    results: list[ThresholdResult]
    note: str = ""


def judged(slos: Sequence[Threshold], run: Run, *, reached_before: bool) -> Judged:
    """What ``run`` shows. ``reached_before``: an earlier trial was logged in at this target, so
    that nobody being let in now is the load's doing.
    """
    saturated = any(worker.saturated for worker in run.generators)
    results = [evaluate(slo, run, saturated=saturated) for slo in slos]
    totals = run.totals
    if run.errors:
        return Judged(TrialOutcome.UNDECIDED, results, "a fault of the harness itself")
    if totals is None or not totals.connections.opened:
        outcome = TrialOutcome.FAILED if reached_before and totals else TrialOutcome.UNDECIDED
        return Judged(outcome, results, _ended(run) or "nobody could log in")
    missed = [
        result
        for slo, result in zip(slos, results, strict=True)
        if result.outcome is ThresholdOutcome.MISSED and not (saturated and _by_generator(slo))
    ]
    if missed:
        return Judged(TrialOutcome.FAILED, results)
    if saturated and (_unapplied(totals) or not _all_met(results)):
        return Judged(TrialOutcome.SATURATED, results, "; ".join(_strained(run)))
    return _unsaturated(slos, results, run, totals)


def _unsaturated(
    slos: Sequence[Threshold], results: list[ThresholdResult], run: Run, totals: LoadTotals
) -> Judged:
    """Nothing was missed, and the generator did its part."""
    if run.partial or totals.workers_lost:
        return Judged(TrialOutcome.UNDECIDED, results, _ended(run) or "a worker died")
    if _unapplied(totals):
        return Judged(TrialOutcome.FAILED, results, "the target did not take the load in time")
    undecided = [each for each in results if each.outcome is ThresholdOutcome.NO_VERDICT]
    if undecided:
        note = "; ".join(f"{each.text}: {each.note}" for each in undecided)
        return Judged(TrialOutcome.UNDECIDED, results, note)
    if totals.ledger.in_flight and any(_names(slo, "lost") for slo in slos):
        return Judged(TrialOutcome.UNDECIDED, results, "of some messages nobody knows whether lost")
    return Judged(TrialOutcome.HELD, results)


def _all_met(results: Sequence[ThresholdResult]) -> bool:
    return all(each.outcome is ThresholdOutcome.MET for each in results)


def _by_generator(slo: Threshold) -> bool:
    return any(_names(slo, name) for name in _OF_THE_GENERATOR)


def _names(slo: Threshold, name: str) -> bool:
    return isinstance(slo.demand, FigureDemand) and slo.demand.name == name


def _unapplied(totals: LoadTotals) -> bool:
    rate = totals.rate
    return rate.due - rate.sent_in_time > UNAPPLIED_SHARE * rate.due


def _strained(run: Run) -> Iterator[str]:
    for worker in run.generators:
        if worker.saturated:
            yield f"worker {worker.worker}: {', '.join(worker.reasons)}"


def _ended(run: Run) -> str:
    return next((part.reason for part in run.parts if part.reason), "")
