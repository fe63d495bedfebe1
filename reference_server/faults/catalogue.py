"""All faults by name, chapter by chapter, and the parts of a server that some of them bend."""

import difflib
from collections.abc import Iterable, Mapping
from random import Random
from types import MappingProxyType
from typing import Any, Final

from reference_server.faults import (
    chance,
    closing,
    confirming,
    contents,
    crashing,
    crowding,
    delivery,
    entering,
    envelope,
    frames,
    framing,
    handshake,
    judging,
    keeping,
    leftovers,
    leniency,
    member_types,
    msg_values,
    offering,
    posted,
    posting,
    queueing,
    reading,
    refusals,
    remembering,
    replay,
    resources,
    rushing,
    staffing,
    strictness,
    taking,
    texts,
    timing,
    trusting,
    unread,
    upgrading,
)
from reference_server.faults.fault import Deed, Fault
from reference_server.faults.journal import Journal
from reference_server.parts import Parts

CHAPTERS: Final[Mapping[str, tuple[Fault, ...]]] = {
    "JSON types of members": member_types.FAULTS,
    "shape of frames": envelope.FAULTS,
    "JSON text": texts.FAULTS,
    "content": contents.FAULTS,
    "other values of msg": msg_values.FAULTS,
    "logins and answers": frames.FAULTS,
    "way in": entering.FAULTS,
    "delivery": delivery.FAULTS,
    "delivery in haste": rushing.FAULTS,
    "delivery among many": crowding.FAULTS,
    "unread count": unread.FAULTS,
    "reading": reading.FAULTS,
    "replay": replay.FAULTS,
    "offers and cases": staffing.FAULTS,
    "several staff at a time": (*confirming.FAULTS, *offering.FAULTS),
    "some of what is missed": remembering.FAULTS,
    "other ways than live": keeping.FAULTS,
    "what is left of the message before": leftovers.FAULTS,
    "bad input, good input": (*judging.FAULTS, *strictness.FAULTS),
    "odd input": crashing.FAULTS,
    "refusals": refusals.FAULTS,
    "trust": trusting.FAULTS,
    "opening handshake": handshake.FAULTS,
    "requests to upgrade": upgrading.FAULTS,
    "the server's frames": framing.FAULTS,
    "the client's frames": leniency.FAULTS,
    "right frames": taking.FAULTS,
    "closing": closing.FAULTS,
    "HTTP": (*posting.FAULTS, *posted.FAULTS),
    "chance": chance.FAULTS,
    "time": timing.FAULTS,
    "a known capacity": queueing.FAULTS,
    "upkeep": resources.FAULTS,
}
CATALOGUE: Final[Mapping[str, Fault]] = MappingProxyType(
    {fault.name: fault for chapter in CHAPTERS.values() for fault in chapter}
)


class FaultRefused(Exception):
    """A fault cannot be had so; the sentence says why and what to write instead."""


def assemble(
    asked: Iterable[str], honest: Parts, *, seed: int = 0, journal: Journal | None = None
) -> Parts:
    """The parts of a server with the faults that are ``asked`` for, as ``NAME`` or ``NAME=VALUE``.

    ``seed`` decides what chance does; FaultRefused for an unknown name or a wrong value.
    """
    parts, seen = honest, set[str]()
    for text in asked:
        fault, value = parse(text)
        if fault.name in seen:
            raise FaultRefused(f"The fault {fault.name} is given twice: give it once.")
        seen.add(fault.name)
        chance_of_its_own = Random(f"{seed}/{fault.name}")  # noqa: S311 - repeatable on purpose
        deed = Deed(fault.name, value, chance_of_its_own, journal)
        parts = fault.bend(parts, deed)
    return parts


def parse(text: str) -> tuple[Fault, Any]:
    """The fault that ``NAME`` or ``NAME=VALUE`` names, and its value; FaultRefused."""
    name, given, value = text.partition("=")
    fault = CATALOGUE.get(name)
    if fault is None:
        near = difflib.get_close_matches(name, CATALOGUE, n=1, cutoff=0)[0]
        raise FaultRefused(f"There is no fault {name[:80]!r}: did you mean {near!r}?")
    if fault.takes is None:
        if given:
            raise FaultRefused(f"The fault {name} takes no value: write --fault {name}.")
        return fault, None
    try:
        return fault, fault.takes.read(value if given else fault.takes.default)
    except ValueError:
        raise FaultRefused(
            f"The fault {name} takes {fault.takes.words}, not {value[:80]!r}: "
            f"write --fault {name}={fault.takes.default}."
        ) from None
