"""The socket that a server listens on: bound, or refused in a sentence."""

import ipaddress
import socket
import sys

if sys.platform != "win32":
    import resource

from schemas.account_tokens import DEMO_SECRET


class ListenRefused(Exception):
    """The address cannot be had; the sentence says why and what to do next."""


def listen(host: str, port: int, secret: str) -> socket.socket:
    """A bound socket; port 0 takes any. ``ListenRefused``: the address is taken, or it is open to
    others while the secret is the public one.
    """
    family, address = _resolve(host, port)
    loopback = ipaddress.ip_address(address[0].partition("%")[0]).is_loopback
    if secret == DEMO_SECRET and not loopback:
        raise ListenRefused(
            f"The demo secret is public, so it serves loopback only, not {host}: "
            "set CHATSOCKET_SECRET to a secret of your own."
        )
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(2048)
    except OSError as reason:
        listener.close()
        raise ListenRefused(
            f"Cannot listen on {host}:{port} ({reason.strerror}): "
            "choose another --port, or 0 for any free one."
        ) from None
    return listener


def _resolve(host: str, port: int) -> tuple[socket.AddressFamily, tuple[str, int]]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        raise ListenRefused(
            f"There is no address {host}: give --host an address of this machine."
        ) from None
    family, _, _, _, address = found[0]
    return family, (str(address[0]), int(address[1]))


def url_of(listener: socket.socket, path: str, *, tls: bool) -> str:
    """The WebSocket URL at which a bound socket serves ``path``."""
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    return f"{'wss' if tls else 'ws'}://{shown}:{port}{path}"


def raise_file_limit() -> None:
    """As many open files as the system grants this process: each connection is one."""
    if sys.platform != "win32":
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
