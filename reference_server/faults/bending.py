"""Ways to bend one part of a server. What exactly is bent, and why, is the chapters' business."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, cast

import orjson
from msgspec.structs import replace
from starlette.types import ASGIApp

from reference_server.commits import Sink
from reference_server.faults.fault import Bend, Deed
from reference_server.hall import Hall
from reference_server.inbound import Refusal
from reference_server.outgoing import Frame, OutMsg, Output
from reference_server.parts import Parts
from schemas.messages import InMsg
from schemas.words import MessageType, MsgStatus

Members = dict[str, Any]


# -- what a frame says -----------------------------------------------------------------------------


def bend_outputs(change: Callable[[Output], Output]) -> Bend:
    """Every frame says something else than was decided."""
    return lambda parts, _: replace(parts, encode=lambda output: parts.encode(change(output)))


def bend_msgs(change: Callable[[OutMsg], OutMsg], *statuses: MsgStatus) -> Bend:
    """Every `msg`, in frames of these statuses or of all, is another."""

    def changed(output: Output) -> Output:
        if output.msg is None or output.status not in (statuses or MsgStatus):
            return output
        return replace(output, msg=change(output.msg))

    return bend_outputs(changed)


def bend_text(change: Callable[[Output, bytes], bytes]) -> Bend:
    """Every frame's JSON text is something else than its value's."""
    return lambda parts, _: replace(parts, encode=lambda out: change(out, parts.encode(out)))


def bend_members(change: Callable[[Members], object]) -> Bend:
    """Every frame's JSON object is changed in place."""

    def changed(_: Output, text: bytes) -> bytes:
        members = orjson.loads(text)
        change(members)
        return orjson.dumps(members)

    return bend_text(changed)


# -- which frames there are ------------------------------------------------------------------------


def bend_steps(change: Callable[[Sequence[Frame]], Iterable[Frame]]) -> Bend:
    """All the frames that one event brings about become others."""
    return lambda parts, _: replace(
        parts, arrange=lambda frames: list(change(parts.arrange(frames)))
    )


def bend_frames(change: Callable[[Frame], Sequence[Frame]]) -> Bend:
    """Every frame becomes none, one or several."""
    return bend_steps(lambda frames: (bent for one in frames for bent in change(one)))


def bend_frames_anew(make: Callable[[], Callable[[Frame], Sequence[Frame]]]) -> Bend:
    """The same by something that remembers, one for each server."""

    def bend(parts: Parts, deed: Deed) -> Parts:
        return bend_frames(make())(parts, deed)

    return bend


def is_about(frame: Frame, status: MsgStatus, *kinds: MessageType) -> bool:
    """Whether a frame of ``status`` is about a message of ``kinds`` with content."""
    msg = frame.output.msg
    return (
        frame.output.status is status
        and msg is not None
        and msg.type in kinds
        and msg.content != ""
    )


# -- what is decided -------------------------------------------------------------------------------


def bend_hall(mixin: type[Hall]) -> Bend:
    """The hall decides otherwise."""

    def bend(parts: Parts, _: Deed) -> Parts:
        hall = type(mixin.__name__, (mixin, parts.hall), {})
        return replace(parts, hall=cast("type[Hall]", hall))

    return bend


def bend_judge(change: Callable[[str, InMsg | Refusal], InMsg | Refusal]) -> Bend:
    """What a client's text means is judged otherwise."""
    return lambda parts, _: replace(parts, judge=lambda text: change(text, parts.judge(text)))


def bend_drops(falls: Callable[[InMsg], bool]) -> Bend:
    """Some messages end their connection."""
    return lambda parts, _: replace(parts, drops=lambda msg: falls(msg) or parts.drops(msg))


# -- what stands around it -------------------------------------------------------------------------


def bend_app(wrap: Callable[[ASGIApp], ASGIApp]) -> Bend:
    """Something stands before the application."""
    return lambda parts, _: replace(parts, wrap=lambda app: wrap(parts.wrap(app)))


def bend_storing(wrap: Callable[[Sink], Sink]) -> Bend:
    """Something stands before the store."""
    return lambda parts, _: replace(parts, storing=lambda store: wrap(parts.storing(store)))
