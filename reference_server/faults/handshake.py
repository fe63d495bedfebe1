"""Faults of the opening handshake (RFC 6455 §4): what is answered, and what is let pass."""

import dataclasses
from collections.abc import Callable
from http import HTTPStatus
from itertools import count
from typing import Final

from websockets.datastructures import Headers
from websockets.http11 import Request, Response
from websockets.server import ServerProtocol

from reference_server.faults.fault import Bend, Deed, Fault
from reference_server.faults.sockets import (
    bend_accepted,
    bend_accepting,
    bend_connection,
    bend_protocol,
)
from reference_server.parts import Parts
from reference_server.protocol import VERSION, ChatProtocol

_SOME_KEY: Final = "dGhlIHNhbXBsZSBub25jZQ=="  # RFC 6455 §1.3's own example
_EVERY: Final = 5
_SWITCHING: Final = HTTPStatus.SWITCHING_PROTOCOLS


def _set(headers: Headers, name: str, value: str | None) -> None:
    """One value for a header, or None to leave it out."""
    if name in headers:
        del headers[name]
    if value is not None:
        headers[name] = value


def _answering(name: str, value: str | None) -> Bend:
    """The 101 has another value of a header, or none."""

    def change(_: ServerProtocol, __: Request, response: Response) -> Response:
        if response.status_code == _SWITCHING:
            _set(response.headers, name, value)
        return response

    return bend_accepted(change)


def _taking(name: str, value: str) -> Bend:
    """A request is read as if a header had this value."""

    def change(request: Request) -> Request:
        _set(request.headers, name, value)
        return request

    return bend_accepting(change)


def _rejecting(is_wrong: Callable[[Request], bool], status: HTTPStatus) -> Bend:
    """Right requests of which ``is_wrong`` is true are not opened."""

    def change(connection: ServerProtocol, request: Request, response: Response) -> Response:
        if response.status_code == _SWITCHING and is_wrong(request):
            return connection.reject(status, "The request is not as it should be.\n")
        return response

    return bend_accepted(change)


def _at_times(status: HTTPStatus) -> Bend:
    """Every fifth right request is answered with another status."""

    def bend(parts: Parts, deed: Deed) -> Parts:
        numbers = count(1)

        def change(_: ServerProtocol, __: Request, response: Response) -> Response:
            right = response.status_code == _SWITCHING
            other = right and next(numbers) % _EVERY == 0
            return dataclasses.replace(response, status_code=status) if other else response

        return bend_accepted(change)(parts, deed)

    return bend


def _with_key(request: Request) -> Request:
    if "Sec-WebSocket-Key" not in request.headers:
        request.headers["Sec-WebSocket-Key"] = _SOME_KEY
    return request


def _by_get(request: Request) -> Request:
    return dataclasses.replace(request, method="GET")


def _has_small_upgrade(request: Request) -> bool:
    return request.headers["Upgrade"] != "websocket" or request.headers["Connection"] != "Upgrade"


def _lists_more(request: Request) -> bool:
    return "," in request.headers["Connection"]


class SpeakingAll(ChatProtocol):
    """Takes every version for its own."""

    def handle_connect(self, event: Request) -> None:
        """Read the version as 13."""
        _set(event.headers, "Sec-WebSocket-Version", VERSION)
        super().handle_connect(event)


class Unnamed(ServerProtocol):
    """Does not say which version it speaks."""

    def send_response(self, response: Response) -> None:
        """Leave the version out."""
        _set(response.headers, "Sec-WebSocket-Version", None)
        super().send_response(response)


class OldHttp(ServerProtocol):
    """Answers in HTTP/1.0."""

    def send_response(self, response: Response) -> None:
        """Change the status line."""
        super().send_response(response)
        self.writes[-1:] = [
            piece.replace(b"HTTP/1.1 101", b"HTTP/1.0 101", 1) for piece in self.writes[-1:]
        ]


FAULTS: Final = (
    Fault(
        "upgrade-not-found-at-times",
        f"Every {_EVERY}th right upgrade request is answered with 404.",
        ("upgrade-by-get", "rfc-101-response"),
        _at_times(HTTPStatus.NOT_FOUND),
    ),
    Fault(
        "upgrade-answered-200-at-times",
        f"Every {_EVERY}th right upgrade request is answered with 200.",
        ("rfc-101-response", "upgrade-by-get"),
        _at_times(HTTPStatus.OK),
    ),
    Fault(
        "upgrade-in-old-http",
        "The 101 speaks HTTP/1.0.",
        ("rfc-101-response",),
        bend_connection(OldHttp),
    ),
    Fault(
        "upgrade-header-missing",
        "The 101 has no Upgrade header.",
        ("rfc-upgrade-header",),
        _answering("Upgrade", None),
    ),
    Fault(
        "upgrade-header-wrong",
        "The 101 upgrades to something else.",
        ("rfc-upgrade-header",),
        _answering("Upgrade", "h2c"),
    ),
    Fault(
        "connection-header-wrong",
        "The 101 says Connection: keep-alive.",
        ("rfc-connection-header",),
        _answering("Connection", "keep-alive"),
    ),
    Fault(
        "accept-wrong",
        "Sec-WebSocket-Accept belongs to another key.",
        ("rfc-accept-value",),
        _answering("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
    ),
    Fault(
        "accept-missing",
        "The 101 has no Sec-WebSocket-Accept.",
        ("rfc-accept-value",),
        _answering("Sec-WebSocket-Accept", None),
    ),
    Fault(
        "subprotocol-unoffered",
        "A subprotocol is chosen that nobody offered.",
        ("rfc-unoffered-subprotocol",),
        _answering("Sec-WebSocket-Protocol", "chat.v2"),
    ),
    Fault(
        "extension-unoffered",
        "An extension is chosen that nobody offered.",
        ("rfc-unoffered-extension",),
        _answering("Sec-WebSocket-Extensions", "permessage-deflate"),
    ),
    Fault(
        "any-version-opened",
        "Every version is taken for 13.",
        ("rfc-version-refused",),
        bend_protocol(SpeakingAll),
    ),
    Fault(
        "version-unnamed",
        "An unknown version is refused without saying which one is spoken.",
        ("rfc-version-refused",),
        bend_connection(Unnamed),
    ),
    Fault(
        "any-method-opened",
        "A handshake by any method opens a WebSocket.",
        ("rfc-method-get",),
        bend_accepting(_by_get),
    ),
    Fault(
        "missing-key-opened",
        "A handshake without a key opens a WebSocket.",
        ("rfc-key-required",),
        bend_accepting(_with_key),
    ),
    Fault(
        "header-case-matters",
        "The tokens websocket and Upgrade are compared letter by letter.",
        ("rfc-header-case",),
        _rejecting(_has_small_upgrade, HTTPStatus.BAD_REQUEST),
    ),
    Fault(
        "connection-list-refused",
        "A Connection header that lists more than Upgrade opens nothing.",
        ("rfc-connection-list",),
        _rejecting(_lists_more, HTTPStatus.BAD_REQUEST),
    ),
)
