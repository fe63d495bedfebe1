"""Two deliveries that change places on one connection, by chance.

Where the sender says nothing more for a while, what was held back leaves in its old place; only a
real change of places is noted. Answers pass by what is held back, and nothing else does: neither a
title nor a staff word, and before its receiver says that all is read, it leaves.
"""

import asyncio
from typing import Any, Final, cast

from reference_server.faults.client_frames import TEXT, Frames
from reference_server.faults.fault import Bend, Deed
from reference_server.faults.journaling import NUMBER
from reference_server.faults.relay import Relay
from reference_server.faults.server_bytes import Written, frames_in, members_of, pieces_of
from reference_server.faults.sockets import bend_protocol
from reference_server.parts import Parts
from reference_server.protocol import ChatProtocol
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
            self._pass(whole, flush=frame is None or frame.status != MsgStatus.SEND)
        elif saying.type == MessageType.STAFF:
            self._follow(frame, saying)
            self._pass(whole, flush=True)
        elif not self._is_expected(frame, saying):
            self._pass(whole, flush=frame.status == MsgStatus.RECEIVE)
        elif self._held is not None:
            self._swap(whole, saying)
        elif self._deed.befalls():
            self._held = whole, saying
            self._timer = self._loop.call_later(PATIENCE_S, self.let_go)
        else:
            self._pass(whole, flush=False)

    def write_eof(self) -> None:
        """Nothing is held back any longer."""
        self.let_go()
        super().write_eof()

    def close(self) -> None:
        """Nothing is held back any longer."""
        self.let_go()
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
        self.let_go()  # nothing is left but the timer
        number = self.get_extra_info(NUMBER, 0)
        self._deed.note(Did.REORDERED, held[1], connection=number)

    def _pass(self, data: bytes, *, flush: bool) -> None:
        if flush:
            self.let_go()
        self.behind.write(data)

    def let_go(self) -> None:
        """What was held back leaves now, in its old place."""
        held, self._held = self._held, None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if held is not None:
            self.behind.write(held[0])


def bend_order() -> Bend:
    """Every connection writes through :class:`Swapping`."""

    def bend(parts: Parts, deed: Deed) -> Parts:
        class Ordering(ChatProtocol):
            def __init__(self, *args: Any, **kwargs: Any) -> None:
                super().__init__(*args, **kwargs)
                self._frames = Frames()

            def connection_made(self, transport: asyncio.BaseTransport) -> None:
                self._swapping = Swapping(cast("asyncio.Transport", transport), deed)
                super().connection_made(self._swapping)

            def data_received(self, data: bytes) -> None:
                """Who says that all is read means what was sent so far (D10)."""
                if self.handshake_initiated:
                    texts = (f.payload for f in self._frames.feed(data) if f.opcode == TEXT)
                    if any(members_of(text).get("read") is True for text in texts):
                        self._swapping.let_go()
                super().data_received(data)

        return bend_protocol(Ordering)(parts, deed)

    return bend
