"""The process around the service: socket, ready line, signals, orderly end.

Knows uvicorn; knows nothing of what is said in the chat.
"""

import asyncio
import contextlib
import ipaddress
import logging
import signal
import socket
import sys
import time
from collections.abc import Iterator
from typing import Final

import msgspec
import uvicorn

from reference_server.app import PATH, build
from reference_server.dialect import Dialect
from reference_server.parts import Parts
from reference_server.protocol import ChatProtocol
from reference_server.service import Service
from reference_server.store import Store
from schemas.account_tokens import DEMO_SECRET

GOING_AWAY: Final = 1001  # RFC 6455 §7.4.1
CLOSING_S: Final = 1.0
GRACE_S: Final = 2

log = logging.getLogger("reference_server")


class ServerRefused(Exception):
    """The server cannot start as asked; the sentence says why and what to do next."""


class Settings(msgspec.Struct, frozen=True):
    """What the command line and the environment decide. Port 0 takes any free port."""

    secret: str
    host: str = "127.0.0.1"
    port: int = 0
    db: str = ":memory:"
    dialect: Dialect = Dialect()
    parts: Parts = msgspec.field(default_factory=Parts)


def run(settings: Settings) -> int:
    """Serve until told to stop; the exit code. ``ServerRefused``, ``StoreRefused`` at the start."""
    listener = listen(settings)
    with contextlib.closing(listener):
        store = Store(settings.db)
        with contextlib.closing(store):
            return _serve(settings, store, listener)


def listen(settings: Settings) -> socket.socket:
    """A bound socket, or ``ServerRefused``: the address is taken, or open with the demo secret."""
    family, address = _resolve(settings.host, settings.port)
    loopback = ipaddress.ip_address(address[0].partition("%")[0]).is_loopback
    if settings.secret == DEMO_SECRET and not loopback:
        raise ServerRefused(
            f"The demo secret is public, so it serves loopback only, not {settings.host}: "
            "set CHATSOCKET_SECRET to a secret of your own."
        )
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(2048)
    except OSError as reason:
        listener.close()
        raise ServerRefused(
            f"Cannot listen on {settings.host}:{settings.port} ({reason.strerror}): "
            "choose another --port, or 0 for any free one."
        ) from None
    return listener


def _resolve(host: str, port: int) -> tuple[socket.AddressFamily, tuple[str, int]]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        raise ServerRefused(
            f"There is no address {host}: give --host an address of this machine."
        ) from None
    family, _, _, _, address = found[0]
    return family, (str(address[0]), int(address[1]))


def url_of(listener: socket.socket) -> str:
    """The WebSocket URL at which a bound socket serves the chat."""
    host, port = listener.getsockname()[:2]
    return f"ws://[{host}]:{port}{PATH}" if ":" in host else f"ws://{host}:{port}{PATH}"


def _serve(settings: Settings, store: Store, listener: socket.socket) -> int:
    failures: list[Exception] = []

    def stop(reason: Exception) -> None:
        log.error("The database refuses to store (%s); the server stops.", reason)
        failures.append(reason)
        server.should_exit = True

    hall = settings.parts.hall(settings.dialect, store.past())
    sink = settings.parts.storing(store)
    service = Service(hall, sink, settings.parts, _now_ms, stop)
    server = ChatServer(_config(service, settings), service, url_of(listener))
    server.run([listener])
    return 1 if failures else 0


def _config(service: Service, settings: Settings) -> uvicorn.Config:
    parts, secret = settings.parts, settings.secret
    app = build(service, lambda request: parts.identify(request, secret), settings.dialect)
    return uvicorn.Config(
        parts.wrap(app),
        loop="uvloop" if sys.platform != "win32" else "asyncio",
        http="h11",
        ws=parts.protocol,
        ws_max_size=settings.dialect.max_message_bytes,
        ws_per_message_deflate=False,
        ws_ping_interval=None,
        lifespan="off",
        access_log=False,
        log_config=None,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
    )


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


class ChatServer(uvicorn.Server):
    """uvicorn's server that says when it is ready and ends in the order D18 and D19 ask for."""

    def __init__(self, config: uvicorn.Config, service: Service, url: str) -> None:
        super().__init__(config)
        self._service = service
        self._url = url

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """A signal ends the server with its own exit code; uvicorn would raise it once more."""
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, self.handle_exit)
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Accept connections, then say where."""
        await super().startup(sockets)
        print(self._url, flush=True)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Accept nobody, store what was taken in, answer it, close with 1001, then end."""
        for each in self.servers:
            each.close()
        await self._service.drain(GOING_AWAY)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSING_S):
                while self._open():
                    await asyncio.sleep(0.01)
        for stuck in self._open():
            stuck.transport.abort()
        await super().shutdown(sockets)
        self._service.end()

    def _open(self) -> list[ChatProtocol]:
        connections = self.server_state.connections
        return [each for each in connections if isinstance(each, ChatProtocol)]
