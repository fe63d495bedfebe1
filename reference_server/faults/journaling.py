"""Writes every connection and frame of a server into the journal, as its sockets see them.

Comes before all faults of the socket: what is noted as written is what the socket was given, when
it was given it, and what is noted as received is what came.
"""

import asyncio
import os
import time
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any, cast

from msgspec.structs import replace
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp

from reference_server.faults.client_frames import TEXT, Frames
from reference_server.faults.journal import Journal
from reference_server.faults.relay import Relay
from reference_server.faults.server_bytes import frames_in, members_of, saying_in
from reference_server.parts import Parts
from reference_server.protocol import ChatProtocol
from schemas.account_tokens import Identity
from schemas.fault_journal import (
    JOURNAL_VERSION,
    Direction,
    Ended,
    FrameNoted,
    Identified,
    JournalHeader,
    Opened,
)

NUMBER = "chatsocket.connection"
"""Under this name a journaled transport knows the number of its connection."""


def headed(parts: Parts, journal: Journal, faults: Sequence[str], seed: int) -> Parts:
    """Parts that write the journal's first line once the server is put together."""

    def wrap(app: ASGIApp) -> ASGIApp:
        header = JournalHeader(
            journal_version=JOURNAL_VERSION,
            at_ns=journal.now_ns(),
            unix_ns=time.time_ns(),
            pid=os.getpid(),
            faults=list(faults),
            seed=seed,
        )
        journal.write(header)
        return parts.wrap(app)

    return replace(parts, wrap=wrap)


def journaled(parts: Parts, journal: Journal) -> Parts:
    """Parts that write down what they do."""
    numbers = count(1)

    class Journaled(ChatProtocol):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self._number = next(numbers)
            self._incoming = Frames()

        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            noting = Noting(cast("asyncio.Transport", transport), self._number, journal)
            super().connection_made(noting)
            at_ns, peer = journal.now_ns(), _peer_of(self.client)
            journal.write(Opened(at_ns=at_ns, connection=self._number, peer=peer))

        def data_received(self, data: bytes) -> None:
            if self.handshake_initiated:
                self._note(data)
            super().data_received(data)

        def connection_lost(self, exc: Exception | None) -> None:
            journal.write(Ended(at_ns=journal.now_ns(), connection=self._number))
            super().connection_lost(exc)

        def _note(self, data: bytes) -> None:
            at_ns = journal.now_ns()
            for frame in self._incoming.feed(data):
                said = members_of(frame.payload) if frame.opcode == TEXT else {}
                journal.write(
                    FrameNoted(
                        at_ns=at_ns,
                        connection=self._number,
                        direction=Direction.RECEIVED,
                        opcode=frame.opcode,
                        size=len(frame.payload),
                        message=saying_in(said),
                    )
                )

    protocol = type("Journaled", (Journaled, parts.protocol), {})
    return replace(parts, protocol=protocol, identify=_noting_who(parts, journal))


def _noting_who(parts: Parts, journal: Journal) -> Callable[[HTTPConnection, str], Identity | None]:
    def identified(request: HTTPConnection, secret: str) -> Identity | None:
        found = parts.identify(request, secret)
        if found is not None and request.client is not None:
            at_ns, peer = journal.now_ns(), _peer_of(request.client)
            journal.write(Identified(at_ns=at_ns, peer=peer, sn=found.sn, role=found.role))
        return found

    return identified


def _peer_of(client: Sequence[object] | None) -> str:
    return f"{client[0]}:{client[1]}" if client else ""


class Noting(Relay):
    """A transport that writes down the frames it is given."""

    def __init__(self, behind: asyncio.Transport, number: int, journal: Journal) -> None:
        super().__init__(behind)
        self._number = number
        self._journal = journal

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Note first: the stamp is of the moment in which the socket is given the bytes."""
        at_ns = self._journal.now_ns()
        super().write(data)
        for frame in frames_in(bytes(data)):
            self._journal.write(
                FrameNoted(
                    at_ns=at_ns,
                    connection=self._number,
                    direction=Direction.WRITTEN,
                    opcode=frame.opcode,
                    size=frame.size,
                    status=frame.status,
                    message=frame.saying,
                )
            )

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """The connection's number, or what the socket knows."""
        return self._number if name == NUMBER else super().get_extra_info(name, default)
