"""One WebSocket connection: upgrade, login, read until it ends, write what its outbox holds.

A raw ASGI endpoint; the conversation's rules are the hall's business.
"""

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from reference_server.credentials import NO_ACCOUNT, Identify
from reference_server.dialect import Dialect
from reference_server.outbox import Close, Item, Outbox
from reference_server.outgoing import refused
from reference_server.protocol import CLOSE_NOW
from reference_server.service import Service
from schemas.modes import BinaryMode, RejectMode
from schemas.words import MsgStatus

CONVERSATION = "conversation"
UNSUPPORTED_DATA = 1003
INVALID_DATA = 1007
POLICY_VIOLATION = 1008


class ChatSocket:
    """The endpoint of the WebSocket route."""

    def __init__(self, service: Service, identify: Identify, dialect: Dialect) -> None:
        self._service = service
        self._identify = identify
        self._dialect = dialect

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection, from its upgrade to its end (D6)."""
        await receive()
        request = HTTPConnection(scope)
        identity = self._identify(request)
        wanted = request.query_params.get(CONVERSATION, "")
        if identity is None:
            await self._turn_away(NO_ACCOUNT, scope, receive, send)
            return
        unfit = self._service.admission_refusal(identity, wanted)
        if unfit is not None:
            await self._turn_away(unfit, scope, receive, send)
            return
        await send({"type": "websocket.accept"})
        outbox = Outbox(on_overflow=_overflow_of(scope))
        connection = self._service.join(identity, outbox, wanted)
        writer = asyncio.create_task(_write_all(outbox, send))
        try:
            await self._read(connection, outbox, receive)
        finally:
            self._service.leave(connection)
            await writer

    async def _turn_away(self, error: str, scope: Scope, receive: Receive, send: Send) -> None:
        """No account, no chat: told by HTTP, or by a ``Login`` frame and Close 1008 (D6)."""
        if self._dialect.login_reject is RejectMode.HTTP:
            answer = PlainTextResponse(
                error, HTTPStatus.UNAUTHORIZED, {"WWW-Authenticate": "Bearer"}
            )
            await WebSocket(scope, receive, send).send_denial_response(answer)
            return
        await send({"type": "websocket.accept"})
        outbox = Outbox(on_overflow=lambda: None)
        outbox.put(self._service.encode(refused(error, MsgStatus.LOGIN)))
        outbox.put(Close(POLICY_VIOLATION))
        await _write_all(outbox, send)

    async def _read(self, connection: int, outbox: Outbox, receive: Receive) -> None:
        while True:
            message = await receive()
            if message["type"] == "websocket.disconnect":
                return
            text = self._text_of(message)
            if isinstance(text, int):
                self._service.close(connection, text)
            elif not self._service.receive(connection, text):
                return
            await outbox.eased()

    def _text_of(self, message: Message) -> str | int:
        """What a message says, or the code with which to close on it (D18)."""
        text: str | None = message.get("text")
        if text is not None:
            return text
        if self._dialect.binary is BinaryMode.CLOSE:
            return UNSUPPORTED_DATA
        try:
            return str(message["bytes"], "utf-8")
        except UnicodeDecodeError:
            return INVALID_DATA


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
