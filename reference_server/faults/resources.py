"""Faults of upkeep: connections that are dropped without cause, or never let go."""

# ruff: noqa: ARG002 - what overrides keeps the signature

from typing import Final

from reference_server.faults.bending import bend_hall
from reference_server.faults.client_frames import TEXT, Frames
from reference_server.faults.doses import a_number
from reference_server.faults.fault import Deed, Fault
from reference_server.faults.journaling import NUMBER
from reference_server.faults.sockets import bend_protocol
from reference_server.hall import Hall, Step
from reference_server.parts import Parts
from reference_server.protocol import ChatProtocol
from schemas.fault_journal import Did
from schemas.fault_listing import FoundBy


class NeverLeaving(Hall):
    """A connection that is gone stays where it was: idle, bound, or a device."""

    def leave(self, connection_id: int) -> Step:
        return Step()


def _dropping(parts: Parts, deed: Deed) -> Parts:
    """After every so many messages some connection is aborted."""
    heard = 0

    class Dropping(ChatProtocol):
        _texts: Frames | None = None

        def data_received(self, data: bytes) -> None:
            if self.handshake_initiated:
                self._count(data)
            super().data_received(data)

        def _count(self, data: bytes) -> None:
            nonlocal heard
            self._texts = self._texts or Frames()
            for frame in self._texts.feed(data):
                heard += frame.opcode == TEXT
                if frame.opcode == TEXT and heard % deed.value == 0:
                    self._drop_one()

        def _drop_one(self) -> None:
            open_ones = [
                each
                for each in self.connections
                if isinstance(each, Dropping) and each.handshake_complete and not each.close_sent
            ]
            victim = deed.random.choice(sorted(open_ones, key=lambda each: each.client or ()))
            number = victim.transport.get_extra_info(NUMBER, 0)
            deed.note(Did.DROPPED, None, connection=number)
            self.loop.call_soon(victim.transport.abort)

    return bend_protocol(Dropping)(parts, deed)


FAULTS: Final = (
    Fault(
        "connections-leak",
        "A connection that is gone is never let go: it keeps its case and its offers.",
        ("offer-passes-on",),
        bend_hall(NeverLeaving),
    ),
    Fault(
        "drop-every",
        "After every so many messages some connection is dropped without a Close.",
        (),
        _dropping,
        takes=a_number("200"),
        found_by=FoundBy.LOAD,
        moves=("dropped_by_server",),
        by_chance=True,
    ),
)
