"""How the reference server lists its deliberate faults for others to read."""

from enum import StrEnum

import msgspec


class FoundBy(StrEnum):
    """What can find a fault: the conformance suite, a load run, or a restart after SIGKILL."""

    CHECK = "check"
    LOAD = "load"
    RESTART = "restart"


class ListedFault(msgspec.Struct, frozen=True, kw_only=True):
    """One deviation. ``takes`` says in words what may follow its name, ``default`` is an example;
    both are empty where nothing may. ``clauses`` are ids of the register; ``moves`` names the
    metrics and ledger words of a load run that it moves.
    """

    name: str
    chapter: str
    intent: str
    clauses: tuple[str, ...]
    found_by: FoundBy
    moves: tuple[str, ...] = ()
    takes: str = ""
    default: str = ""
