"""Who is let in, and why not: origin, account, places left.

Says it as a value; how a refusal is told, by HTTP or by a frame, is the endpoints' business.
"""

from http import HTTPStatus

import msgspec
from starlette.requests import HTTPConnection

from reference_server.credentials import NO_ACCOUNT, Identify
from reference_server.rules import Rules
from reference_server.service import Service
from schemas.account_tokens import Identity

CONVERSATION = "conversation"
"""The query parameter in which staff names its customer, where the URL binds (D7)."""


class Turned(msgspec.Struct, frozen=True):
    """Turned away. ``by_http``: told by a status in every mode, since it is no matter of login."""

    status: HTTPStatus
    error: str
    by_http: bool = False


class Guest(msgspec.Struct, frozen=True):
    """Let in: an account, and the customer whom its URL names, "" for none."""

    identity: Identity
    wanted: str


class Door:
    """The way into one server."""

    def __init__(self, service: Service, identify: Identify, rules: Rules) -> None:
        self._service = service
        self._identify = identify
        self._origins = rules.origins
        self._guards = rules.guards

    def admit(self, request: HTTPConnection) -> Guest | Turned:
        """Who asks for a connection."""
        foreign = self.foreign(request)
        if foreign is not None:
            return foreign
        if _reached(self._service.connections, self._guards.max_connections):
            return Turned(
                HTTPStatus.SERVICE_UNAVAILABLE, "All places are taken: try again later.", True
            )
        identity = self._identify(request)
        if identity is None:
            return Turned(HTTPStatus.UNAUTHORIZED, NO_ACCOUNT)
        return self._seat(Guest(identity, request.query_params.get(CONVERSATION, "")))

    def account(self, request: HTTPConnection) -> Identity | Turned:
        """Who asks for a plain call (D20)."""
        foreign = self.foreign(request)
        if foreign is not None:
            return foreign
        return self._identify(request) or Turned(HTTPStatus.UNAUTHORIZED, NO_ACCOUNT)

    def foreign(self, request: HTTPConnection) -> Turned | None:
        """A browser's page of another origin (RFC 6455 §10.2); other programs name none."""
        origin = request.headers.get("origin")
        if not self._origins or origin is None or origin.lower() in self._origins:
            return None
        return Turned(HTTPStatus.FORBIDDEN, "This server is not for pages of this origin.", True)

    def _seat(self, guest: Guest) -> Guest | Turned:
        here = self._service.connections_of(guest.identity)
        most = self._guards.max_connections_per_account
        if _reached(here, most):
            error = f"This account has {here} connections open, and no more are allowed."
            return Turned(HTTPStatus.TOO_MANY_REQUESTS, error)
        unfit = self._service.admission_refusal(guest.identity, guest.wanted)
        return guest if unfit is None else Turned(HTTPStatus.BAD_REQUEST, unfit)


def _reached(count: int, limit: int) -> bool:
    return bool(limit) and count >= limit
