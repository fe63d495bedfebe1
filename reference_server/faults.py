"""The catalogue of deliberate deviations: each a name, its intent, and the clauses it breaks.

A fault replaces a part of the server by a bent one; the honest code knows nothing of this module.
"""

import difflib
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from reference_server import bends
from reference_server.parts import Parts


class Fault(msgspec.Struct, frozen=True):
    """``bend`` makes the deviating parts out of others; ``clauses`` are ids of the register."""

    name: str
    intent: str
    clauses: tuple[str, ...]
    bend: bends.Bend


class FaultUnknown(Exception):
    """No fault has this name; the sentence offers the nearest one."""


def assemble(names: Iterable[str], honest: Parts | None = None) -> Parts:
    """The parts of a server with these faults bent out of the honest ones, or ``FaultUnknown``."""
    parts = honest or Parts()
    for name in names:
        parts = _named(name).bend(parts)
    return parts


def _named(name: str) -> Fault:
    fault = CATALOGUE.get(name)
    if fault is None:
        near = difflib.get_close_matches(name, CATALOGUE, n=1, cutoff=0)[0]
        raise FaultUnknown(f"There is no fault {name!r}: did you mean {near!r}?")
    return fault


_FAULTS: Final = (
    Fault(
        "wrong-msgstatus",
        "Answers to messages misspell their MsgStatus.",
        ("out-msgstatus-word",),
        bends.bend_text(bends.misspell_send),
    ),
    Fault(
        "result-as-string",
        "Result travels as a string.",
        ("out-result-type",),
        bends.bend_text(bends.quote_result),
    ),
    Fault(
        "error-missing",
        "A refusal gives no reason.",
        ("out-error-on-failure",),
        bends.bend_outputs(bends.drop_error),
    ),
    Fault(
        "error-on-success",
        "A success carries an error text.",
        ("out-no-error-on-success",),
        bends.bend_outputs(bends.add_error),
    ),
    Fault(
        "unread-off-by-one",
        "Every unread count is one too high.",
        ("unread-count",),
        bends.bend_outputs(bends.count_one_more),
    ),
    Fault(
        "time-without-offset",
        "Times do not say which zone they are in.",
        ("time-format",),
        bends.bend_outputs(bends.with_msg(bends.cut_offset)),
    ),
    Fault(
        "login-missing",
        "No connection is told that it is logged in.",
        ("login-first",),
        bends.bend_frames(bends.withhold_login),
    ),
    Fault(
        "missing-ack",
        "Accepted texts are never answered.",
        ("ack-one-per-message",),
        bends.bend_frames(bends.forget_ack),
    ),
    Fault(
        "duplicate-delivery",
        "Every text is delivered twice to each connection.",
        ("delivery-once",),
        bends.bend_frames(bends.deliver_twice),
    ),
    Fault(
        "lost-delivery",
        "The second of every three texts for a connection never arrives.",
        ("delivery-stored",),
        bends.lose_some,
    ),
    Fault(
        "reordered-delivery",
        "The second of every three texts for a connection arrives after the frame that follows it.",
        ("delivery-order",),
        bends.swap_some,
    ),
    Fault(
        "misrouted-delivery",
        "Texts also reach a customer of another conversation.",
        ("isolation",),
        bends.bend_hall(bends.Misrouting),
    ),
    Fault(
        "corrupted-content",
        "The last character of a text is garbled on its way to the receiver.",
        ("content-text", "same-msg"),
        bends.bend_frames(bends.garble),
    ),
    Fault(
        "receipt-delivered",
        "The other side is sent pure read receipts.",
        ("receipt-not-delivered",),
        bends.bend_hall(bends.DeliveringReceipts),
    ),
    Fault(
        "crash-on-image",
        "A connection that sends an image is dropped without an answer.",
        ("ack-one-per-message",),
        bends.drop_on_image,
    ),
)

CATALOGUE: Final[Mapping[str, Fault]] = {fault.name: fault for fault in _FAULTS}
