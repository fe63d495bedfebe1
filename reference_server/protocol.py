"""uvicorn's WebSocket protocol, where its way of closing would lose something.

A peer that does not read must be closed without waiting for it, as ASGI's ``send`` would, and a
Close must reach a peer that is still sending.
"""

from typing import Final

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

CLOSE_NOW: Final = "chatsocket.close_now"
LINGER_S: Final = 2.0


class ChatProtocol(WebSocketsSansIOProtocol):
    """One connection's bytes. The application finds :meth:`close_now` in its scope's extensions."""

    async def run_asgi(self) -> None:
        """Run the application with the extension in its scope."""
        extensions: dict[str, object] = dict(self.scope["extensions"] or {})
        extensions[CLOSE_NOW] = {"close": self.close_now}
        self.scope["extensions"] = extensions  # type: ignore[typeddict-item]
        await super().run_asgi()

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
