"""Two samples of logarithms, one value a run: how far apart they are, and how sure that is.

Pure numbers; knows no run and no metric. Source: measurement §10.
"""

import math
from collections.abc import Mapping, Sequence
from statistics import fmean, variance

import msgspec
from scipy.special import ndtr, ndtri, stdtr, stdtrit

ENOUGH_RUNS = 3
"""So many runs a side say something of their spread by themselves."""

RESOLUTION = 0.004
"""How far, at most, a histogram's bucket is from the value it stands for (relative)."""

_SAME_CONFIDENCE = 0.90
_TRIED_RUNS = 60


class Estimate(msgspec.Struct, frozen=True):
    """A difference of two means of logarithms, with its standard error.

    ``freedom`` is Student's degrees of freedom, infinite where the spread was known beforehand.
    ``spread`` is the standard deviation of one run that it rests on.
    """

    difference: float
    error: float
    freedom: float
    spread: float

    @property
    def p_value(self) -> float:
        """One-sided: how likely equals differ this much in this direction."""
        score = -abs(self.difference) / self.error
        return float(ndtr(score) if math.isinf(self.freedom) else stdtr(self.freedom, score))

    def interval(self, confidence: float = _SAME_CONFIDENCE) -> tuple[float, float]:
        """The two-sided interval of the difference."""
        half = _critical(self.freedom, confidence) * self.error
        return self.difference - half, self.difference + half


def welch(base: Sequence[float], candidate: Sequence[float]) -> Estimate:
    """Welch's estimate from at least two values a side, at least :data:`ENOUGH_RUNS` to mean it."""
    own = [max(variance(side), _floor()) / len(side) for side in (base, candidate)]
    total = sum(own)
    parts = sum(
        part**2 / (len(side) - 1) for part, side in zip(own, (base, candidate), strict=True)
    )
    spread = math.sqrt(fmean([max(variance(side), _floor()) for side in (base, candidate)]))
    return Estimate(_difference(base, candidate), math.sqrt(total), total**2 / parts, spread)


def against_history(base: Sequence[float], candidate: Sequence[float]) -> Estimate:
    """An estimate where only ``base`` has runs enough to say how much runs differ."""
    spread = math.sqrt(max(variance(base), _floor()))
    return Estimate(
        _difference(base, candidate),
        spread * math.sqrt(1 / len(base) + 1 / len(candidate)),
        len(base) - 1,
        spread,
    )


def with_noise(base: Sequence[float], candidate: Sequence[float], noise: float) -> Estimate:
    """An estimate where the standard deviation of runs, ``noise``, is known beforehand."""
    spread = math.sqrt(noise**2 + _floor())
    error = spread * math.sqrt(1 / len(base) + 1 / len(candidate))
    return Estimate(_difference(base, candidate), error, math.inf, spread)


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """The p-values adjusted by Holm's step-down: compare each with the level of the family."""
    adjusted, least = dict[str, float](), 0.0
    ordered = sorted(p_values, key=lambda name: p_values[name])
    for rank, name in enumerate(ordered):
        least = max(least, min(1.0, (len(ordered) - rank) * p_values[name]))
        adjusted[name] = least
    return adjusted


def runs_to_decide(estimate: Estimate, effect: float, level: float) -> int | None:
    """From how many runs a side on the verdict would be clear, were difference and spread to stay.

    ``effect`` is the logarithm of the smallest ratio that matters. None where more than
    :data:`_TRIED_RUNS` would be needed.
    """
    size = abs(estimate.difference)
    for runs in range(ENOUGH_RUNS, _TRIED_RUNS + 1):
        error = estimate.spread * math.sqrt(2 / runs)
        freedom = 2 * (runs - 1)
        apart = size > effect and size > _critical(freedom, 1 - 2 * level) * error
        same = size + _critical(freedom, _SAME_CONFIDENCE) * error < effect
        if apart or same:
            return runs
    return None


def _difference(base: Sequence[float], candidate: Sequence[float]) -> float:
    return fmean(candidate) - fmean(base)


def _critical(freedom: float, confidence: float) -> float:
    tail = 1 - (1 - confidence) / 2
    return float(ndtri(tail) if math.isinf(freedom) else stdtrit(freedom, tail))


def _floor() -> float:
    """The variance that rounding to buckets alone leaves unseen (uniform within a bucket)."""
    return RESOLUTION**2 / 3
