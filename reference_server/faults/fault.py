"""What a deliberate deviation is: a name, an intent, the clauses it breaks, and how it bends.

A fault makes the parts of a server out of other parts; the honest code knows nothing of it.
"""

from collections.abc import Callable
from random import Random
from typing import Any

import msgspec

from reference_server.faults.doses import Takes
from reference_server.faults.journal import Journal, saying_of
from reference_server.outgoing import OutMsg
from reference_server.parts import Parts
from schemas.fault_journal import Acted, Did, Saying
from schemas.fault_listing import FoundBy


class Deed:
    """One fault at work in one server: its ``value``, its own source of chance, and its diary."""

    def __init__(self, fault: str, value: Any, random: Random, journal: Journal | None) -> None:
        self.fault = fault
        self.value = value
        self.random = random
        self._journal = journal

    def befalls(self) -> bool:
        """Whether chance strikes this time; ``value`` is the share."""
        return self.random.random() < float(self.value)

    def note(
        self, did: Did, about: OutMsg | Saying | None, *, to_sn: str = "", connection: int = 0
    ) -> None:
        """Write down what was just done to a message or a connection."""
        self._write(did, about, to_sn, connection, 0)

    def note_delay(self, did: Did, about: Saying | None, connection: int, amount_us: int) -> None:
        """Write down how long a frame was held back."""
        self._write(did, about, "", connection, amount_us)

    def _write(
        self, did: Did, about: OutMsg | Saying | None, to_sn: str, connection: int, amount_us: int
    ) -> None:
        if self._journal is None:
            return
        message = saying_of(about) if isinstance(about, OutMsg) else about
        self._journal.write(
            Acted(
                at_ns=self._journal.now_ns(),
                fault=self.fault,
                did=did,
                to_sn=to_sn,
                connection=connection,
                message=message,
                amount_us=amount_us,
            )
        )


Bend = Callable[[Parts, Deed], Parts]
"""Makes the deviating parts of a server out of others."""


class Fault(msgspec.Struct, frozen=True):
    """One deviation. ``clauses`` are ids of the register; what a load run finds need not break
    one, and names in ``moves`` the metrics or ledger words that it moves.
    """

    name: str
    intent: str
    clauses: tuple[str, ...]
    bend: Bend
    takes: Takes | None = None
    found_by: FoundBy = FoundBy.CHECK
    moves: tuple[str, ...] = ()
    by_chance: bool = False
