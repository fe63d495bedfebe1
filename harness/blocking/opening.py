"""The client's side of an opening handshake: a right request, or one bent on purpose.

Values only; sending them is the wire's business.
"""

import base64
import os
from urllib.parse import urlsplit

import msgspec
from msgspec.structs import replace

from harness.blocking.dial import Place
from harness.target import Credentials
from harness.target.redaction import shown_url

HIDDEN = "***"
_SHOWN_HEADERS = {
    "accept",
    "connection",
    "content-length",
    "content-type",
    "host",
    "location",
    "origin",
    "sec-websocket-accept",
    "sec-websocket-extensions",
    "sec-websocket-key",
    "sec-websocket-protocol",
    "sec-websocket-version",
    "server",
    "upgrade",
}

Fields = tuple[tuple[str, str], ...]


class Request(msgspec.Struct, frozen=True):
    """A request head. ``fields`` go out as they are and in this order; they may hold a token."""

    target: str
    fields: Fields
    method: str = "GET"

    def without(self, name: str) -> "Request":
        """The same request without any header ``name``."""
        kept = tuple(pair for pair in self.fields if pair[0].casefold() != name.casefold())
        return replace(self, fields=kept)

    def having(self, name: str, value: str) -> "Request":
        """The same request with ``name: value`` in the place of any header of that name."""
        return self.without(name).adding(name, value)

    def adding(self, name: str, value: str) -> "Request":
        """The same request with one header more."""
        return replace(self, fields=(*self.fields, (name, value)))

    def by(self, method: str) -> "Request":
        """The same request with another method."""
        return replace(self, method=method)

    def value(self, name: str) -> str:
        """The first value of the header ``name``, "" where there is none."""
        return next((text for key, text in self.fields if key.casefold() == name.casefold()), "")

    def encode(self) -> bytes:
        """The head as it travels."""
        lines = [f"{self.method} {self.target} HTTP/1.1", *(f"{k}: {v}" for k, v in self.fields)]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")

    def shown(self) -> str:
        """The head for transcripts: neither query values nor values of unusual headers."""
        return f"{self.method} {shown_url(self.target)} HTTP/1.1\n{shown_fields(self.fields)}"


def shown_fields(fields: Fields) -> str:
    """Header lines with the values of all but the well-known headers hidden."""
    return "\n".join(
        f"{name}: {value if name.casefold() in _SHOWN_HEADERS else HIDDEN}"
        for name, value in fields
    )


def new_key() -> str:
    """A fresh ``Sec-WebSocket-Key``: 16 random bytes in base64 (RFC 6455 §4.1)."""
    return base64.b64encode(os.urandom(16)).decode()


def plain_request(credentials: Credentials, method: str = "GET") -> Request:
    """A plain HTTP request for the resource, with the login of ``credentials``."""
    parts = urlsplit(credentials.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    fields = (("Host", Place.of(credentials.url).header), *credentials.headers)
    return Request(target, fields, method)


def upgrade_request(credentials: Credentials, key: str) -> Request:
    """The request that opens a WebSocket (RFC 6455 §4.1), with the login of ``credentials``."""
    request = plain_request(credentials)
    fields: Fields = (
        ("Upgrade", "websocket"),
        ("Connection", "Upgrade"),
        ("Sec-WebSocket-Key", key),
        ("Sec-WebSocket-Version", "13"),
    )
    if credentials.origin:
        fields += (("Origin", credentials.origin),)
    if credentials.subprotocols:
        fields += (("Sec-WebSocket-Protocol", ", ".join(credentials.subprotocols)),)
    return replace(request, fields=(*request.fields, *fields))
