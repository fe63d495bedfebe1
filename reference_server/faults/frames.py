"""Faults of answers and logins: frames missing, doubled, swapped, unasked for."""

from collections.abc import Callable, Sequence
from itertools import count
from typing import Final

from msgspec.structs import replace

from reference_server.faults.bending import (
    bend_drops,
    bend_frames,
    bend_frames_anew,
    bend_msgs,
    bend_outputs,
    bend_steps,
    is_about,
)
from reference_server.faults.fault import Fault
from reference_server.outgoing import Frame, OutMsg, Output
from schemas.messages import InMsg
from schemas.words import MessageType, MsgStatus, TitleType

_LOGIN, _SEND, _RECEIVE = MsgStatus.LOGIN, MsgStatus.SEND, MsgStatus.RECEIVE
_TEXT = MessageType.TEXT
Change = Callable[[Frame], Sequence[Frame]]


def _login_withheld(frame: Frame) -> Sequence[Frame]:
    return () if frame.output.status is _LOGIN else (frame,)


def _login_twice(frame: Frame) -> Sequence[Frame]:
    return (frame, frame) if frame.output.status is _LOGIN else (frame,)


def _login_last(frames: Sequence[Frame]) -> Sequence[Frame]:
    return sorted(frames, key=lambda frame: frame.output.status is _LOGIN)


def _text_ack_forgotten(frame: Frame) -> Sequence[Frame]:
    return () if is_about(frame, _SEND, _TEXT) else (frame,)


def _staff_ack_forgotten(frame: Frame) -> Sequence[Frame]:
    return () if is_about(frame, _SEND, MessageType.STAFF) else (frame,)


def _ack_twice(frame: Frame) -> Sequence[Frame]:
    return (frame, frame) if is_about(frame, _SEND, *MessageType) else (frame,)


def _ack_for_a_delivery(frame: Frame) -> Sequence[Frame]:
    """The receiver of a text is told, as if it had sent it."""
    if not is_about(frame, _RECEIVE, _TEXT):
        return (frame,)
    answer = Output(_SEND, result=True, msg=frame.output.msg)
    return frame, Frame(frame.connection, answer)


def _swap_acks() -> Change:
    """The second of every three answered texts is answered after the next one."""
    picks = second_of_three(_SEND)
    held: dict[int, Frame] = {}

    def swap(frame: Frame) -> Sequence[Frame]:
        if picks(frame):
            held[frame.connection] = frame
            return ()
        if frame.output.status is _SEND and frame.connection in held:
            return frame, held.pop(frame.connection)
        return (frame,)

    return swap


def second_of_three(status: MsgStatus) -> Callable[[Frame], bool]:
    """Picks texts by count, per connection, so that every conversation meets the deviation."""
    counts: dict[int, count[int]] = {}

    def picks(frame: Frame) -> bool:
        if not is_about(frame, status, _TEXT):
            return False
        return next(counts.setdefault(frame.connection, count(1))) % 3 == 2

    return picks


def _bare(output: Output) -> Output:
    return replace(output, msg=None) if output.status is _SEND else output


def _as_text(msg: OutMsg) -> OutMsg:
    return replace(msg, type=_TEXT) if msg.type == MessageType.IMAGE else msg


def _as_other(msg: OutMsg) -> OutMsg:
    return replace(msg, titletype=TitleType.OTHER) if msg.type == MessageType.TITLE else msg


def _failed(output: Output) -> Output:
    """An accepted image is said to have failed."""
    image = output.msg is not None and output.msg.type == MessageType.IMAGE
    if output.status is not _SEND or not image:
        return output
    return replace(output, result=False, msg=None, error="The image was not accepted.")


def _is_image(message: InMsg) -> bool:
    return message.type == MessageType.IMAGE


def _holds_nul(message: InMsg) -> bool:
    return "\x00" in message.content


FAULTS: Final = (
    Fault(
        "login-missing",
        "No connection is told that it is logged in.",
        ("login-first",),
        bend_frames(_login_withheld),
    ),
    Fault(
        "login-twice",
        "Every connection is told twice that it is logged in.",
        ("login-once",),
        bend_frames(_login_twice),
    ),
    Fault(
        "login-after-replay",
        "What was missed comes before the Login frame.",
        ("login-first",),
        bend_steps(_login_last),
    ),
    Fault(
        "missing-ack",
        "Accepted texts are never answered.",
        ("ack-one-per-message",),
        bend_frames(_text_ack_forgotten),
    ),
    Fault(
        "missing-staff-ack",
        "Accepted staff words are never answered.",
        ("ack-one-per-message",),
        bend_frames(_staff_ack_forgotten),
    ),
    Fault(
        "ack-twice",
        "Every accepted message is answered twice.",
        ("ack-one-per-message",),
        bend_frames(_ack_twice),
    ),
    Fault(
        "unsolicited-ack",
        "Who receives a text is also answered as if it had sent one.",
        ("ack-one-per-message",),
        bend_frames(_ack_for_a_delivery),
    ),
    Fault(
        "acks-swapped",
        "The second of every three texts on a connection is answered after the next message.",
        ("ack-order",),
        bend_frames_anew(_swap_acks),
    ),
    Fault(
        "ack-without-msg",
        "Answers do not repeat the message.",
        ("ack-echo",),
        bend_outputs(_bare),
    ),
    Fault(
        "ack-says-text",
        "Images are answered as if they were texts.",
        ("ack-echo",),
        bend_msgs(_as_text, _SEND),
    ),
    Fault(
        "ack-says-other",
        "Titles are answered as if they were about something else.",
        ("ack-echo",),
        bend_msgs(_as_other, _SEND),
    ),
    Fault(
        "ack-says-failed",
        "Images are delivered, and their senders are told that they failed.",
        ("in-type-word", "delivery-refused-never"),
        bend_outputs(_failed),
    ),
    Fault(
        "crash-on-image",
        "A connection that sends an image is dropped without an answer.",
        ("ack-one-per-message",),
        bend_drops(_is_image),
    ),
    Fault(
        "crash-on-nul",
        "A connection that sends U+0000 in a content is dropped without an answer.",
        ("survive-odd-json",),
        bend_drops(_holds_nul),
    ),
)
