"""``spread.json``: how much the latencies of equal runs differ, as one public value."""

import msgspec

from schemas.verdicts import ExitCode

SPREAD_VERSION = "1.0"
SPREAD_FILE = "spread.json"


class Spread(msgspec.Struct, frozen=True, kw_only=True):
    """One quantity over all runs that have it, in µs. ``noise`` is its relative standard deviation,
    as ``compare --noise`` takes it; None for fewer than two runs. ``runs`` had it.
    """

    name: str
    runs: int
    least_us: float
    median_us: float
    most_us: float
    noise: float | None


class RepeatedRun(msgspec.Struct, frozen=True, kw_only=True):
    """One of the runs, and its folder beside this file."""

    run_id: str
    folder: str
    exit_code: ExitCode


class Repetition(msgspec.Struct, frozen=True, kw_only=True):
    """All of ``spread.json``. ``exit_code`` is the worst of the runs'."""

    schema_version: str = SPREAD_VERSION
    exit_code: ExitCode
    runs: list[RepeatedRun]
    latencies: list[Spread]
