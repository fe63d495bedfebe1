"""The first screen: why the verdict is what it is, and the handful of figures beside it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reports import figures
from reports.symbols import OUTCOME_TONE, VERDICT_TONE, Tone
from schemas.ledger_totals import ANOMALY_WORDS
from schemas.load_records import Frames, Violation
from schemas.summary import Conformance, Load, MetricSummary, Summary
from schemas.verdict_file import ThresholdOutcome
from schemas.verdicts import Level, Outcome, Verdict


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure: what it is, how much, and a word beside it."""

    label: str
    value: str
    unit: str
    note: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class ReasonView:
    """One reason of a verdict: the stable word of its cause, the rest, and how it weighs."""

    word: str
    rest: str
    tone: Tone


_MISSING = (
    "nothing-ran",
    "nothing-passed",
    "partial",
    "error",
    "inconclusive",
    "blocked",
    "worker-lost",
    "in-flight",
    "load-not-applied",
    "undecided",
)
"""Causes that prove nothing against the target: evidence is missing."""


def reason_views(reasons: Iterable[str], verdict: Verdict) -> list[ReasonView]:
    """``reasons``, made harmless before, as a page shows them."""
    found = []
    for reason in reasons:
        word, colon, rest = reason.partition(":")
        tone = Tone.DOUBT if word in _MISSING else VERDICT_TONE[verdict]
        found.append(ReasonView(word, colon + rest, tone))
    return found


def all_well(summary: Summary, level: Level) -> str:
    """What a passed run may claim: of each part that ran, and no more."""
    said = []
    if summary.conformance is not None:
        said.append(f"No case failed at the gated level ({level.upper()}).")
    if summary.load is not None:
        said.append("Under load every message is accounted for, without an anomaly.")
    outcomes = {each.outcome for each in summary.thresholds}
    if outcomes:
        met = outcomes == {ThresholdOutcome.MET}
        said.append(f"Every threshold{'' if met else ' that counts'} was met.")
    return " ".join(said)


def tiles(summary: Summary, violations: Sequence[Violation] = ()) -> list[Tile]:
    """The figures of the parts that ran; empty when none did.

    ``violations`` are the clauses that a load has found broken, not all of them by one frame alone.
    """
    found: list[Tile] = []
    if summary.conformance is not None:
        found.append(_cases(summary.conformance))
    if summary.load is not None:
        found += _load(summary.load, violations)
    return found


def _cases(conformance: Conformance) -> Tile:
    tones = [OUTCOME_TONE[case.outcome] for case in conformance.cases]
    asked = [c for c in conformance.cases if c.outcome is not Outcome.NOT_APPLICABLE]
    passed, bad, doubt = (tones.count(tone) for tone in (Tone.GOOD, Tone.BAD, Tone.DOUBT))
    words = [f"{bad} failed"] if bad else []
    words += [f"{doubt} undecided"] if doubt else []
    expected = sum(case.outcome is Outcome.EXPECTED_FAILURE for case in conformance.cases)
    words += [f"{expected} failed as expected"] if expected else []
    tone = Tone.BAD if bad else Tone.DOUBT if doubt else Tone.GOOD
    return Tile(
        label="Cases passed",
        value=figures.count(passed),
        unit=f"of {figures.count(len(asked))}",
        note=", ".join(words) or "none failed",
        tone=tone,
    )


def _load(load: Load, violations: Sequence[Violation]) -> list[Tile]:
    rate, ledger = load.rate, load.ledger
    wrong = sum(getattr(ledger, word) for word in ANOMALY_WORDS)
    return [
        Tile(
            label="Rate asked",
            value=figures.per_second(rate.asked),
            unit="messages/s",
            note=f"{figures.share(rate.reached_share)} sent in time",
            tone=Tone.CALM,
        ),
        *(_latency(name, load.metrics[name]) for name in _HEADLINE if name in load.metrics),
        Tile(
            label="Deliveries",
            value=figures.count(ledger.delivered),
            unit=f"of {figures.count(ledger.expected_deliveries)}",
            note=f"{figures.count(wrong)} anomalies" if wrong else "no anomaly",
            tone=Tone.BAD if wrong else Tone.DOUBT if ledger.in_flight else Tone.GOOD,
        ),
        _frames(load.frames, violations),
    ]


def _frames(frames: Frames, violations: Sequence[Violation]) -> Tile:
    broken = {found.finding.clause for found in violations if found.outcome is Outcome.FAILED}
    note = "a clause is broken" if broken or frames.invalid else "all valid"
    return Tile(
        label="Invalid frames",
        value=figures.count(frames.invalid),
        unit=f"of {figures.count(frames.received)}",
        note=f"{len(broken)} clauses are broken" if len(broken) > 1 else note,
        tone=Tone.BAD if broken or frames.invalid else Tone.GOOD,
    )


_HEADLINE = {"ack": "Acknowledge p99", "deliver": "Deliver p99"}


def _latency(name: str, metric: MetricSummary) -> Tile:
    value, half = (figures.quantile(metric, key) for key in ("p99", "p50"))
    answered = value != figures.NEVER
    reached = metric.p50_us is not None
    note = f"half within {half} ms" if reached else f"half not within {half.lstrip('~> ')} ms"
    return Tile(
        label=_HEADLINE[name],
        value=value,
        unit="ms" if answered else "",
        note=note if answered else "nothing was answered",
        tone=Tone.CALM if answered else Tone.DOUBT,
    )
