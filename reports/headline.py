"""The handful of figures that a reader wants before reading anything."""

from dataclasses import dataclass

from reports import figures
from reports.symbols import OUTCOME_TONE, Tone
from schemas.ledger_totals import ANOMALY_WORDS
from schemas.summary import Conformance, Load, MetricSummary, Summary
from schemas.verdicts import Outcome


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure: what it is, how much, and a word beside it."""

    label: str
    value: str
    unit: str
    note: str
    tone: Tone


def tiles(summary: Summary) -> list[Tile]:
    """The figures of the parts that ran; empty when none did."""
    found: list[Tile] = []
    if summary.conformance is not None:
        found.append(_cases(summary.conformance))
    if summary.load is not None:
        found += _load(summary.load)
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


def _load(load: Load) -> list[Tile]:
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
        Tile(
            label="Invalid frames",
            value=figures.count(load.frames.invalid),
            unit=f"of {figures.count(load.frames.received)}",
            note="a clause is broken" if load.frames.invalid else "all valid",
            tone=Tone.BAD if load.frames.invalid else Tone.GOOD,
        ),
    ]


_HEADLINE = {"ack": "Acknowledge p99", "deliver": "Deliver p99"}


def _latency(name: str, metric: MetricSummary) -> Tile:
    return Tile(
        label=_HEADLINE[name],
        value=figures.quantile(metric, "p99"),
        unit="ms",
        note=f"half within {figures.quantile(metric, 'p50')} ms",
        tone=Tone.CALM,
    )
