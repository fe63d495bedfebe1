"""uvicorn's WebSocket protocol, where its way of refusing or closing would lose something.

A peer that does not read must be closed without waiting for it, as ASGI's ``send`` would, a Close
must reach a peer that is still sending, and a peer of another version must learn which is spoken.
"""

from http import HTTPStatus
from typing import Final

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

CLOSE_NOW: Final = "chatsocket.close_now"
LINGER_S: Final = 2.0
VERSION: Final = "13"


class ChatProtocol(WebSocketsSansIOProtocol):
    """One connection's bytes. The application finds :meth:`close_now` in its scope's extensions."""

    async def run_asgi(self) -> None:
        """Run the application with the extension in its scope."""
        extensions: dict[str, object] = dict(self.scope["extensions"] or {})
        extensions[CLOSE_NOW] = {"close": self.close_now}
        self.scope["extensions"] = extensions  # type: ignore[typeddict-item]
        await super().run_asgi()

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

    def close_now(self, code: int) -> None:
        """Put a close frame behind what is buffered, and abort if the peer does not take it."""
        if self.close_sent or self.transport.is_closing():
            return
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": ""})
        self.conn.send_close(code)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.close_timer = self.loop.call_later(LINGER_S, self.transport.abort)

    def handle_parser_exception(self) -> None:
        """Send the Close, then read on until the peer is done: closing a socket with unread input
        resets it, and the peer would never see why (RFC 6455 §7.1.1).
        """
        if self.close_sent or self.conn.close_sent is None:
            return
        code, reason = self.conn.close_sent.code, self.conn.close_sent.reason
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.close_timer = self.loop.call_later(LINGER_S, self.transport.abort)
