"""The yardstick: a bare ASGI echo on the reference server's stack. Prints its URL first."""

import socket

import uvicorn
from starlette.types import Receive, Scope, Send


async def echo(_: Scope, receive: Receive, send: Send) -> None:
    """Send every text message back."""
    await receive()
    await send({"type": "websocket.accept"})
    while (message := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": message["text"]})


def main() -> None:
    """Serve until SIGTERM, with the settings of the reference server."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    print(f"ws://127.0.0.1:{listener.getsockname()[1]}/", flush=True)
    config = uvicorn.Config(
        echo,
        loop="uvloop",
        http="h11",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_ping_interval=None,
        lifespan="off",
        access_log=False,
        log_config=None,
        proxy_headers=False,
        server_header=False,
    )
    uvicorn.Server(config).run([listener])


if __name__ == "__main__":
    main()
