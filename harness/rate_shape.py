"""How a rate goes over time, and when each message is due under it: exact, in integers.

A shape is a broken line over the duration. The n-th message is due when the area under the line has
grown to n; so one sequence of places, even or by chance, serves every shape. Knows no seed.
"""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from math import isqrt
from typing import NamedTuple

from harness.populations.habits import Bend

_NS = 1_000_000_000
_BITS = 64  # messages are counted in parts of 2**-64


class _Stretch(NamedTuple):
    """A piece of the line: from ``first`` to ``last`` messages a second, both times ``scale``.

    ``before`` and ``until`` are the areas in front of it and up to its end.
    """

    start_ns: int
    length_ns: int
    first: int
    last: int
    scale: int
    before: int
    until: int


class RateShape:
    """``rate`` messages a second where the line is at 1, over ``span_ns``; ``area`` in messages."""

    def __init__(self, rate: Fraction, span_ns: int, bends: Sequence[Bend]) -> None:
        self._stretches: list[_Stretch] = []
        self.area = Fraction(0)
        points = [(int(exact(b.at) * span_ns), rate * exact(b.rate)) for b in bends]
        for (from_ns, low), (to_ns, high) in pairwise(points):
            area = (low + high) / 2 * Fraction(to_ns - from_ns, _NS)
            if area > 0:
                scale = low.denominator * high.denominator
                before, self.area = self.area, self.area + area
                self._stretches.append(
                    _Stretch(
                        from_ns,
                        to_ns - from_ns,
                        int(low * scale),
                        int(high * scale),
                        scale,
                        _fixed(before),
                        _fixed(self.area),
                    )
                )

    def times(self, places: Iterable[int], whole: Fraction | int) -> Iterator[int]:
        """The times (ns) of ascending ``places``, of which ``whole`` would fill the area."""
        unit = self.area / whole
        per, parts = unit.numerator << _BITS, unit.denominator
        stretches = iter(self._stretches)
        stretch = next(stretches)
        for place in places:
            at = place * per // parts
            while at >= stretch.until and (later := next(stretches, None)):
                stretch = later
            yield stretch.start_ns + _within(stretch, at - stretch.before)


def exact(figure: float) -> Fraction:
    """The decimal that the user typed, not the binary float nearest to it."""
    return Fraction(str(figure))


def _fixed(messages: Fraction) -> int:
    return (messages.numerator << _BITS) // messages.denominator


def _within(stretch: _Stretch, part: int) -> int:
    """When so much of the stretch has been due: ns from its start.

    The root of ``first·x + (last - first)·x²/2T = part``, in the form without cancellation.
    """
    if part <= 0:
        return 0
    first, length_ns, scale = stretch.first << _BITS, stretch.length_ns, stretch.scale
    rise = 2 * _NS * scale * (stretch.last - stretch.first) * part // length_ns
    root = isqrt(max(first * first + (rise << _BITS), 0))
    return min(2 * _NS * scale * part // max(first + root, 1), length_ns)
