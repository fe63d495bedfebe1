"""The second implementation on aiohttp: ``python server.py`` prints its URL and serves.

``python server.py 300 30`` prints that many customers and staff members as a CSV of accounts. A
token is an account with a checksum: enough to tell a right one from a wrong one.
"""

import asyncio
import contextlib
import json
import logging
import sys
import zlib
from typing import Any
from urllib.parse import parse_qs, parse_qsl

from aiohttp import WSMsgType, web
from chat import Chat, Json, Refusal, read_json, refused

PATH = "/shop/chat"
MAX_BYTES = 100_000
MEDIA = ("application/json", "text/json", "text/html")
FORM = "application/x-www-form-urlencoded"
CHAT = web.AppKey("chat", Chat)


def token_of(sn: str, role: str, name: str) -> str:
    """The token with which an account logs in."""
    text = f"{sn}~{role}~{name}"
    return f"{zlib.crc32(text.encode()):08x}~{text}"


def account_of(token: str) -> Json | None:
    """The account of a right token."""
    parts = token.split("~")
    if len(parts) != 4 or token != token_of(*parts[1:]):
        return None
    return dict(zip(("sn", "role", "name"), parts[1:], strict=True))


def authenticated(request: web.Request) -> Json:
    """The account that the request proves; 401 otherwise."""
    account = account_of(request.query.get("key", ""))
    if account is None:
        raise web.HTTPUnauthorized
    return account


async def upgrade(request: web.Request) -> web.WebSocketResponse:
    """One WebSocket from its login to its end."""
    chat, account = request.app[CHAT], authenticated(request)
    socket = web.WebSocketResponse(max_msg_size=MAX_BYTES + 1)  # aiohttp takes less than that
    await socket.prepare(request)
    queue: asyncio.Queue[Json] = asyncio.Queue()
    writing = asyncio.create_task(write(socket, queue))
    peer = chat.join(account, queue.put_nowait)
    try:
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                chat.take(peer, message.data)
            elif message.type is WSMsgType.BINARY:
                await socket.close(code=1003)
    finally:
        chat.leave(peer)
        writing.cancel()
    return socket


async def write(socket: web.WebSocketResponse, queue: "asyncio.Queue[Json]") -> None:
    """Everything for one connection, in order."""
    with contextlib.suppress(ConnectionError):
        while True:
            await socket.send_str(json.dumps(await queue.get()))


async def post(request: web.Request) -> web.Response:
    """One message by plain HTTP."""
    chat, account = request.app[CHAT], authenticated(request)
    if request.content_type not in (*MEDIA, FORM):
        raise web.HTTPUnsupportedMediaType
    body = await request.read()
    try:
        value = form(body) if request.content_type == FORM else read_json(body)
    except (Refusal, UnicodeDecodeError):
        raise web.HTTPBadRequest from None
    try:
        return answer(request, chat.post(account, value))
    except Refusal as why:
        return answer(request, refused(why), 422)


def form(body: bytes) -> Json:
    """A form's fields as a message."""
    fields = parse_qs(body.decode(), keep_blank_values=True)
    value: dict[str, Any] = {name: values[-1] for name, values in fields.items()}
    if "read" in value:
        value["read"] = {"true": True, "false": False}.get(value["read"].lower(), value["read"])
    return value


def liked_best(accept: str) -> str:
    """The media type of ours with the greatest weight, the closest name deciding; else JSON."""
    weights = {}
    for part in accept.lower().replace(" ", "").split(","):
        name, _, parameters = part.partition(";")
        weights[name] = float(dict(parse_qsl(parameters, separator=";")).get("q", "1"))

    def weight(media: str) -> float:
        ranges = (media, f"{media.partition('/')[0]}/*", "*/*")
        return next((weights[each] for each in ranges if each in weights), 0.0)

    best = max(MEDIA, key=weight)
    return best if weight(best) else MEDIA[0]


def answer(request: web.Request, frame: Json, status: int = 200) -> web.Response:
    """``frame`` as the media type that the client likes best."""
    media = liked_best(request.headers.get("Accept", ""))
    return web.Response(text=json.dumps(frame), status=status, content_type=media)


def application() -> web.Application:
    """The server, without a socket."""
    app = web.Application(client_max_size=MAX_BYTES)
    app[CHAT] = Chat()
    app.add_routes([web.get(PATH, upgrade, allow_head=False), web.post(PATH, post)])
    return app


async def serve() -> None:
    """Serve on a free port of loopback until killed."""
    logging.getLogger("aiohttp").setLevel(logging.CRITICAL)  # it tells what clients do wrong
    runner = web.AppRunner(application(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"ws://127.0.0.1:{runner.addresses[0][1]}{PATH}", flush=True)
    await asyncio.Event().wait()


def accounts(customers: int, staff: int) -> None:
    """Print accounts of this server."""
    print("sn,name,role,token")
    for role, letter, count in (("customer", "M", customers), ("staff", "A", staff)):
        for number in range(count):
            sn, name = f"{letter}{number:04}", f"{letter} {number}"
            print(f"{sn},{name},{role},{token_of(sn, role, name)}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        accounts(*map(int, sys.argv[1:]))
    else:
        asyncio.run(serve())
