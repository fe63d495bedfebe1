"""The catalogue of deliberate deviations: each a name, its intent, and the clauses it breaks.

A fault replaces a part of the server by a bent one; the honest code knows nothing of this module.
"""

import difflib
from collections.abc import Callable, Iterable, Mapping
from typing import Final

import msgspec

from reference_server.parts import Parts


class Fault(msgspec.Struct, frozen=True):
    """``bend`` makes the deviating parts out of others; ``clauses`` are ids of the register."""

    name: str
    intent: str
    clauses: tuple[str, ...]
    bend: Callable[[Parts], Parts]


class FaultUnknown(Exception):
    """No fault has this name; the sentence offers the nearest one."""


CATALOGUE: Final[Mapping[str, Fault]] = {}


def assemble(names: Iterable[str]) -> Parts:
    """The parts of a server with these faults, or ``FaultUnknown``."""
    parts = Parts()
    for name in names:
        parts = _named(name).bend(parts)
    return parts


def _named(name: str) -> Fault:
    fault = CATALOGUE.get(name)
    if fault is not None:
        return fault
    near = difflib.get_close_matches(name, CATALOGUE, n=1, cutoff=0)
    raise FaultUnknown(f"There is no fault {name!r}: did you mean {near[0]!r}?" if near else name)
