"""What a history of runs shows: the runs of one kind of load in a row, and where they shifted."""

from enum import StrEnum

import msgspec

from schemas.verdicts import Verdict


class RecordedRun(msgspec.Struct, frozen=True, kw_only=True):
    """One run of a history. ``verdict`` is None where nobody has judged it."""

    run_id: str
    started: str
    target: str
    verdict: Verdict | None
    accepted: bool


class Unit(StrEnum):
    """What the values of a trend are: microseconds, or a number of cases."""

    US = "us"
    CASES = "cases"


class Trend(msgspec.Struct, frozen=True, kw_only=True):
    """One quantity over the runs of one kind, oldest first.

    ``values`` are in ``unit``, None where a run has none; ``shifts`` are the places in ``runs`` at
    which a new level begins.
    """

    kind: str
    quantity: str
    runs: list[RecordedRun]
    values: list[float | None]
    shifts: list[int]
    unit: Unit = Unit.US
