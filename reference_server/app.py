"""The routes: the chat's path by upgrade and by POST, its help page, and the server's health."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from reference_server.chat_socket import ChatSocket
from reference_server.credentials import Identify
from reference_server.door import Door
from reference_server.http_post import HttpPost
from reference_server.metrics import MEDIA_TYPE, Metrics
from reference_server.rules import Rules
from reference_server.service import Service
from schemas.help_page.html_drawing import draw_page
from schemas.help_page.shipped import PAGE_PATH, shipped_page

PATH = "/api/ChatSocket/WebSocket"


def build(service: Service, identify: Identify, rules: Rules) -> Starlette:
    """The ASGI application over a running service."""

    async def health(_: Request) -> Response:
        return JSONResponse({"status": "ok", "connections": service.connections})

    numbers = Metrics(service)

    async def metrics(_: Request) -> Response:
        return Response(numbers.text(), media_type=MEDIA_TYPE)

    door = Door(service, identify, rules)
    http_post = HttpPost(service, door, rules.dialect)

    async def plain(request: Request) -> Response:
        return await http_post.answer(request) if request.method == "POST" else upgrade_required()

    app = Starlette(
        routes=[
            WebSocketRoute(PATH, ChatSocket(service, door, rules)),
            Route(PATH, plain, methods=["GET", "POST"] if rules.dialect.http_post else ["GET"]),
            Route("/healthz", health),
            Route("/metrics", metrics),
            Route(PAGE_PATH, help_page),
        ]
    )
    app.router.default = not_found
    return app


async def help_page(_: Request) -> Response:
    """The contract as the help page that it is derived from."""
    return HTMLResponse(draw_page(shipped_page()))


async def not_found(scope: Scope, receive: Receive, send: Send) -> None:
    """Any other path is 404, for an upgrade too (Starlette's own answer to that would be 403)."""
    response = PlainTextResponse(f"There is nothing here; the chat is at {PATH}.", status_code=404)
    if scope["type"] == "websocket":
        await WebSocket(scope, receive, send).send_denial_response(response)
    else:
        await response(scope, receive, send)


def upgrade_required() -> Response:
    """GET without an upgrade (D20; RFC 9110 §15.5.22 names the header)."""
    return PlainTextResponse(
        "This path speaks WebSocket: open it with an upgrade, or POST a message.",
        status_code=426,
        headers={"Upgrade": "websocket", "Connection": "Upgrade"},
    )
