"""Faults of what counts as a right request to upgrade, and of what does not (RFC 6455 §4.2.1)."""

import dataclasses
import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import Final

from uvicorn.protocols.http.h11_impl import H11Protocol
from websockets.exceptions import InvalidHandshake
from websockets.http11 import Request, Response
from websockets.server import ServerProtocol

from reference_server.app import PATH
from reference_server.faults.fault import Bend, Deed, Fault
from reference_server.faults.sockets import (
    bend_accepted,
    bend_accepting,
    bend_http,
    bend_protocol,
)
from reference_server.http_protocol import PromptHttp
from reference_server.parts import Parts
from reference_server.protocol import ChatProtocol

_SOME_KEY: Final = "dGhlIHNhbXBsZSBub25jZQ=="  # RFC 6455 §1.3's own example
_MOST_HEADERS: Final = 12
_LONG_HEAD_BYTES: Final = 16 * 1024
_BLANKS: Final = re.compile(rb"\r\n[^:\r\n]+:(?:[^ ]| [ \t]|[^\r\n]*[ \t]\r)")


def _both(bends: Iterable[Bend]) -> Bend:
    def bend(parts: Parts, deed: Deed) -> Parts:
        for each in bends:
            parts = each(parts, deed)
        return parts

    return bend


def _taken_for(name: str, value: str) -> Bend:
    """The header is read as if it had this value."""

    def change(request: Request) -> Request:
        if name in request.headers:
            del request.headers[name]
        request.headers[name] = value
        return request

    return bend_accepting(change)


class UpgradesAnything(PromptHttp):
    """Whoever says Connection: Upgrade wants a WebSocket."""

    def _get_upgrade(self) -> bytes | None:
        listed = any(
            b"upgrade" in value.lower() for name, value in self.headers if name == b"connection"
        )
        return b"websocket" if listed else None


class UpgradesUnasked(PromptHttp):
    """Whoever says Upgrade: websocket wants one, whatever Connection says."""

    def _get_upgrade(self) -> bytes | None:
        return next((value.lower() for name, value in self.headers if name == b"upgrade"), None)


class UpgradesOldHttp(PromptHttp):
    """HTTP/1.0 is as good as HTTP/1.1."""

    def _should_upgrade(self) -> bool:
        return H11Protocol._should_upgrade(self)


class Particular(PromptHttp):
    """Wants exactly one blank after each colon."""

    def data_received(self, data: bytes) -> None:
        """Refuse what has more, or less, or blanks at the end."""
        if _BLANKS.search(data):
            self.send_400_response("A blank is not where it should be.")
        else:
            super().data_received(data)


class Overwhelmed(ChatProtocol):
    """A long request is never answered."""

    def data_received(self, data: bytes) -> None:
        """Forget it."""
        if self.handshake_initiated or len(data) < _LONG_HEAD_BYTES:
            super().data_received(data)


class Everywhere(ChatProtocol):
    """Every path is the documented one."""

    def handle_connect(self, event: Request) -> None:
        """Read the path as the right one."""
        _, mark, query = event.path.partition("?")
        super().handle_connect(dataclasses.replace(event, path=PATH + mark + query))


def _any_key(request: Request) -> Request:
    """A key that websockets would not take is taken for another."""
    try:
        ServerProtocol().process_request(request)
    except InvalidHandshake:
        keys = "Sec-WebSocket-Key"
        if keys in request.headers:
            del request.headers[keys]
            request.headers[keys] = _SOME_KEY
    return request


def _few(connection: ServerProtocol, request: Request, response: Response) -> Response:
    many = len(list(request.headers.raw_items())) > _MOST_HEADERS
    return connection.reject(HTTPStatus.BAD_REQUEST, "Too many headers.\n") if many else response


FAULTS: Final = (
    Fault(
        "any-upgrade-opened",
        "A handshake opens a WebSocket whatever its Upgrade header says, if it has one.",
        ("rfc-upgrade-required",),
        _both([bend_http(UpgradesAnything), _taken_for("Upgrade", "websocket")]),
    ),
    Fault(
        "connection-unread",
        "A handshake opens a WebSocket whatever its Connection header says.",
        ("rfc-handshake-form",),
        _both([bend_http(UpgradesUnasked), _taken_for("Connection", "Upgrade")]),
    ),
    Fault(
        "any-key-opened",
        "A key that is too short, no base64 or sent twice opens a WebSocket.",
        ("rfc-handshake-form",),
        bend_accepting(_any_key),
    ),
    Fault(
        "old-http-opened",
        "A handshake in HTTP/1.0 opens a WebSocket.",
        ("rfc-handshake-form",),
        bend_http(UpgradesOldHttp),
    ),
    Fault(
        "blanks-refused",
        "Headers with other blanks than one after the colon are refused.",
        ("rfc-handshake-read",),
        bend_http(Particular),
    ),
    Fault(
        "further-headers-refused",
        f"A handshake with more than {_MOST_HEADERS} headers is refused.",
        ("rfc-handshake-read",),
        bend_accepted(_few),
    ),
    Fault(
        "long-request-unanswered",
        "A handshake of over 16 KiB is neither answered nor ended.",
        ("rfc-handshake-size",),
        bend_protocol(Overwhelmed),
    ),
    Fault(
        "any-path-opened",
        "A handshake opens a WebSocket on every path.",
        ("rfc-unknown-resource",),
        bend_protocol(Everywhere),
    ),
)
