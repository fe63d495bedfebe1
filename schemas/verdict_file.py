"""``verdict.json``: what was decided about a run, written beside its log by whoever judged it."""

from enum import StrEnum
from pathlib import Path

import msgspec

from schemas.comparison import Direction
from schemas.expectations import ExpectationResult
from schemas.verdicts import ExitCode, Level, Verdict

VERDICT_FILE = "verdict.json"
VERDICT_VERSION = "1.2"


class ThresholdOutcome(StrEnum):
    """Whether a threshold held, or could not be decided."""

    MET = "met"
    MISSED = "missed"
    NO_VERDICT = "no-verdict"


class Severity(StrEnum):
    """How much a missed threshold matters: it fails the run, or is shown alone."""

    FAIL = "fail"
    WARN = "warn"


class ThresholdResult(msgspec.Struct, frozen=True, kw_only=True):
    """One threshold as written, what was measured and what was allowed.

    ``value`` and ``limit`` are in the metric's unit (µs for latencies, a share for rates);
    ``value`` is None where there is none. ``note`` says why nothing could be decided. One of the
    severity ``warn`` changes no verdict.
    """

    text: str
    value: float | None
    limit: float
    outcome: ThresholdOutcome
    note: str = ""
    severity: Severity = Severity.FAIL


class BaselineResult(msgspec.Struct, frozen=True, kw_only=True):
    """How the run stands to the runs it was held against; ``comparison.json`` has all of it.

    ``inconclusive`` changes no verdict: one run seldom decides what several would.
    """

    direction: Direction
    runs: list[str]
    reasons: list[str]


class VerdictFile(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict with its reasons, each beginning with the stable word of its cause.

    ``expectations`` are the entries of the expected results that it was given, each with what it
    made of the run's cases.
    """

    schema_version: str = VERDICT_VERSION
    verdict: Verdict
    exit_code: ExitCode
    reasons: list[str]
    level: Level = Level.SHOULD
    thresholds: list[ThresholdResult] = []
    expectations: list[ExpectationResult] = []
    baseline: BaselineResult | None = None


def write_verdict(folder: Path, verdict: VerdictFile) -> None:
    """Put the verdict beside the run's log."""
    encoded = msgspec.json.format(msgspec.json.encode(verdict), indent=2)
    (folder / VERDICT_FILE).write_bytes(encoded + b"\n")


def read_verdict(folder: Path) -> VerdictFile | None:
    """The verdict beside the run's log, or None where there is none that can be read."""
    try:
        return msgspec.json.decode((folder / VERDICT_FILE).read_bytes(), type=VerdictFile)
    except (OSError, msgspec.DecodeError):
        return None
