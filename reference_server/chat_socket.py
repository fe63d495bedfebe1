"""One WebSocket connection: upgrade, login, then what its peer says until it ends.

A raw ASGI endpoint up to the login; after it the protocol speaks with a :class:`Line`. What is said
is the hall's business.
"""

from http import HTTPStatus
from time import monotonic

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from reference_server.allowance import Allowance
from reference_server.door import Door, Turned
from reference_server.inbound import Refusal
from reference_server.outbox import POLICY_VIOLATION, Outbox
from reference_server.outgoing import refused
from reference_server.protocol import INVALID_DATA, WIRE, ChatProtocol
from reference_server.rules import Rules
from reference_server.service import Service
from schemas.modes import BinaryMode, RejectMode
from schemas.words import MsgStatus

UNSUPPORTED_DATA = 1003
TOO_FAST = Refusal("Too many messages at once: send them more slowly.")


class ChatSocket:
    """The endpoint of the WebSocket route."""

    def __init__(self, service: Service, door: Door, rules: Rules) -> None:
        self._service = service
        self._door = door
        self._rules = rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection, from its upgrade to its end (D6)."""
        await receive()
        guest = self._door.admit(HTTPConnection(scope))
        if isinstance(guest, Turned):
            await self._turn_away(guest, scope, receive, send)
            return
        await send({"type": "websocket.accept"})
        wire = _wire_of(scope)
        outbox = Outbox(wire, self._rules.guards.max_backlog)
        connection = self._service.join(guest.identity, outbox, guest.wanted)
        try:
            wire.listen(Line(self._service, self._rules, connection, wire, outbox))
            await receive()  # a listened-to protocol tells of the end alone
        finally:
            self._service.leave(connection)

    async def _turn_away(self, turned: Turned, scope: Scope, receive: Receive, send: Send) -> None:
        """No chat: told by HTTP, or by a ``Login`` frame and Close 1008 (D6)."""
        if turned.by_http or self._rules.dialect.login_reject is RejectMode.HTTP:
            challenge = turned.status == HTTPStatus.UNAUTHORIZED
            headers = {"WWW-Authenticate": "Bearer"} if challenge else None
            answer = PlainTextResponse(turned.error, turned.status, headers)
            await WebSocket(scope, receive, send).send_denial_response(answer)
            return
        await send({"type": "websocket.accept"})
        wire = _wire_of(scope)
        wire.write([self._service.encode(refused(turned.error, MsgStatus.LOGIN))])
        wire.close(POLICY_VIOLATION)


class Line:
    """Listens to a logged-in connection."""

    __slots__ = ("_allowance", "_connection", "_outbox", "_reads_binary", "_service", "_wire")

    def __init__(
        self,
        service: Service,
        rules: Rules,
        connection: int,
        wire: ChatProtocol,
        outbox: Outbox,
    ) -> None:
        rate = rules.guards.max_messages_per_s
        self._service = service
        self._allowance = Allowance(rate, monotonic()) if rate else None
        self._reads_binary = rules.dialect.binary is BinaryMode.ACCEPT
        self._connection = connection
        self._wire = wire
        self._outbox = outbox

    def on_text(self, text: str) -> None:
        """A text message."""
        if self._allowance is not None and not self._allowance.take(monotonic()):
            self._service.refuse(self._connection, TOO_FAST)
        elif not self._service.receive(self._connection, text):
            self._wire.drop()

    def on_binary(self, data: bytes) -> None:
        """A binary message: refused, or where the dialect has it so read like text (D18)."""
        if not self._reads_binary:
            self._service.close(self._connection, UNSUPPORTED_DATA)
            return
        try:
            text = str(data, "utf-8")
        except UnicodeDecodeError:
            self._service.close(self._connection, INVALID_DATA)
        else:
            self.on_text(text)

    def on_takes_more(self) -> None:
        """The peer has read on."""
        self._outbox.flush()


def _wire_of(scope: Scope) -> ChatProtocol:
    wire: ChatProtocol = scope["extensions"][WIRE]["wire"]
    return wire
