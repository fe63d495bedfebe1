"""One WebSocket connection: upgrade, login, read until it ends, write what its outbox holds.

A raw ASGI endpoint; the conversation's rules are the hall's business.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from starlette.requests import HTTPConnection
from starlette.types import Message, Receive, Scope, Send

from reference_server.credentials import NO_ACCOUNT, identify
from reference_server.outbox import Close, Item, Outbox
from reference_server.outgoing import refused
from reference_server.protocol import CLOSE_NOW
from reference_server.service import Service
from schemas.words import MsgStatus

UNSUPPORTED_DATA = 1003
POLICY_VIOLATION = 1008


class ChatSocket:
    """The endpoint of the WebSocket route."""

    def __init__(self, service: Service, secret: str) -> None:
        self._service = service
        self._secret = secret

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection, from its upgrade to its end (D6)."""
        await receive()
        identity = identify(HTTPConnection(scope), self._secret)
        await send({"type": "websocket.accept"})
        if identity is None:
            await _write_all(self._turned_away(), send)
            return
        outbox = Outbox(on_overflow=_overflow_of(scope))
        connection = self._service.join(identity, outbox)
        writer = asyncio.create_task(_write_all(outbox, send))
        try:
            await self._read(connection, outbox, receive)
        finally:
            self._service.leave(connection)
            await writer

    def _turned_away(self) -> Outbox:
        outbox = Outbox(on_overflow=lambda: None)
        outbox.put(self._service.encode(refused(NO_ACCOUNT, MsgStatus.LOGIN)))
        outbox.put(Close(POLICY_VIOLATION))
        return outbox

    async def _read(self, connection: int, outbox: Outbox, receive: Receive) -> None:
        while True:
            message = await receive()
            if message["type"] == "websocket.disconnect":
                return
            text = message.get("text")
            if text is None:
                self._service.close(connection, UNSUPPORTED_DATA)
                await _until_closed(receive)
                return
            if not self._service.receive(connection, text):
                return
            await outbox.eased()


async def _until_closed(receive: Receive) -> None:
    message: Message = await receive()
    while message["type"] != "websocket.disconnect":
        message = await receive()


async def _write_all(outbox: Outbox, send: Send) -> None:
    async def write(item: Item) -> None:
        await _write(send, item)

    try:
        await outbox.deliver(write)
    except (OSError, RuntimeError):
        # The peer is gone, or the protocol has closed on it: the reader is told so as well.
        outbox.end()


async def _write(send: Send, item: Item) -> None:
    if isinstance(item, Close):
        await send({"type": "websocket.close", "code": item.code})
    else:
        await send({"type": "websocket.send", "text": item.decode()})


def _overflow_of(scope: Scope) -> Callable[[], None]:
    close_now: Callable[[int], Any] = scope["extensions"][CLOSE_NOW]["close"]
    return lambda: close_now(POLICY_VIOLATION)
