"""Two deliveries that change places on one connection, by chance.

Where the sender says nothing more for a while, what was held back leaves in its old place; only a
real change of places is noted.
"""

import asyncio
from typing import Final

from reference_server.faults.fault import Bend, Deed
from reference_server.faults.journaling import NUMBER
from reference_server.faults.relay import Relay
from reference_server.faults.server_bytes import Written, frames_in, pieces_of
from reference_server.faults.sockets import bend_transport
from reference_server.parts import Parts
from schemas.fault_journal import Did, Saying
from schemas.words import MessageType, MsgStatus, Role, TitleType

PATIENCE_S: Final = 1.5
_TOKENED: Final = (MessageType.TEXT, MessageType.IMAGE)


class Swapping(Relay):
    """A transport on which some deliveries leave after the next one of the same sender."""

    def __init__(self, behind: asyncio.Transport, deed: Deed) -> None:
        super().__init__(behind)
        self._deed = deed
        self._loop = asyncio.get_running_loop()
        self._held: tuple[bytes, Saying] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._bound = ""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Write each frame, or hold it back, or write what was held back behind it."""
        for piece in pieces_of(bytes(data)):
            self._take(piece)

    def _take(self, whole: bytes) -> None:
        frame = next(frames_in(whole), None)
        saying = frame.saying if frame is not None else None
        if frame is None or saying is None:
            self._pass(whole, flush=frame is None or not frame.members)
        elif saying.type == MessageType.STAFF:
            self._follow(frame, saying)
            self._pass(whole, flush=True)
        elif not self._is_expected(frame, saying):
            self._pass(whole, flush=False)
        elif self._held is not None:
            self._swap(whole, saying)
        elif self._deed.befalls():
            self._held = whole, saying
            self._timer = self._loop.call_later(PATIENCE_S, self._flush)
        else:
            self._pass(whole, flush=False)

    def write_eof(self) -> None:
        """Nothing is held back any longer."""
        self._flush()
        super().write_eof()

    def close(self) -> None:
        """Nothing is held back any longer."""
        self._flush()
        super().close()

    def _follow(self, frame: Written, saying: Saying) -> None:
        """Whom this connection attends to, if its own staff word was accepted."""
        if frame.status == MsgStatus.SEND:
            self._bound = saying.content if saying.titletype == TitleType.CONFIRM else ""

    def _is_expected(self, frame: Written, saying: Saying) -> bool:
        """Whether this is a delivery to whom the ledger holds entitled."""
        to_customer = frame.members["msg"].get("SendType") == Role.STAFF
        delivered = frame.status == MsgStatus.RECEIVE and saying.type in _TOKENED
        return delivered and (to_customer or saying.sender == self._bound)

    def _swap(self, data: bytes, saying: Saying) -> None:
        held = self._held
        if held is None or held[1].sender != saying.sender:
            self._pass(data, flush=True)
            return
        self._held = None
        self.behind.write(data)
        self.behind.write(held[0])
        number = self.get_extra_info(NUMBER, 0)
        self._deed.note(Did.REORDERED, held[1], connection=number)

    def _pass(self, data: bytes, *, flush: bool) -> None:
        if flush:
            self._flush()
        self.behind.write(data)

    def _flush(self) -> None:
        held, self._held = self._held, None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if held is not None:
            self.behind.write(held[0])


def bend_order() -> Bend:
    """Every connection writes through :class:`Swapping`."""

    def bend(parts: Parts, deed: Deed) -> Parts:
        return bend_transport(lambda behind: Swapping(behind, deed))(parts, deed)

    return bend
