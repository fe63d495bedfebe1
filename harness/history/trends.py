"""Where a quantity shifted over a row of runs: change points on its logarithms.

Pure: values in, places out.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

import numpy
import ruptures

FEWEST = 6
"""With fewer values nothing is said about shifts."""

_NEIGHBOURS = 2  # a level has at least so many runs: one odd run is no shift
_NORMAL = 1.4826 / math.sqrt(2)  # from the median difference of neighbours to a standard deviation
_LEAST_SPREAD = 0.01
_STRICTNESS = 1.8


def shifts(values_us: Sequence[float | None]) -> list[int]:
    """The places at which a new level begins; runs without a value are passed over.

    Levels are medians, so that one odd run is none. The penalty of a shift follows the spread
    between neighbours, so that a noisy row needs a larger step.
    """
    places = [place for place, value in enumerate(values_us) if value]
    if len(places) < FEWEST:
        return []
    logarithms = [math.log(values_us[place] or 1.0) for place in places]
    ends = ruptures.Pelt(model="l1", min_size=_NEIGHBOURS, jump=1).fit_predict(
        _column(logarithms), _penalty(logarithms)
    )
    return [places[end] for end in ends[:-1]]


def _penalty(logarithms: Sequence[float]) -> float:
    steps = [abs(b - a) for a, b in pairwise(logarithms)]
    spread = max(_NORMAL * median(steps), _LEAST_SPREAD)
    return _STRICTNESS * spread * math.log(len(logarithms))


def _column(
    values: Sequence[float],
) -> "numpy.ndarray[tuple[int, int], numpy.dtype[numpy.float64]]":
    return numpy.asarray(values).reshape(-1, 1)
