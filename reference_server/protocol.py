"""uvicorn's WebSocket protocol, with the two things ASGI cannot say.

Closing a connection whose peer does not read (ASGI's ``send`` waits for that very peer), and going
away with 1001 where uvicorn says 1012 (RFC 6455 §7.4.1).
"""

from typing import Final

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

CLOSE_NOW: Final = "chatsocket.close_now"
GOING_AWAY: Final = 1001
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

    def shutdown(self) -> None:
        """The server is going away: say so, unless the connection is closing already."""
        if self.handshake_complete and not self.close_sent:
            self.close_now(GOING_AWAY)
        super().shutdown()
