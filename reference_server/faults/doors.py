"""Doors before the application: requests by one method that are read, or answered, otherwise.

Knows ASGI. Why a request is bent is the business of who puts the door there.
"""

from collections.abc import Callable, Mapping
from http import HTTPStatus

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reference_server.faults.bending import bend_app
from reference_server.faults.fault import Bend

HeadersChange = Callable[[MutableHeaders], object]


class Answer:
    """What a POST is answered with: a start message and a whole body, both open to change."""

    def __init__(self, start: Message, body: bytes) -> None:
        self.start = start
        self.body = body

    @property
    def headers(self) -> MutableHeaders:
        """The header fields; changing them changes the answer."""
        return MutableHeaders(raw=self.start["headers"])


def through(method: str, door: Callable[[ASGIApp], ASGIApp]) -> Bend:
    """Requests by ``method`` go through ``door``; all else goes past it."""

    def wrap(app: ASGIApp) -> ASGIApp:
        bent = door(app)

        async def choose(scope: Scope, receive: Receive, send: Send) -> None:
            through = scope["type"] == "http" and scope["method"] == method
            await (bent if through else app)(scope, receive, send)

        return choose

    return bend_app(wrap)


def asking(change: HeadersChange) -> Bend:
    """A POST is taken as if its header fields were others."""

    def door(app: ASGIApp) -> ASGIApp:
        async def ask(scope: Scope, receive: Receive, send: Send) -> None:
            headers = MutableHeaders(raw=list(scope["headers"]))
            change(headers)
            await app({**scope, "headers": headers.raw}, receive, send)

        return ask

    return through("POST", door)


def answering(change: Callable[[Answer], object], method: str = "POST") -> Bend:
    """A request by ``method`` gets another answer."""

    def door(app: ASGIApp) -> ASGIApp:
        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            found = Answer({}, b"")

            async def hold(message: Message) -> None:
                if message["type"] == "http.response.start":
                    found.start = message
                    return
                found.body += message.get("body", b"")
                if not message.get("more_body"):
                    change(found)
                    found.headers["content-length"] = str(len(found.body))
                    await send(found.start)
                    await send({"type": "http.response.body", "body": found.body})

            await app(scope, receive, hold)

        return answer

    return through(method, door)


def reading_body(change: Callable[[bytes, Mapping[str, str]], bytes]) -> Bend:
    """The body of a POST is read as another; bodies that come in several pieces are left alone."""

    def door(app: ASGIApp) -> ASGIApp:
        async def read(scope: Scope, receive: Receive, send: Send) -> None:
            headers = MutableHeaders(raw=list(scope["headers"]))

            async def changed() -> Message:
                message = await receive()
                if message["type"] == "http.request":
                    message = {**message, "body": change(message.get("body", b""), headers)}
                return message

            await app(scope, changed, send)

        return read

    return through("POST", door)


def with_status(old: int, new: int) -> Bend:
    def change(answer: Answer) -> None:
        if answer.start["status"] == old:
            answer.start["status"] = new

    return answering(change)


def always(status: HTTPStatus, body: bytes = b"") -> Callable[[ASGIApp], ASGIApp]:
    """A door with one answer."""

    def door(_: ASGIApp) -> ASGIApp:
        async def answer(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001
            await send({"type": "http.response.start", "status": status, "headers": []})
            await send({"type": "http.response.body", "body": body})

        return answer

    return door
