"""Faults of parsers: JSON that can be argued about ends the connection without a word, and JSON
that is right is not taken for its layout (D17)."""

import re
from typing import Final

from reference_server.faults.bending import bend_drops, bend_judge
from reference_server.faults.fault import Bend, Deed, Fault
from reference_server.inbound import Refusal
from reference_server.parts import Parts
from schemas.json_flaws import FlawKind
from schemas.json_text import read
from schemas.messages import InMsg


class Deadly(InMsg, frozen=True):
    """What the parser did not survive."""


def _crashing_on(kind: FlawKind) -> Bend:
    def judged(text: str, before: InMsg | Refusal) -> InMsg | Refusal:
        flawed = any(flaw.kind is kind for flaw in read(text).flaws)
        return Deadly("text", "") if flawed else before

    def bend(parts: Parts, deed: Deed) -> Parts:
        return bend_drops(_is_deadly)(bend_judge(judged)(parts, deed), deed)

    return bend


_PLAIN: Final = re.compile(r'\{"type":"[a-z]*",')


def _by_layout(text: str, judged: InMsg | Refusal) -> InMsg | Refusal:
    """Messages are known by how they begin, as if nobody wrote JSON otherwise."""
    known = isinstance(judged, Refusal) or _PLAIN.match(text)
    return judged if known else Refusal("The message does not begin with its type.")


def _is_deadly(message: InMsg) -> bool:
    return isinstance(message, Deadly)


FAULTS: Final = (
    Fault(
        "layout-matters",
        "Messages that do not begin with their type, spelled plainly, are refused.",
        ("ack-one-per-message",),
        bend_judge(_by_layout),
    ),
    Fault(
        "crash-on-repeated-member",
        "A connection that names a member twice is dropped without an answer.",
        ("survive-odd-json",),
        _crashing_on(FlawKind.DUPLICATE_MEMBER),
    ),
    Fault(
        "crash-on-half-surrogate",
        "A connection that escapes half a surrogate pair is dropped without an answer.",
        ("survive-odd-json",),
        _crashing_on(FlawKind.LONE_SURROGATE),
    ),
    Fault(
        "crash-on-nesting",
        "A connection that nests deeper than 64 is dropped without an answer.",
        ("survive-odd-json",),
        _crashing_on(FlawKind.NESTING),
    ),
    Fault(
        "crash-on-huge-number",
        "A connection that sends a number beyond all range is dropped without an answer.",
        ("survive-odd-json",),
        _crashing_on(FlawKind.NUMBER_RANGE),
    ),
    Fault(
        "crash-on-byte-order-mark",
        "A connection that begins a message with a byte order mark is dropped without an answer.",
        ("survive-odd-json",),
        _crashing_on(FlawKind.BYTE_ORDER_MARK),
    ),
)
