"""One WebSocket connection: upgrade, login, then what its peer says until it ends.

A raw ASGI endpoint up to the login; after it the protocol speaks with a :class:`Line`. What is said
is the hall's business.
"""

from http import HTTPStatus

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from reference_server.credentials import NO_ACCOUNT, Identify
from reference_server.dialect import Dialect
from reference_server.outbox import POLICY_VIOLATION, Outbox
from reference_server.outgoing import refused
from reference_server.protocol import INVALID_DATA, WIRE, ChatProtocol
from reference_server.service import Service
from schemas.modes import BinaryMode, RejectMode
from schemas.words import MsgStatus

CONVERSATION = "conversation"
UNSUPPORTED_DATA = 1003


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
        wire = _wire_of(scope)
        outbox = Outbox(wire)
        connection = self._service.join(identity, outbox, wanted)
        try:
            wire.listen(Line(self._service, self._dialect, connection, wire, outbox))
            await receive()  # a listened-to protocol tells of the end alone
        finally:
            self._service.leave(connection)

    async def _turn_away(self, error: str, scope: Scope, receive: Receive, send: Send) -> None:
        """No account, no chat: told by HTTP, or by a ``Login`` frame and Close 1008 (D6)."""
        if self._dialect.login_reject is RejectMode.HTTP:
            answer = PlainTextResponse(
                error, HTTPStatus.UNAUTHORIZED, {"WWW-Authenticate": "Bearer"}
            )
            await WebSocket(scope, receive, send).send_denial_response(answer)
            return
        await send({"type": "websocket.accept"})
        wire = _wire_of(scope)
        wire.write([self._service.encode(refused(error, MsgStatus.LOGIN))])
        wire.close(POLICY_VIOLATION)


class Line:
    """Listens to a logged-in connection."""

    __slots__ = ("_connection", "_dialect", "_outbox", "_service", "_wire")

    def __init__(
        self,
        service: Service,
        dialect: Dialect,
        connection: int,
        wire: ChatProtocol,
        outbox: Outbox,
    ) -> None:
        self._service = service
        self._dialect = dialect
        self._connection = connection
        self._wire = wire
        self._outbox = outbox

    def on_text(self, text: str) -> None:
        """A text message."""
        if not self._service.receive(self._connection, text):
            self._wire.drop()

    def on_binary(self, data: bytes) -> None:
        """A binary message: refused, or where the dialect has it so read like text (D18)."""
        if self._dialect.binary is BinaryMode.CLOSE:
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
