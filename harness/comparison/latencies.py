"""Latencies of two sets of runs: one direction for each quantity, corrected for their number.

The primary quantity is tested at 5 % in the direction in which it differs, so that five runs a side
find a tenth more; all others share 5 % over both directions by Holm. Source: measurement §10.
"""

import math
from collections.abc import Mapping
from statistics import fmean

import msgspec

from harness.comparison.inference import (
    ENOUGH_RUNS,
    Estimate,
    against_history,
    holm,
    runs_to_decide,
    welch,
    with_noise,
)
from harness.comparison.quantities import PRIMARY, Quantity, Standing
from schemas.comparison import Compared, Direction

LEVEL = 0.05


class Rules(msgspec.Struct, frozen=True):
    """How differences are judged. ``effect`` is the smallest that matters (0.05: 5 %).

    ``noise`` is the relative standard deviation of runs, where it is known beforehand.
    """

    primary: str = PRIMARY
    effect: float = 0.05
    noise: float | None = None


class Side(msgspec.Struct, frozen=True):
    """One quantity in every run of one side. ``saturated`` when a generator was in any of them."""

    found: tuple[Quantity, ...]
    saturated: bool = False

    @property
    def logarithms(self) -> list[float]:
        """The natural logarithms of the values in µs."""
        return [math.log(max(each.value_us, 1.0)) for each in self.found]

    def all_are(self, standing: Standing) -> bool:
        """Whether every run's quantile has that standing."""
        return all(each.standing is standing for each in self.found)


def compare_latencies(
    base: Mapping[str, Side], candidate: Mapping[str, Side], rules: Rules
) -> list[Compared]:
    """Every quantity that either side has, the primary one first, then by name."""
    names = sorted(base.keys() | candidate.keys(), key=lambda name: (name != rules.primary, name))
    absent = Side((Quantity(Standing.ABSENT),))
    pairs = {name: (base.get(name, absent), candidate.get(name, absent)) for name in names}
    estimates = {
        name: estimate
        for name, (one, other) in pairs.items()
        if (estimate := _estimate(one, other, rules)) is not None
    }
    p_values = _corrected(estimates, rules.primary)
    return [
        _judged(name, pairs[name], estimates[name], p_values[name], rules)
        if name in estimates
        else _unjudged(name, *pairs[name])
        for name in names
    ]


def _estimate(base: Side, candidate: Side, rules: Rules) -> Estimate | None:
    """What can be inferred of one quantity; None where the runs do not allow it."""
    if not (base.all_are(Standing.MEASURED) and candidate.all_are(Standing.MEASURED)):
        return None
    one, other = base.logarithms, candidate.logarithms
    if min(len(one), len(other)) >= ENOUGH_RUNS:
        return welch(one, other)
    if rules.noise is not None:
        return with_noise(one, other, rules.noise)
    return against_history(one, other) if len(one) >= ENOUGH_RUNS else None


def _corrected(estimates: Mapping[str, Estimate], primary: str) -> dict[str, float]:
    others = {name: 2 * each.p_value for name, each in estimates.items() if name != primary}
    first = {primary: estimates[primary].p_value} if primary in estimates else {}
    return first | holm(others)


def _judged(
    name: str, sides: tuple[Side, Side], estimate: Estimate, p_value: float, rules: Rules
) -> Compared:
    low, high = estimate.interval()
    effect = math.log1p(rules.effect)
    direction = _direction(estimate.difference, (low, high), p_value, effect)
    note, needed = "", None
    if direction in (Direction.WORSE, Direction.BETTER) and _clouded(direction, *sides):
        note = "a saturated generator may have made the difference"
        direction = Direction.INCONCLUSIVE
    elif direction is Direction.INCONCLUSIVE:
        needed = runs_to_decide(estimate, effect, LEVEL)
    return Compared(
        name=name,
        direction=direction,
        base_us=_middle(sides[0]),
        candidate_us=_middle(sides[1]),
        change=math.expm1(estimate.difference),
        low=math.expm1(low),
        high=math.expm1(high),
        p_value=p_value,
        runs_needed=needed,
        note=note,
    )


def _direction(
    difference: float, interval: tuple[float, float], p_value: float, effect: float
) -> Direction:
    if p_value < LEVEL and abs(difference) > effect:
        return Direction.WORSE if difference > 0 else Direction.BETTER
    same = -effect < interval[0] and interval[1] < effect
    return Direction.SAME if same else Direction.INCONCLUSIVE


def _clouded(direction: Direction, base: Side, candidate: Side) -> bool:
    """Lag only lengthens latencies: it can make a candidate look worse, or a base."""
    return candidate.saturated if direction is Direction.WORSE else base.saturated


def _unjudged(name: str, base: Side, candidate: Side) -> Compared:
    """What can be said where a side lacks values, or runs."""
    if base.all_are(Standing.MEASURED) and candidate.all_are(Standing.NOT_REACHED):
        note = "unanswered messages rank there in every candidate run, and in no base run"
        return Compared(name=name, direction=Direction.WORSE, base_us=_middle(base), note=note)
    if candidate.all_are(Standing.MEASURED) and base.all_are(Standing.NOT_REACHED):
        note = "unanswered messages rank there in every base run, and in no candidate run"
        return Compared(
            name=name, direction=Direction.BETTER, candidate_us=_middle(candidate), note=note
        )
    return Compared(
        name=name,
        direction=Direction.INCONCLUSIVE,
        base_us=_middle(base),
        candidate_us=_middle(candidate),
        runs_needed=ENOUGH_RUNS if _lacks_runs_alone(base, candidate) else None,
        note=_why_not(base, candidate),
    )


def _lacks_runs_alone(base: Side, candidate: Side) -> bool:
    return base.all_are(Standing.MEASURED) and candidate.all_are(Standing.MEASURED)


def _why_not(base: Side, candidate: Side) -> str:
    standings = {each.standing for side in (base, candidate) for each in side.found}
    if Standing.ABSENT in standings:
        return "one side has no such latency"
    if Standing.TOO_FEW in standings:
        needed = max(each.needed for side in (base, candidate) for each in side.found)
        return f"too few samples in a run: {needed} are needed"
    if Standing.NOT_REACHED in standings:
        return "unanswered messages rank there in some of the runs"
    return f"with under {ENOUGH_RUNS} runs a side the spread of runs must be known: give --noise"


def _middle(side: Side) -> float | None:
    """The geometric mean, whose ratios are those that are judged."""
    return math.exp(fmean(side.logarithms)) if side.all_are(Standing.MEASURED) else None
