"""Faults of the server's own frames (RFC 6455 §5): bits, lengths, control frames, Close."""

from collections.abc import Callable, Iterable
from typing import Final

from websockets.frames import Frame, Opcode
from websockets.server import ServerProtocol

from reference_server.faults.client_frames import length_bytes
from reference_server.faults.fault import Bend, Fault
from reference_server.faults.sockets import bend_sent

Pieces = Iterable[Frame | bytes]
_RESERVED: Final = 0x3
_SIGNED, _MOST = 1 << 15, 125


def _raw(frame: Frame, *, first: int | None = None, length: bytes | None = None) -> bytes:
    """The frame's bytes with another first byte or another length field."""
    payload = bytes(frame.data)
    head = frame.fin << 7 | frame.opcode if first is None else first
    return bytes([head]) + (length_bytes(len(payload)) if length is None else length) + payload


def _on(opcode: Opcode, change: Callable[[Frame], Pieces]) -> Bend:
    """The change, made to frames of one opcode."""
    return bend_sent(lambda _, frame: change(frame) if frame.opcode is opcode else (frame,))


def _masked(_: ServerProtocol, frame: Frame) -> Pieces:
    yield frame.serialize(mask=True)


def _with_bits(bits: int) -> Callable[[Frame], Pieces]:
    return lambda frame: [_raw(frame, first=frame.fin << 7 | bits << 4 | frame.opcode)]


def _binary(frame: Frame) -> Pieces:
    yield Frame(Opcode.BINARY, frame.data)


def _and_reserved(frame: Frame) -> Pieces:
    yield frame
    yield bytes([0x80 | _RESERVED, 0])


def _long_length(frame: Frame) -> Pieces:
    size = len(frame.data)
    yield _raw(frame, length=bytes([127]) + size.to_bytes(8))


def _signed_length(frame: Frame) -> Pieces:
    yield from _long_length(frame) if len(frame.data) >= _SIGNED else (frame,)


def _as_text(frame: Frame) -> Pieces:
    yield Frame(frame.opcode, bytes(frame.data).decode(errors="replace").encode()[:_MOST])


def _top_bit(frame: Frame) -> Pieces:
    size = len(frame.data) | 1 << 63
    yield _raw(frame, length=bytes([127]) + size.to_bytes(8))


def _text_twice_begun(frame: Frame) -> Pieces:
    half = len(frame.data) // 2
    yield Frame(Opcode.TEXT, frame.data[:half], fin=False)
    yield Frame(Opcode.TEXT, frame.data[half:])


def _continued_first(frame: Frame) -> Pieces:
    yield Frame(Opcode.CONT, frame.data)


def _cut_inside_a_character(frame: Frame) -> Pieces:
    """The last character of a text that has others than ASCII loses its last byte."""
    data = bytes(frame.data)
    last = max((at for at, byte in enumerate(data) if byte >= 0x80), default=None)
    yield frame if last is None else Frame(Opcode.TEXT, data[:last] + data[last + 1 :])


def _padded(frame: Frame) -> Pieces:
    payload = bytes(frame.data).ljust(126, b"\0")
    yield _raw(Frame(frame.opcode, payload))


def _fragmented(frame: Frame) -> Pieces:
    half = len(frame.data) // 2
    yield _raw(Frame(frame.opcode, frame.data[:half], fin=False))
    yield _raw(Frame(Opcode.CONT, frame.data[half:]))


def _nothing(_: Frame) -> Pieces:
    return ()


def _reversed(frame: Frame) -> Pieces:
    yield Frame(frame.opcode, bytes(frame.data)[::-1] or b"pong")


def _unechoed(connection: ServerProtocol, frame: Frame) -> Pieces:
    """A Close that answers the client's is left out."""
    answers = frame.opcode is Opcode.CLOSE and connection.close_rcvd is not None
    return () if answers else (frame,)


def _payload(data: bytes) -> Callable[[Frame], Pieces]:
    return lambda frame: [Frame(frame.opcode, data)]


def _with_reason(frame: Frame) -> Pieces:
    yield Frame(frame.opcode, (bytes(frame.data)[:2] or b"\x03\xe8") + b"\xc3\x28")


def _and_more_data(frame: Frame) -> Pieces:
    yield frame
    yield _raw(Frame(Opcode.TEXT, b"{}"))


def _code(old: int, new: int) -> Bend:
    """The server's own Close carries another code; answers to a client's are left alone."""

    def change(connection: ServerProtocol, frame: Frame) -> Pieces:
        own = frame.opcode is Opcode.CLOSE and connection.close_rcvd is None
        hit = own and bytes(frame.data[:2]) == old.to_bytes(2)
        yield Frame(frame.opcode, new.to_bytes(2)) if hit else frame

    return bend_sent(change)


