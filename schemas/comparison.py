"""``comparison.json``: how a candidate's runs stand to a base's, as one public value.

Additions are minor versions and nothing is renamed.
"""

from enum import StrEnum

import msgspec

from schemas.verdicts import ExitCode, Outcome

COMPARISON_VERSION = "1.0"
COMPARISON_FILE = "comparison.json"


class Direction(StrEnum):
    """How a candidate stands to its base."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"
    INCONCLUSIVE = "inconclusive"


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """One quantity compared. Values are geometric means of the runs in µs, the rest ratios
    less 1.

    ``change`` of the candidate against the base with its 90 % interval ``low`` … ``high``;
    ``p_value`` is corrected for the number of quantities; ``runs_needed`` a side would decide, null
    where nobody can say; ``note`` explains.
    """

    name: str
    direction: Direction
    base_us: float | None = None
    candidate_us: float | None = None
    change: float | None = None
    low: float | None = None
    high: float | None = None
    p_value: float | None = None
    runs_needed: int | None = None
    note: str = ""


class CaseShift(StrEnum):
    """What became of a case from the base to the candidate."""

    NEWLY_FAILING = "newly-failing"
    NEWLY_PASSING = "newly-passing"
    NO_LONGER_DECIDED = "no-longer-decided"
    GONE = "gone"
    NEW = "new"


class CaseChange(msgspec.Struct, frozen=True, kw_only=True):
    """One case whose outcomes differ; each side lists every outcome that its runs had."""

    id: str
    shift: CaseShift
    base: list[Outcome]
    candidate: list[Outcome]
    message: str = ""


class BehaviourChange(msgspec.Struct, frozen=True, kw_only=True):
    """A choice that the page leaves open, made differently: the values seen on one side alone."""

    choice: str
    gone: list[str]
    new: list[str]


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """All of ``comparison.json``. ``direction`` sums up; ``reasons`` begin with a stable word.

    ``base`` and ``candidate`` are run ids. ``primary`` names the quantity tested at the full level;
    ``effect`` is the smallest ratio (less 1) that matters.
    """

    schema_version: str = COMPARISON_VERSION
    direction: Direction
    exit_code: ExitCode
    reasons: list[str]
    base: list[str]
    candidate: list[str]
    primary: str
    effect: float
    latencies: list[Compared]
    cases: list[CaseChange]
    behaviour: list[BehaviourChange]
    allowed: list[str] = []
