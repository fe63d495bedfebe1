"""Frames that break the rules of framing (RFC 6455 §5), as data: what to send, and which rule."""

from types import MappingProxyType
from typing import Final

from harness.conformance.violation import PROTOCOL_ERROR, TOO_BIG, Wrong
from harness.wire_frames import LENGTH_TOP_BIT, MAX_CONTROL_BYTES, Framing, Opcode, encode_frame
from schemas.messages import encode, receipt

HARMLESS: Final = encode(receipt())
OPEN: Final = Framing(fin=False)
UNSUPPORTED_DATA: Final = 1003
POLICY_VIOLATION: Final = 1008

_BEGUN: Final = encode_frame(Opcode.TEXT, HARMLESS[:5], OPEN)
_REST: Final = HARMLESS[5:]
_BARE: Final = Framing(mask=None)
_TOO_LONG: Final = bytes(MAX_CONTROL_BYTES + 1)
_ENDLESS: Final = Framing(length_bytes=8, announced=LENGTH_TOP_BIT | len(HARMLESS))

# What stands before a frame of that kind, and what it carries.
_KINDS: Final = {
    "text": ((), Opcode.TEXT, HARMLESS),
    "continuation": ((_BEGUN,), Opcode.CONTINUATION, _REST),
    "ping": ((), Opcode.PING, b"ping"),
    "pong": ((), Opcode.PONG, b"pong"),
}
_BITS: Final = {"rsv1": 4, "rsv2": 2, "rsv3": 1}
_UNASSIGNED: Final = (*range(0x3, 0x8), *range(0xB, 0x10))  # RFC 6455 §5.2, §11.8

_UNMASKED: Final = {
    f"unmasked {kind}": Wrong("rfc-mask-required", (*before, encode_frame(opcode, payload, _BARE)))
    for kind, (before, opcode, payload) in _KINDS.items()
} | {"unmasked empty text": Wrong("rfc-mask-required", (encode_frame(Opcode.TEXT, b"", _BARE),))}

_RESERVED_BITS: Final = {
    f"{name} on a {kind}": Wrong(
        "rfc-client-reserved-bits", (*before, encode_frame(opcode, payload, Framing(rsv=bits)))
    )
    for kind, (before, opcode, payload) in _KINDS.items()
    for name, bits in _BITS.items()
} | {
    "all bits on a text": Wrong(
        "rfc-client-reserved-bits", (encode_frame(Opcode.TEXT, HARMLESS, Framing(rsv=7)),)
    )
}

_OPCODES: Final = {
    f"opcode {opcode}": Wrong("rfc-client-opcodes", (encode_frame(opcode, b""),))
    for opcode in _UNASSIGNED
} | {
    "opcode 3 with a payload": Wrong("rfc-client-opcodes", (encode_frame(0x3, HARMLESS),)),
    "opcode 7 inside a message": Wrong("rfc-client-opcodes", (_BEGUN, encode_frame(0x7, b"x"))),
}

_CONTROL: Final = {
    "ping of 126 bytes": Wrong("rfc-client-control-short", (encode_frame(Opcode.PING, _TOO_LONG),)),
    "pong of 126 bytes": Wrong("rfc-client-control-short", (encode_frame(Opcode.PONG, _TOO_LONG),)),
    "ping of 65536 bytes": Wrong(
        "rfc-client-control-short",
        (encode_frame(Opcode.PING, bytes(1 << 16)),),
        (PROTOCOL_ERROR, TOO_BIG),
    ),
    "fragmented ping": Wrong(
        "rfc-client-control-whole",
        (encode_frame(Opcode.PING, b"a", OPEN), encode_frame(Opcode.CONTINUATION, b"b")),
    ),
    "fragmented pong": Wrong(
        "rfc-client-control-whole",
        (encode_frame(Opcode.PONG, b"a", OPEN), encode_frame(Opcode.CONTINUATION, b"b")),
    ),
    "fragmented ping inside a message": Wrong(
        "rfc-client-control-whole", (_BEGUN, encode_frame(Opcode.PING, b"a", OPEN))
    ),
}

_ORDER: Final = {
    "continuation of nothing": Wrong(
        "rfc-client-fragment-order", (encode_frame(Opcode.CONTINUATION, HARMLESS),)
    ),
    "first of two continuations of nothing": Wrong(
        "rfc-client-fragment-order", (encode_frame(Opcode.CONTINUATION, HARMLESS, OPEN),)
    ),
    "continuation of a whole message": Wrong(
        "rfc-client-fragment-order",
        (
            _BEGUN,
            encode_frame(Opcode.CONTINUATION, _REST),
            encode_frame(Opcode.CONTINUATION, b""),
        ),
        (PROTOCOL_ERROR, POLICY_VIOLATION),  # where pure receipts are bad input (D17)
    ),
    "text inside text": Wrong(
        "rfc-client-fragment-order", (_BEGUN, encode_frame(Opcode.TEXT, HARMLESS))
    ),
    "binary inside text": Wrong(
        "rfc-client-fragment-order",
        (_BEGUN, encode_frame(Opcode.BINARY, HARMLESS)),
        (PROTOCOL_ERROR, UNSUPPORTED_DATA),
    ),
}

_LENGTHS: Final = {
    "length with the top bit": Wrong(
        "rfc-client-length-top-bit",
        (encode_frame(Opcode.TEXT, HARMLESS, _ENDLESS),),
        (PROTOCOL_ERROR, TOO_BIG),
    ),
    "continuation with the top bit": Wrong(
        "rfc-client-length-top-bit",
        (_BEGUN, encode_frame(Opcode.CONTINUATION, _REST, _ENDLESS)),
        (PROTOCOL_ERROR, TOO_BIG),
    ),
}

WRONG: Final = MappingProxyType(
    {**_UNMASKED, **_RESERVED_BITS, **_OPCODES, **_CONTROL, **_ORDER, **_LENGTHS}
)
"""Each by its name. The connection must end; ``codes`` are what a Close may say of it."""
