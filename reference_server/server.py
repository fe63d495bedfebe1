"""The process around the service: socket, ready line, signals, orderly end.

Knows uvicorn; knows nothing of what is said in the chat.
"""

import asyncio
import contextlib
import logging
import signal
import socket
import ssl
import sys
import time
from collections.abc import Iterator
from typing import Final

import msgspec
import uvicorn

from reference_server.app import PATH, build
from reference_server.guards import Guards
from reference_server.http_protocol import prompt_http
from reference_server.listening import listen, raise_file_limit, url_of
from reference_server.parts import Parts
from reference_server.protocol import ChatProtocol
from reference_server.rules import Rules
from reference_server.service import Service
from reference_server.store import MEMORY, Store
from reference_server.tls import TlsFiles, server_context

GOING_AWAY: Final = 1001  # RFC 6455 §7.4.1
CLOSING_S: Final = 1.0
GRACE_S: Final = 2
SPARE_SOCKETS: Final = 100

log = logging.getLogger("reference_server")


class Settings(msgspec.Struct, frozen=True):
    """What the command line and the environment decide. Port 0 takes any free port."""

    secret: str
    host: str = "127.0.0.1"
    port: int = 0
    db: str = MEMORY
    tls: TlsFiles | None = None
    rules: Rules = Rules()
    parts: Parts = msgspec.field(default_factory=Parts)


def run(settings: Settings) -> int:
    """Serve until told to stop; the exit code.

    ``TlsRefused``, ``ListenRefused`` or ``StoreRefused`` when it cannot start; whatever can be
    wrong is looked at before the database is touched.
    """
    context = server_context(settings.tls) if settings.tls else None
    raise_file_limit()
    listener = listen(settings.host, settings.port, settings.secret)
    with contextlib.closing(listener):
        store = Store(settings.db)
        with contextlib.closing(store):
            return _serve(settings, store, listener, context)


def _serve(
    settings: Settings, store: Store, listener: socket.socket, context: ssl.SSLContext | None
) -> int:
    failures: list[Exception] = []

    def stop(reason: Exception) -> None:
        log.error("The database refuses to store (%s); the server stops.", reason)
        failures.append(reason)
        server.should_exit = True

    hall = settings.parts.hall(settings.rules.dialect, store.past())
    sink = settings.parts.storing(store)
    service = Service(hall, sink, settings.parts, _now_ms, stop)
    url = url_of(listener, PATH, tls=context is not None)
    server = ChatServer(_config(service, settings, context), service, url)
    server.run([listener])
    return 1 if failures else 0


def _config(service: Service, settings: Settings, context: ssl.SSLContext | None) -> uvicorn.Config:
    parts, secret, rules = settings.parts, settings.secret, settings.rules
    guards = rules.guards
    app = build(service, lambda request: parts.identify(request, secret), rules)
    return uvicorn.Config(
        parts.wrap(app),
        loop="uvloop" if sys.platform != "win32" else "asyncio",
        http=prompt_http(guards.handshake_s, _most_open(guards), parts.http),
        ws=parts.protocol,
        ws_max_size=rules.dialect.max_message_bytes,
        ws_per_message_deflate=False,
        ws_ping_interval=guards.ping_s or None,
        ws_ping_timeout=guards.ping_s or None,
        lifespan="off",
        access_log=False,
        log_config=None,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
        ssl_context_factory=None if context is None else lambda *_: context,
    )


def _most_open(guards: Guards) -> int:
    """Sockets of any kind: room beside the connections for those who are told to come later."""
    return guards.max_connections and guards.max_connections + SPARE_SOCKETS


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
                    await asyncio.sleep(0.05)
        for stuck in self._open():
            stuck.transport.abort()
        await super().shutdown(sockets)
        self._service.end()

    def _open(self) -> list[ChatProtocol]:
        connections = self.server_state.connections
        return [each for each in connections if isinstance(each, ChatProtocol)]
