"""The routes: the chat's path by upgrade and by POST, and the health of the server."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute

from reference_server.chat_socket import ChatSocket
from reference_server.service import Service

PATH = "/api/ChatSocket/WebSocket"


def build(service: Service, secret: str) -> Starlette:
    """The ASGI application over a running service."""

    async def health(_: Request) -> Response:
        return JSONResponse({"status": "ok", "connections": service.connections})

    return Starlette(
        routes=[
            WebSocketRoute(PATH, ChatSocket(service, secret)),
            Route(PATH, upgrade_required, methods=["GET"]),
            Route("/healthz", health),
        ]
    )


async def upgrade_required(_: Request) -> Response:
    """GET without an upgrade (D20; RFC 9110 §15.5.22 names the header)."""
    return PlainTextResponse(
        "This path speaks WebSocket: open it with an upgrade, or POST a message.",
        status_code=426,
        headers={"Upgrade": "websocket", "Connection": "Upgrade"},
    )
