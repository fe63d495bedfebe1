"""Ways to bend what goes through a socket: frames sent, frames heard, the opening handshake.

The frames sent are bent in websockets' connection, where they become bytes; the frames heard are
bent before the honest connection reads them, so that it finds nothing wrong with them.
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any, ClassVar, cast

from msgspec.structs import replace
from websockets.frames import Frame
from websockets.http11 import Request, Response
from websockets.server import ServerProtocol

from reference_server.faults.client_frames import ClientFrame, Frames
from reference_server.faults.fault import Bend, Deed
from reference_server.http_protocol import PromptHttp
from reference_server.parts import Parts
from reference_server.protocol import ChatProtocol

Sent = Callable[[ServerProtocol, Frame], Iterable[Frame | bytes]]
Heard = Callable[[ClientFrame], Iterable[ClientFrame]]


class BentProtocol(ChatProtocol):
    """Speaks through a connection of another class."""

    connection_type: ClassVar[type[ServerProtocol]] = ServerProtocol

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conn = self.connection_type(max_size=self.config.ws_max_size, logger=self.logger)


def bend_protocol(mixin: type[ChatProtocol]) -> Bend:
    """uvicorn's protocol class behaves otherwise."""

    def bend(parts: Parts, _: Deed) -> Parts:
        bent = type(mixin.__name__, (mixin, parts.protocol), {})
        return replace(parts, protocol=cast("type[ChatProtocol]", bent))

    return bend


def bend_http(mixin: type[PromptHttp]) -> Bend:
    """What comes before the WebSocket is read otherwise."""

    def bend(parts: Parts, _: Deed) -> Parts:
        return replace(parts, http=type(mixin.__name__, (mixin, parts.http), {}))

    return bend


def bend_connection(mixin: type[ServerProtocol]) -> Bend:
    """websockets' connection behaves otherwise."""

    def bend(parts: Parts, _: Deed) -> Parts:
        before = parts.protocol
        inner = getattr(before, "connection_type", ServerProtocol)
        bent = type(mixin.__name__, (mixin, inner), {})
        bases = (before,) if issubclass(before, BentProtocol) else (BentProtocol, before)
        protocol = type(mixin.__name__, bases, {"connection_type": bent})
        return replace(parts, protocol=cast("type[ChatProtocol]", protocol))

    return bend


def bend_sent(change: Sent) -> Bend:
    """Every frame that leaves becomes none, one or several, or bytes of any kind."""

    class Sending(ServerProtocol):
        def send_frame(self, frame: Frame) -> None:
            for piece in change(self, frame):
                if isinstance(piece, bytes):
                    self.writes.append(piece)
                else:
                    super().send_frame(piece)

    return bend_connection(Sending)


def bend_accepting(change: Callable[[Request], Request]) -> Bend:
    """An upgrade request is taken for another one."""

    class Accepting(ServerProtocol):
        def accept(self, request: Request) -> Response:
            return super().accept(change(request))

    return bend_connection(Accepting)


def bend_accepted(change: Callable[[ServerProtocol, Request, Response], Response]) -> Bend:
    """An upgrade request is answered otherwise."""

    class Accepted(ServerProtocol):
        def accept(self, request: Request) -> Response:
            return change(self, request, super().accept(request))

    return bend_connection(Accepted)


def bend_transport(wrap: Callable[[asyncio.Transport], asyncio.Transport]) -> Bend:
    """What is written goes through another transport."""

    class Wrapped(ChatProtocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            super().connection_made(wrap(cast("asyncio.Transport", transport)))

    return bend_protocol(Wrapped)


def bend_heard(make: Callable[[], Heard]) -> Bend:
    """Every frame of a client is taken for none, one or several others; one ``Heard`` for each
    connection, which may remember."""

    class Hearing(ChatProtocol):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self._frames = Frames()
            self._heard = make()

        def data_received(self, data: bytes) -> None:
            if not self.handshake_initiated:
                super().data_received(data)
                return
            for frame in self._frames.feed(data):
                for taken in self._heard(frame):
                    super().data_received(taken.encode())
            if rest := self._frames.rest():
                super().data_received(rest)

    return bend_protocol(Hearing)
