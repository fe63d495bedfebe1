"""Faults of what is let pass: frames of a client that must end the connection and do not; and the
other way round, frames that must be taken and are not (RFC 6455 §5, §8.1; decision D18)."""

from collections.abc import Iterable
from typing import Any, Final

from msgspec.structs import replace
from websockets.frames import Frame, Opcode
from websockets.server import ServerProtocol

from reference_server.faults.client_frames import (
    BINARY,
    CLOSE,
    CONTINUATION,
    PING,
    PONG,
    TEXT,
    ClientFrame,
)
from reference_server.faults.fault import Bend, Deed, Fault
from reference_server.faults.sockets import (
    Heard,
    bend_connection,
    bend_heard,
    bend_protocol,
    bend_sent,
)
from reference_server.parts import Parts
from reference_server.protocol import ChatProtocol

Taken = Iterable[ClientFrame]
_KNOWN: Final = frozenset((CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG))
_MAX_CONTROL: Final = 125
_INSTEAD: Final = "\ufffd".encode()


def _always(change: Heard) -> Bend:
    """The change needs no memory."""
    return bend_heard(lambda: change)


def _mask_all(frame: ClientFrame) -> Taken:
    yield replace(frame, masked=True)


def _clear_bits(frame: ClientFrame) -> Taken:
    yield replace(frame, rsv=0)


def _skip_unknown(frame: ClientFrame) -> Taken:
    if frame.opcode in _KNOWN:
        yield frame


def _cut_control(frame: ClientFrame) -> Taken:
    yield replace(frame, payload=frame.payload[:_MAX_CONTROL]) if frame.is_control else frame


def _replace_bad_utf8(frame: ClientFrame) -> Taken:
    if frame.opcode == TEXT and frame.fin:
        frame = replace(frame, payload=frame.payload.decode("utf-8", "replace").encode())
    yield frame


def _as_text(frame: ClientFrame) -> Taken:
    yield replace(frame, opcode=TEXT) if frame.opcode == BINARY else frame


def _whole_controls() -> Heard:
    """A fragmented control frame is taken for its first fragment."""
    begun = False

    def change(frame: ClientFrame) -> Taken:
        nonlocal begun
        if frame.is_control and not frame.fin:
            begun = True
            yield replace(frame, fin=True)
        elif begun and frame.opcode == CONTINUATION:
            begun = not frame.fin
        else:
            yield frame

    return change


def _any_order() -> Heard:
    """A continuation of nothing is passed over; a message inside another continues it."""
    is_open = False

    def change(frame: ClientFrame) -> Taken:
        nonlocal is_open
        if frame.is_control:
            yield frame
            return
        orphan = frame.opcode == CONTINUATION and not is_open
        inner = frame.opcode != CONTINUATION and is_open
        is_open = not frame.fin and not orphan
        if not orphan:
            yield replace(frame, opcode=CONTINUATION) if inner else frame

    return change


def _first_fragments(frame: ClientFrame) -> Taken:
    """Of a fragmented message only the first fragment is taken."""
    if frame.opcode != CONTINUATION:
        yield replace(frame, fin=True)


def _no_control_between() -> Heard:
    """A ping between fragments ends the message: what follows is passed over."""
    is_open = torn = False

    def change(frame: ClientFrame) -> Taken:
        nonlocal is_open, torn
        if frame.is_control:
            torn = torn or is_open
            yield frame
            return
        dropped = torn and frame.opcode == CONTINUATION
        is_open, torn = not frame.fin, dropped and not frame.fin
        if not dropped:
            yield frame
        elif frame.fin:
            yield replace(frame, payload=b"")

    return change


def _spoil(_: ServerProtocol, frame: Frame) -> Iterable[Frame | bytes]:
    """What stands for bad bytes leaves as a bad byte."""
    spoiled = frame.opcode is Opcode.TEXT and _INSTEAD in bytes(frame.data)
    yield Frame(frame.opcode, bytes(frame.data).replace(_INSTEAD, b"\xff")) if spoiled else frame


def _pass_bad_utf8_on(parts: Parts, deed: Deed) -> Parts:
    return bend_sent(_spoil)(_always(_replace_bad_utf8)(parts, deed), deed)


def _limited(factor: float | None) -> Bend:
    """The size limit is another one, or none."""

    class Limited(ServerProtocol):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            size = self.max_message_size or 0
            self.max_message_size = None if factor is None else int(size * factor)

    return bend_connection(Limited)


class OnePerRead(ChatProtocol):
    """Of the messages that arrive in one read only the first is taken."""

    _taken = 0

    def data_received(self, data: bytes) -> None:
        self._taken = 0
        super().data_received(data)

    def send_receive_event_to_app(self) -> None:
        self._taken += 1
        if self._taken == 1:
            super().send_receive_event_to_app()
        else:
            self.frames = []


FAULTS: Final = (
    Fault(
        "one-message-a-read",
        "Of messages that arrive together only the first is taken.",
        ("ack-one-per-message", "refusal-one-send"),
        bend_protocol(OnePerRead),
    ),
    Fault(
        "unmasked-accepted",
        "Unmasked frames of a client are taken.",
        ("rfc-mask-required",),
        _always(_mask_all),
    ),
    Fault(
        "reserved-bits-accepted",
        "Frames with reserved bits are taken.",
        ("rfc-client-reserved-bits",),
        _always(_clear_bits),
    ),
    Fault(
        "unknown-opcodes-ignored",
        "Frames with reserved opcodes are passed over.",
        ("rfc-client-opcodes",),
        _always(_skip_unknown),
    ),
    Fault(
        "long-control-accepted",
        "Control frames over 125 bytes are cut and taken.",
        ("rfc-client-control-short",),
        _always(_cut_control),
    ),
    Fault(
        "fragmented-control-accepted",
        "Fragmented control frames are taken.",
        ("rfc-client-control-whole",),
        bend_heard(_whole_controls),
    ),
    Fault(
        "fragment-order-ignored",
        "Continuations of nothing are passed over; a message inside another continues it.",
        ("rfc-client-fragment-order",),
        bend_heard(_any_order),
    ),
    Fault(
        "bad-utf8-replaced",
        "Invalid UTF-8 of a client is replaced and taken.",
        ("rfc-client-utf8",),
        _always(_replace_bad_utf8),
    ),
    Fault(
        "bad-utf8-passed-on",
        "Invalid UTF-8 of a client is taken and passed on.",
        ("rfc-client-utf8", "rfc-text-utf8"),
        _pass_bad_utf8_on,
    ),
    Fault(
        "fragments-not-joined",
        "Of a fragmented message only the first fragment is taken.",
        ("rfc-fragments-joined",),
        _always(_first_fragments),
    ),
    Fault(
        "fragments-torn-by-ping",
        "A ping between two fragments loses the rest of the message.",
        ("rfc-fragments-joined",),
        bend_heard(_no_control_between),
    ),
    Fault(
        "oversize-accepted",
        "Messages of any size are taken.",
        ("limit-message-size",),
        _limited(None),
    ),
    Fault(
        "limit-halved",
        "Messages over half the limit are closed.",
        ("limit-below-accepted",),
        _limited(0.5),
    ),
    Fault(
        "binary-accepted",
        "Binary messages are taken like text.",
        ("limit-binary",),
        _always(_as_text),
    ),
)