FAULTS: Final = (
    Fault(
        "binary-frames",
        "JSON travels in binary messages.",
        ("out-text-message",),
        _on(Opcode.TEXT, _binary),
    ),
    Fault(
        "frames-masked",
        "The server masks its frames.",
        ("rfc-server-frames-unmasked",),
        bend_sent(_masked),
    ),
    Fault(
        "rsv1-set",
        "Text frames have RSV1 set, as if they were compressed.",
        ("rfc-reserved-bits-clear",),
        _on(Opcode.TEXT, _with_bits(4)),
    ),
    Fault(
        "rsv3-set-on-pong",
        "Pongs have RSV3 set.",
        ("rfc-reserved-bits-clear",),
        _on(Opcode.PONG, _with_bits(1)),
    ),
    Fault(
        "reserved-opcode",
        "After every text frame comes one with a reserved opcode.",
        ("rfc-known-opcodes",),
        _on(Opcode.TEXT, _and_reserved),
    ),
    Fault(
        "length-too-long",
        "Lengths always take eight bytes.",
        ("rfc-minimal-length",),
        _on(Opcode.TEXT, _long_length),
    ),
    Fault(
        "length-signed",
        "Lengths from 32,768 on take eight bytes.",
        ("rfc-minimal-length",),
        _on(Opcode.TEXT, _signed_length),
    ),
    Fault(
        "length-top-bit",
        "Lengths take eight bytes with the top bit set.",
        ("rfc-length-top-bit",),
        _on(Opcode.TEXT, _top_bit),
    ),
    Fault(
        "fragment-begun-twice",
        "The second fragment of a message begins a new one.",
        ("rfc-fragment-order",),
        _on(Opcode.TEXT, _text_twice_begun),
    ),
    Fault(
        "continuation-of-nothing",
        "Messages travel in continuation frames.",
        ("rfc-fragment-order",),
        _on(Opcode.TEXT, _continued_first),
    ),
    Fault(
        "cut-inside-a-character",
        "Texts beyond ASCII lose a byte of their last character.",
        ("rfc-text-utf8",),
        _on(Opcode.TEXT, _cut_inside_a_character),
    ),
    Fault(
        "pong-too-long",
        "Pongs are padded to 126 bytes.",
        ("rfc-control-frame-short",),
        _on(Opcode.PONG, _padded),
    ),
    Fault(
        "pong-fragmented",
        "Pongs come in two fragments.",
        ("rfc-control-frame-whole",),
        _on(Opcode.PONG, _fragmented),
    ),
    Fault(
        "no-pong",
        "Pings are not answered.",
        ("rfc-ping-answered",),
        _on(Opcode.PONG, _nothing),
    ),
    Fault(
        "pong-payload-wrong",
        "Pongs carry the ping's payload backwards.",
        ("rfc-pong-payload",),
        _on(Opcode.PONG, _reversed),
    ),
    Fault(
        "pong-as-text",
        "Pongs carry the ping's payload as if it had been text.",
        ("rfc-pong-payload",),
        _on(Opcode.PONG, _as_text),
    ),
    Fault(
        "pong-empty",
        "Pongs carry nothing.",
        ("rfc-pong-payload",),
        _on(Opcode.PONG, _payload(b"")),
    ),
    Fault(
        "close-unanswered",
        "A Close of the client ends the connection without a Close.",
        ("rfc-close-answered",),
        bend_sent(_unechoed),
    ),
    Fault(
        "close-payload-short",
        "Close frames carry one byte.",
        ("rfc-close-payload",),
        _on(Opcode.CLOSE, _payload(b"\x03")),
    ),
    Fault(
        "close-code-reserved",
        "Close frames carry 1006, which never travels.",
        ("rfc-close-code",),
        _on(Opcode.CLOSE, _payload(b"\x03\xee")),
    ),
    Fault(
        "close-code-unassigned",
        "Close frames carry 1999, which nobody has assigned.",
        ("rfc-close-code",),
        _on(Opcode.CLOSE, _payload(b"\x07\xcf")),
    ),
    Fault(
        "close-reason-not-utf8",
        "Close frames carry a reason that is no UTF-8.",
        ("rfc-close-reason-utf8",),
        _on(Opcode.CLOSE, _with_reason),
    ),
    Fault(
        "data-after-close",
        "A text frame follows every Close.",
        ("rfc-no-data-after-close",),
        _on(Opcode.CLOSE, _and_more_data),
    ),
    Fault(
        "protocol-error-closed-1000",
        "A protocol error is closed with 1000.",
        ("rfc-close-codes-used",),
        _code(1002, 1000),
    ),
    Fault(
        "invalid-utf8-closed-1002",
        "Invalid UTF-8 is closed with 1002.",
        ("rfc-close-codes-used",),
        _code(1007, 1002),
    ),
    Fault(
        "oversize-closed-1000",
        "A message over the limit is closed with 1000.",
        ("limit-message-size",),
        _code(1009, 1000),
    ),
    Fault(
        "binary-closed-1000",
        "A binary message is closed with 1000.",
        ("limit-binary",),
        _code(1003, 1000),
    ),
    Fault(
        "rejection-closed-1000",
        "A rejected login is closed with 1000.",
        ("login-reject-close-code",),
        _code(1008, 1000),
    ),
)
