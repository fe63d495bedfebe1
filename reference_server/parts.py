"""The pieces a server is put together from. The honest ones are the defaults.

A deviation is a function from parts to parts, so the honest code never asks whether it is one.
"""

from collections.abc import Callable, Sequence

import msgspec
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp

from reference_server.commits import Sink
from reference_server.credentials import identify
from reference_server.hall import Hall
from reference_server.http_protocol import PromptHttp
from reference_server.inbound import Refusal, judge
from reference_server.outgoing import Frame, Output, encode
from reference_server.protocol import ChatProtocol
from schemas.account_tokens import Identity
from schemas.messages import InMsg


def in_order(frames: Sequence[Frame]) -> Sequence[Frame]:
    """Frames leave as the hall decided."""
    return frames


def never(message: InMsg) -> bool:  # noqa: ARG001 - the shape of the part
    """No message ends its connection."""
    return False


def bare(app: ASGIApp) -> ASGIApp:
    """Nothing stands before the application."""
    return app


def directly(store: Sink) -> Sink:
    """Records go to the store and nowhere else."""
    return store


class Parts(msgspec.Struct, frozen=True):
    """``judge`` reads a client's text; ``hall`` makes the state machine; ``arrange`` may change
    what a step sends; ``encode`` makes a frame's bytes; ``drops`` says which message ends its
    sender's connection.

    Around them: ``identify`` finds a request's account by the server's secret; ``wrap`` may stand
    before the application, ``storing`` before the store; ``protocol`` speaks WebSocket, ``http``
    all that comes before it.
    """

    judge: Callable[[str], InMsg | Refusal] = judge
    hall: type[Hall] = Hall
    arrange: Callable[[Sequence[Frame]], Sequence[Frame]] = in_order
    encode: Callable[[Output], bytes] = encode
    drops: Callable[[InMsg], bool] = never
    identify: Callable[[HTTPConnection, str], Identity | None] = identify
    wrap: Callable[[ASGIApp], ASGIApp] = bare
    storing: Callable[[Sink], Sink] = directly
    protocol: type[ChatProtocol] = ChatProtocol
    http: type[PromptHttp] = PromptHttp
