"""``capacity.json``: how much a target bears, as one public value, with every trial that said so.

Additions are minor versions and nothing is renamed.
"""

from enum import StrEnum

import msgspec

from schemas.verdict_file import ThresholdResult
from schemas.verdicts import ExitCode

CAPACITY_VERSION = "1.0"
CAPACITY_FILE = "capacity.json"


class Of(StrEnum):
    """What is raised: customers' messages a second, or participants who send as often as ever."""

    RATE = "rate"
    PARTICIPANTS = "participants"


class TrialOutcome(StrEnum):
    """What one trial of a level says.

    ``saturated``: the generator, not the target, was at its end. ``barred``: what is known of the
    target, or its accounts, forbid to ask as much.
    """

    HELD = "held"
    FAILED = "failed"
    SATURATED = "saturated"
    UNDECIDED = "undecided"
    BARRED = "barred"


class Ending(StrEnum):
    """Why the search is over.

    ``found``: the interval is narrow enough. After ``saturated`` and ``barred`` the highest level
    that held is the least that the target bears.
    """

    FOUND = "found"
    BUDGET = "budget"
    SATURATED = "saturated"
    BARRED = "barred"
    START_FAILED = "start-failed"
    UNDECIDED = "undecided"
    INTERRUPTED = "interrupted"


class TrialReport(msgspec.Struct, frozen=True, kw_only=True):
    """One trial: ``level`` in the unit of :class:`Of`, its run folder (relative), what it showed.

    ``duration_s`` is how long it was planned to be measured.
    """

    number: int
    level: float
    outcome: TrialOutcome
    duration_s: float
    seed: int
    folder: str
    results: list[ThresholdResult]
    note: str = ""


class Capacity(msgspec.Struct, frozen=True, kw_only=True):
    """All of ``capacity.json``.

    ``held`` is the highest level at which every demand of ``slos`` held, ``failed`` the lowest one
    above at which it did not; null where there is none. ``held_before`` is the highest level that
    held before it was overloaded, and ``recovers`` whether it did again: null where nothing was
    overloaded. ``reasons`` begin with a stable word.
    """

    schema_version: str = CAPACITY_VERSION
    target: str
    of: Of
    slos: list[str]
    ending: Ending
    exit_code: ExitCode
    held: float | None
    failed: float | None
    recovers: bool | None
    held_before: float | None
    reasons: list[str]
    seed: int
    trials: list[TrialReport]


def shown(level: float | None, of: Of) -> str:
    """A level with its unit, as every report writes it."""
    if level is None:
        return "nothing"
    return f"{level:g}/s" if of is Of.RATE else f"{level:g} participants"
