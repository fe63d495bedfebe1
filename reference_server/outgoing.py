"""Server messages (``WebSocketOut_Output``) as values, and the bytes that carry them.

Knows the wire's member names; knows nothing of conversations, sockets or storage.
"""

import msgspec

from schemas.words import MsgStatus


class Place(msgspec.Struct, frozen=True):
    """``location``: where a sender is known to be (D16); degrees."""

    addr: str
    latitude: float
    longitude: float


class Info(msgspec.Struct, frozen=True):
    """``info``: what the catalogue says of a product or an order (D16); all strings."""

    name: str
    status: str
    price: str


_MSG_NAMES = {"send_sn": "SendSn", "send_name": "SendName", "send_type": "SendType"}
_OUTPUT_NAMES = {
    "status": "MsgStatus",
    "result": "Result",
    "error": "Error",
    "unread": "NoReadQty",
}


class OutMsg(msgspec.Struct, frozen=True, rename=_MSG_NAMES):
    """``WebSocketOut_msg``: one message as every frame about it shows it (D22)."""

    send_sn: str
    send_name: str
    send_type: str
    type: str
    content: str
    time: str
    read: bool
    titletype: str | None
    location: Place | None
    info: Info | None


class Output(msgspec.Struct, frozen=True, rename=_OUTPUT_NAMES):
    """``WebSocketOut_Output``: one frame. Members that do not apply travel as null (D3)."""

    status: MsgStatus
    result: bool
    msg: OutMsg | None = None
    error: str | None = None
    unread: int | None = None


class Frame(msgspec.Struct, frozen=True):
    """An output and the connection it is for."""

    connection: int
    output: Output


def refused(error: str, status: MsgStatus = MsgStatus.SEND) -> Output:
    """The answer that says no, and why."""
    return Output(status, result=False, error=error)


_encoder = msgspec.json.Encoder()


def encode(output: Output) -> bytes:
    """The frame as UTF-8 JSON, all five members present."""
    return _encoder.encode(output)
