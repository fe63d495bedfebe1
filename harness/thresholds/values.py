"""A threshold as a value: what it demands, of which part of the run, and how much depends on it."""

from typing import ClassVar

import msgspec

from schemas.verdict_file import Severity


class LatencyDemand(msgspec.Struct, frozen=True):
    """The ``share`` quantile of a latency series against a limit in µs.

    ``kind`` narrows it to messages of one type; ``after_s`` leaves out what came before.
    """

    quantile: str
    share: float
    metric: str
    operator: str
    limit: float
    kind: str = ""
    after_s: float = 0.0


class FigureDemand(msgspec.Struct, frozen=True):
    """A count or share against a limit, which may be a multiple of another figure of the run.

    ``after_s`` leaves out what came before; None: it is of the whole load.
    """

    name: str
    operator: str
    limit: float
    times: str = ""
    after_s: float | None = None


class CasesDemand(msgspec.Struct, frozen=True):
    """Every case whose id fits ``pattern`` (as file names do) has passed."""

    pattern: str


Demand = LatencyDemand | FigureDemand | CasesDemand


class Threshold(msgspec.Struct, frozen=True):
    """One demand with its text. ``grace_s`` None: a run is not ended early for it, else it is ended
    when the threshold is missed at any moment later than that since the start of the load.
    """

    upper: ClassVar[tuple[str, ...]] = ("<", "<=", "==")

    text: str
    demand: Demand
    severity: Severity = Severity.FAIL
    grace_s: float | None = None
