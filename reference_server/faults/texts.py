"""Faults of the JSON text itself: what parsers stumble over although the values are right."""

import re
from collections.abc import Callable
from typing import Final

from reference_server.faults.bending import bend_text
from reference_server.faults.fault import Fault
from reference_server.outgoing import Output

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_LATITUDE = re.compile(rb'"latitude":[-0-9.]+')


def _with_member(member: bytes) -> Callable[[Output, bytes], bytes]:
    """One more member at the end."""
    return lambda _, text: text[:-1] + b"," + member + b"}"


def _repeat_result(output: Output, text: bytes) -> bytes:
    return text[:-1] + (b',"Result":true}' if output.result else b',"Result":false}')


def _split_surrogates(_: Output, text: bytes) -> bytes:
    """Half of each character beyond U+FFFF, as a program does that cuts UTF-16."""

    def high_half(found: re.Match[str]) -> str:
        return f"\\u{0xD800 + (ord(found[0]) - 0x10000 >> 10):04x}"

    return _ASTRAL.sub(high_half, text.decode()).encode()


FAULTS: Final = (
    Fault(
        "frame-in-array",
        "Every frame's object lies in an array.",
        ("out-json-object",),
        bend_text(lambda _, text: b"[" + text + b"]"),
    ),
    Fault(
        "two-objects",
        "Every frame holds an empty object behind its own.",
        ("out-json-object",),
        bend_text(lambda _, text: text + b"{}"),
    ),
    Fault(
        "single-quotes",
        "Deliveries are quoted as JavaScript allows and JSON does not.",
        ("out-json-object",),
        bend_text(lambda out, text: text.replace(b'"', b"'") if out.unread is not None else text),
    ),
    Fault(
        "latitude-nan",
        "Known latitudes travel as NaN.",
        ("out-json-object",),
        bend_text(lambda _, text: _LATITUDE.sub(b'"latitude":NaN', text)),
    ),
    Fault(
        "byte-order-mark",
        "Every frame begins with a byte order mark.",
        ("out-byte-order-mark",),
        bend_text(lambda _, text: b"\xef\xbb\xbf" + text),
    ),
    Fault(
        "duplicate-member",
        "Every frame names Result twice.",
        ("out-duplicate-member",),
        bend_text(_repeat_result),
    ),
    Fault(
        "surrogates-split",
        "Emoji travel as half a surrogate pair.",
        ("out-lone-surrogate", "content-text"),
        bend_text(_split_surrogates),
    ),
    Fault(
        "null-character",
        "Every frame has one more member that holds U+0000.",
        ("out-null-character", "out-extra-member"),
        bend_text(_with_member(b'"Pad":"\\u0000"')),
    ),
    Fault(
        "deep-nesting",
        "Every frame has one more member that nests a hundred arrays.",
        ("out-deep-nesting", "out-extra-member"),
        bend_text(_with_member(b'"Trace":' + b"[" * 100 + b"]" * 100)),
    ),
    Fault(
        "huge-number",
        "Every frame has one more member with a number that few parsers hold.",
        ("out-number-range", "out-extra-member"),
        bend_text(_with_member(b'"Id":123456789012345678901234567890')),
    ),
)
