"""uvicorn's HTTP protocol with a deadline: whoever connects must say in time what he wants."""

from asyncio import TimerHandle, Transport

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol


class PromptHttp(H11Protocol):
    """Ends a connection whose request, or upgrade, is not whole ``handshake_s`` seconds after it
    began (0: never), and one that is over ``max_open`` (0: any number).
    """

    handshake_s: int = 0
    max_open: int = 0
    _deadline: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Somebody connected."""
        super().connection_made(transport)
        if self.max_open and len(self.connections) > self.max_open:
            transport.abort()
            return
        self._begin()

    def data_received(self, data: bytes) -> None:
        """A part of a request, or all of it."""
        if self._deadline is None:
            self._begin()
        super().data_received(data)
        if self._is_whole():
            self._settle()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is there any more."""
        self._settle()
        super().connection_lost(exc)

    def _should_upgrade(self) -> bool:
        """Whether a WebSocket is asked for, which HTTP/1.0 cannot carry (RFC 6455 §4.2.1)."""
        return self.conn.their_http_version == b"1.1" and super()._should_upgrade()

    def _is_whole(self) -> bool:
        upgraded = self.transport.get_protocol() is not self
        return upgraded or self.conn.their_state not in (h11.IDLE, h11.SEND_BODY)

    def _begin(self) -> None:
        if self.handshake_s:
            self._deadline = self.loop.call_later(self.handshake_s, self.transport.abort)

    def _settle(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def prompt_http(
    handshake_s: int, max_open: int, speaking: type[PromptHttp] = PromptHttp
) -> type[PromptHttp]:
    """The protocol class ``speaking`` with these limits, as uvicorn wants it."""
    return type("PromptHttp", (speaking,), {"handshake_s": handshake_s, "max_open": max_open})
