"""Connects a socket to a target: name resolution, proxy, TCP, TLS.

The one edge where what sockets, TLS and the proxy library raise becomes
:class:`~harness.errors.TargetUnavailable`. Reads no environment variable: only the profile names a
proxy. Speaks neither HTTP nor WebSocket.
"""

import socket
import ssl
from collections.abc import Callable
from urllib.parse import urlsplit

import msgspec
from python_socks import ProxyError
from python_socks.sync import Proxy

from harness.blocking.deadline import Deadline
from harness.blocking.pulse import Pulse
from harness.blocking.turns import at_once
from harness.errors import TargetUnavailable, Unavailability
from harness.target import Profile, tls_context

_DEFAULT_PORTS = {"ws": 80, "wss": 443}
_ROOMY = 100
"""Where so many may be connected, one more for a moment takes nobody's place."""


class Route:
    """How targets of one profile are reached. ``shown`` is the URL for sentences, without secrets.

    ``proxy`` may hold a password, so a route never shows itself. ``pulse`` is the target's; asking
    for it waits for its ``turn``, like anything that is said.
    """

    __slots__ = ("proxy", "pulse", "shown", "tls", "turn")

    def __init__(self, shown: str, tls: ssl.SSLContext | None = None, proxy: str = "") -> None:
        self.shown = shown
        self.tls = tls
        self.proxy = proxy
        self.pulse = Pulse()
        self.turn: Callable[[], object] = at_once

    def __repr__(self) -> str:
        return f"Route({self.shown})"

    @classmethod
    def of(cls, profile: Profile) -> "Route":
        """The route that ``profile`` describes. ProfileError when a PEM file is none."""
        route = cls(profile.shown_url, tls_context(profile), profile.proxy)
        route.pulse = Pulse(may_be_asked=not 0 < profile.limits.max_connections < _ROOMY)
        return route


class Place(msgspec.Struct, frozen=True):
    """The host and port of a ws:// or wss:// URL, and whether TLS is spoken there."""

    host: str
    port: int
    secure: bool

    @classmethod
    def of(cls, url: str) -> "Place":
        """The place where ``url`` is served."""
        parts = urlsplit(url)
        port = parts.port or _DEFAULT_PORTS[parts.scheme]
        return cls(parts.hostname or "", port, parts.scheme == "wss")

    @property
    def header(self) -> str:
        """The value of the ``Host`` header: the port only where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        default = _DEFAULT_PORTS["wss" if self.secure else "ws"]
        return host if self.port == default else f"{host}:{self.port}"


def dial(place: Place, route: Route, deadline: Deadline) -> socket.socket:
    """A connected socket, TLS included, without Nagle's delay. Raises TargetUnavailable."""
    try:
        plain = _connect(place, route, max(deadline.left_s, 0.001))
    except ProxyError as error:
        raise TargetUnavailable(
            route.shown, Unavailability.UNREACHABLE, f"the proxy says: {error}"
        ) from None
    except OSError as error:
        raise TargetUnavailable.from_os_error(route.shown, error) from None
    try:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        plain.settimeout(max(deadline.left_s, 0.001))
        if not place.secure or route.tls is None:
            return plain
        return route.tls.wrap_socket(plain, server_hostname=place.host)
    except OSError as error:
        plain.close()
        raise TargetUnavailable.from_os_error(route.shown, error) from None


def _connect(place: Place, route: Route, timeout_s: float) -> socket.socket:
    if not route.proxy:
        return socket.create_connection((place.host, place.port), timeout_s)
    return Proxy.from_url(route.proxy).connect(place.host, place.port, timeout_s)
