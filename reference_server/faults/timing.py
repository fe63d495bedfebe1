"""Faults of time: late frames, a stall, a slow accept. Nothing is lost and nothing overtakes."""

from itertools import count
from typing import Final

from reference_server.faults.doses import a_duration, a_part, a_span
from reference_server.faults.fault import Deed, Fault
from reference_server.faults.lines import Due, Line, bend_lines
from reference_server.faults.server_bytes import HEAD
from reference_server.faults.sockets import bend_transport
from reference_server.parts import Parts
from schemas.fault_journal import Did
from schemas.fault_listing import FoundBy

_SEND: Final = b'"MsgStatus":"Send"'
_TEXT_FRAME: Final = 0x81
_TIRES_AT: Final = 8


def _every_frame(deed: Deed) -> Due:
    length_ns: int = deed.value
    return lambda data, now_ns: now_ns if data.startswith(HEAD) else now_ns + length_ns


def _some_frames(deed: Deed) -> Due:
    """Messages are late by chance; what follows one on its connection waits behind it."""

    def due(data: bytes, now_ns: int) -> int:
        strikes = data[:1] == bytes([_TEXT_FRAME]) and deed.random.random() < deed.value.share
        return now_ns + deed.value.length_ns if strikes else now_ns

    return due


def _during_a_stall(deed: Deed) -> Due:
    """From ``after`` the first message on, nothing leaves for a while, once."""
    begins_ns: int | None = None

    def due(data: bytes, now_ns: int) -> int:
        nonlocal begins_ns
        if begins_ns is None:
            if data[:1] != bytes([_TEXT_FRAME]):
                return now_ns
            begins_ns = now_ns + deed.value.after_ns
        ends_ns = begins_ns + deed.value.length_ns
        return ends_ns if begins_ns <= now_ns < ends_ns else now_ns

    return due


def _opening(deed: Deed) -> Due:
    length_ns: int = deed.value
    return lambda data, now_ns: now_ns + length_ns if data.startswith(HEAD) else now_ns


def _answers(deed: Deed) -> Due:
    length_ns: int = deed.value
    return lambda data, now_ns: now_ns + length_ns if _SEND in data else now_ns


def _tiring(parts: Parts, deed: Deed) -> Parts:
    """Each connection has a count of its own."""
    return bend_transport(lambda behind: Line(behind, _eighth_answers(deed), deed, Did.DELAYED))(
        parts, deed
    )


def _eighth_answers(deed: Deed) -> Due:
    answers = count(1)

    def due(data: bytes, now_ns: int) -> int:
        late = _SEND in data and next(answers) % _TIRES_AT == 0
        return now_ns + deed.value if late else now_ns

    return due


FAULTS: Final = (
    Fault(
        "delay",
        "Every frame leaves late.",
        (),
        bend_lines(_every_frame, Did.DELAYED),
        takes=a_duration("20ms"),
        found_by=FoundBy.LOAD,
        moves=("login", "ack", "deliver", "replay"),
    ),
    Fault(
        "delay-some",
        "A share of the messages leaves late.",
        (),
        bend_lines(_some_frames, Did.DELAYED),
        takes=a_part("20ms@0.05"),
        found_by=FoundBy.LOAD,
        moves=("ack", "deliver"),
        by_chance=True,
    ),
    Fault(
        "stall",
        "Once, some time after the first message, nothing leaves for a while.",
        (),
        bend_lines(_during_a_stall, Did.STALLED),
        takes=a_span("1s@5s"),
        found_by=FoundBy.LOAD,
        moves=("ack", "deliver"),
    ),
    Fault(
        "slow-accept",
        "Upgrades are answered late.",
        (),
        bend_lines(_opening, Did.DELAYED),
        takes=a_duration("200ms"),
        found_by=FoundBy.LOAD,
        moves=("connect",),
    ),
    Fault(
        "late-answers",
        "Answers to messages come when nobody waits for them any more.",
        ("answer-in-time", "ack-one-per-message"),
        bend_lines(_answers, Did.DELAYED),
        takes=a_duration("6s"),
    ),
    Fault(
        "eighth-answer-late",
        "Of the answers on a connection each eighth comes when nobody waits for it any more.",
        ("answer-in-time", "ack-one-per-message"),
        _tiring,
        takes=a_duration("6s"),
    ),
)
