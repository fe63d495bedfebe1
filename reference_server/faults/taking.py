"""Faults of right frames that are not taken, and of lengths (RFC 6455 §5.2, §5.5.3, §8.1)."""

from collections.abc import Iterable
from typing import Any, Final

from msgspec.structs import replace

from reference_server.faults.client_frames import PING, PONG, TEXT, ClientFrame, Frames
from reference_server.faults.fault import Bend, Fault
from reference_server.faults.sockets import Heard, bend_heard, bend_protocol
from reference_server.protocol import ChatProtocol

Taken = Iterable[ClientFrame]
_RESERVED: Final = 0x4
_SHORT_BYTES: Final = 1 << 16
_NONCHARACTERS: Final = ("\ufffe".encode(), "\uffff".encode())


def _always(change: Heard) -> Bend:
    """The change needs no memory."""
    return bend_heard(lambda: change)


def _spoil_long(frame: ClientFrame) -> Taken:
    yield replace(frame, rsv=_RESERVED) if len(frame.payload) >= _SHORT_BYTES else frame


def _spoil_wide(frame: ClientFrame) -> Taken:
    yield replace(frame, rsv=_RESERVED) if frame.wide else frame


def _spoil_pong(frame: ClientFrame) -> Taken:
    yield replace(frame, rsv=_RESERVED) if frame.opcode == PONG else frame


def _spoil_noncharacters(frame: ClientFrame) -> Taken:
    odd = frame.opcode == TEXT and any(each in frame.payload for each in _NONCHARACTERS)
    yield replace(frame, payload=b"\xff") if odd else frame


def _deaf_behind_pings() -> Heard:
    """The message that follows a ping is passed over."""
    pinged = False

    def change(frame: ClientFrame) -> Taken:
        nonlocal pinged
        if frame.opcode != TEXT or not pinged:
            yield frame
        pinged = frame.opcode == PING

    return change


class Waiting(ChatProtocol):
    """Waits for all the bytes that a frame announces, however many."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._frames = Frames()

    def data_received(self, data: bytes) -> None:
        """Pass on whole frames alone."""
        if not self.handshake_initiated:
            super().data_received(data)
            return
        for frame in self._frames.feed(data):
            super().data_received(frame.encode())
        self._frames.rest()


FAULTS: Final = (
    Fault(
        "long-frames-refused",
        "Frames with a 64-bit length end the connection.",
        ("rfc-client-frames-taken",),
        _always(_spoil_long),
    ),
    Fault(
        "length-top-bit-believed",
        "The server waits for the bytes of a frame whose length has its top bit set.",
        ("rfc-client-length-top-bit",),
        bend_protocol(Waiting),
    ),
    Fault(
        "wide-lengths-refused",
        "A length in more bytes than it needs ends the connection.",
        ("rfc-client-length-form",),
        _always(_spoil_wide),
    ),
    Fault(
        "message-behind-ping-lost",
        "A message that follows a ping is passed over.",
        ("ack-one-per-message",),
        bend_heard(_deaf_behind_pings),
    ),
    Fault(
        "pong-ends-connection",
        "A Pong that nobody asked for ends the connection.",
        ("rfc-unsolicited-pong",),
        _always(_spoil_pong),
    ),
    Fault(
        "noncharacters-refused",
        "U+FFFE and U+FFFF are taken for invalid UTF-8.",
        ("rfc-utf8-taken",),
        _always(_spoil_noncharacters),
    ),
)
