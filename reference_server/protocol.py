"""uvicorn's WebSocket protocol, where its way of passing messages on would cost or lose something.

Once accepted, messages go straight to a listener and frames straight to the socket: ASGI's queue
and tasks would be most of a message's cost. A Close reaches a peer that is still sending, and a
peer that does not read is closed without waiting for it. A peer of another version learns which is
spoken.
"""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Final, Protocol

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import InvalidState
from websockets.http11 import Request

WIRE: Final = "chatsocket.wire"
INVALID_DATA: Final = 1007
INTERNAL_ERROR: Final = 1011
VERSION: Final = "13"
LINGER_S: Final = 2.0
CLOSING_S: Final = 10.0


class Listener(Protocol):
    """Who hears what a connection's peer says."""

    def on_text(self, text: str) -> None:
        """A text message."""

    def on_binary(self, data: bytes) -> None:
        """A binary message."""

    def on_takes_more(self) -> None:
        """The peer has read on, so that more can be written."""


class ChatProtocol(WebSocketsSansIOProtocol):
    """One connection's bytes. The application finds it in its scope's extensions as ``WIRE``; its
    ``receive`` tells, after :meth:`listen`, of the end alone.
    """

    takes_more = True
    _ended_by_violation = False
    _listener: Listener | None = None

    async def run_asgi(self) -> None:
        """Run the application with the extension in its scope."""
        extensions: dict[str, object] = dict(self.scope["extensions"] or {})
        extensions[WIRE] = {"wire": self}
        self.scope["extensions"] = extensions  # type: ignore[typeddict-item]
        await super().run_asgi()

    def data_received(self, data: bytes) -> None:
        """Bytes of the peer. A request that websockets gives up on, such as one with a line over
        8 KiB, is answered and over: uvicorn would leave the answer unsent, and the peer waiting.
        What comes behind a violation is discarded (RFC 6455 §7.1.7).
        """
        if self._ended_by_violation:
            return
        super().data_received(data)
        if self.conn.handshake_exc is not None and not self.handshake_initiated:
            self.handshake_initiated = self.handshake_complete = self.close_sent = True
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.transport.close()

    def handle_connect(self, event: Request) -> None:
        """Open, or name the version that is spoken here beside the refusal (RFC 6455 §4.4)."""
        versions = event.headers.get_all("Sec-WebSocket-Version")
        if versions in ([], [VERSION]):
            super().handle_connect(event)
            return
        refusal = self.conn.reject(
            HTTPStatus.UPGRADE_REQUIRED, f"This server speaks version {VERSION}.\n"
        )
        refusal.headers["Sec-WebSocket-Version"] = VERSION
        self.handshake_initiated = self.handshake_complete = self.close_sent = True
        self.conn.send_response(refusal)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.transport.close()

    async def send(self, message: ASGISendEvent) -> None:
        """What the application sends. An upgrade that it refused by HTTP is complete as well, which
        uvicorn would report as an error of the application's.
        """
        await super().send(message)
        if message["type"] == "websocket.http.response.body" and self.close_sent:
            self.handshake_complete = True

    # -- messages in -----------------------------------------------------------------------------

    def listen(self, listener: Listener) -> None:
        """From now on ``listener`` hears every message, those first that came early."""
        self._listener = listener
        early = [self.queue.get_nowait() for _ in range(self.queue.qsize())]
        for event in early:
            if event["type"] != "websocket.receive":
                self.queue.put_nowait(event)
            elif (text := event.get("text")) is not None:
                listener.on_text(text)
            else:
                listener.on_binary(event.get("bytes") or b"")
        self.go_on_reading()

    def send_receive_event_to_app(self) -> None:
        """A message is whole: uvicorn would queue it for the application."""
        if self._listener is None or self.close_sent:
            super().send_receive_event_to_app()
            return
        data = self.frames[0] if len(self.frames) == 1 else b"".join(self.frames)
        self.frames = []
        if self.curr_msg_data_type == "bytes":
            self._listener.on_binary(data)
            return
        try:
            text = str(data, "utf-8")
        except UnicodeDecodeError:
            self.conn.fail(INVALID_DATA)
            self.handle_parser_exception()
        else:
            self._listener.on_text(text)

    def handle_ping(self) -> None:
        """Answer a ping, unless it came behind a violation (RFC 6455 §7.1.7)."""
        if not self._ended_by_violation:
            super().handle_ping()

    def hold_reading(self) -> None:
        """Take no more input for now."""
        if not self.read_paused and not self.close_sent:
            self.read_paused = True
            self.transport.pause_reading()

    def go_on_reading(self) -> None:
        """Take input again."""
        if self.read_paused:
            self.read_paused = False
            if not self.transport.is_closing():
                self.transport.resume_reading()

    # -- messages out ----------------------------------------------------------------------------

    def pause_writing(self) -> None:
        """The transport's buffer is full."""
        self.takes_more = False
        super().pause_writing()

    def resume_writing(self) -> None:
        """The transport's buffer has emptied."""
        self.takes_more = True
        super().resume_writing()
        if self._listener is not None:
            self._listener.on_takes_more()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is there any more."""
        self._listener = None
        super().connection_lost(exc)

    def write(self, texts: Sequence[bytes]) -> None:
        """Send text messages; quietly nothing when the connection has ended."""
        if self.close_sent or self.transport.is_closing():
            return
        try:
            for text in texts:
                self.conn.send_text(text)
        except InvalidState:
            return
        self.transport.write(b"".join(self.conn.data_to_send()))

    # -- closing ---------------------------------------------------------------------------------

    def close(self, code: int) -> None:
        """Close behind what was written, and wait for the peer to agree."""
        self._close(code, CLOSING_S)

    def close_now(self, code: int) -> None:
        """Put a close frame behind what is buffered, and abort if the peer does not take it."""
        self._close(code, LINGER_S)

    def drop(self) -> None:
        """End the connection without a word."""
        self.transport.abort()

    def _close(self, code: int, patience_s: float) -> None:
        if self.close_sent or self.transport.is_closing():
            return
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": ""})
        try:
            self.conn.send_close(code)
        except InvalidState:
            return
        self._end_with(patience_s)

    def keepalive_timeout(self) -> None:
        """A ping was not answered: nobody can be there to take what is still to be sent."""
        self.close_now(INTERNAL_ERROR)

    def handle_parser_exception(self) -> None:
        """Send the Close, then read on until the peer is done: closing a socket with unread input
        resets it, and the peer would never see why (RFC 6455 §7.1.1).
        """
        if self.close_sent or self.conn.close_sent is None:
            return
        self._ended_by_violation = True
        code, reason = self.conn.close_sent.code, self.conn.close_sent.reason
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        self._end_with(LINGER_S)
        if self.transport.can_write_eof():
            self.transport.write_eof()

    def _end_with(self, patience_s: float) -> None:
        """Write the Close, listen no longer but for the peer's own, and in the end abort."""
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.go_on_reading()
        self.close_timer = self.loop.call_later(patience_s, self.transport.abort)
