"""Faults of what is left of the message before: members that a reused object still has."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final, cast

import orjson
from msgspec.structs import replace

from reference_server.faults.bending import bend_frames_anew, bend_hall, bend_judge
from reference_server.faults.fault import Deed, Fault
from reference_server.hall import Hall, Step
from reference_server.inbound import Refusal
from reference_server.outgoing import Frame, Info
from reference_server.parts import Parts
from schemas.messages import InMsg
from schemas.words import MessageType, TitleType


def _members(text: str) -> dict[str, Any]:
    with suppress(orjson.JSONDecodeError):
        value = orjson.loads(text)
        return value if isinstance(value, dict) else {}
    return {}


def _remembering_topics(parts: Parts, deed: Deed) -> Parts:
    """A title without a topic has that of the title before."""
    topic = str(TitleType.OTHER)

    def change(text: str, judged: InMsg | Refusal) -> InMsg | Refusal:
        nonlocal topic
        if isinstance(judged, InMsg):
            if judged.type == MessageType.TITLE and judged.titletype:
                topic = judged.titletype
            return judged
        members = _members(text)
        content = members.get("content")
        lacking = members.get("type") == MessageType.TITLE and "titletype" not in members
        if lacking and isinstance(content, str) and content:
            return InMsg(MessageType.TITLE, content, members.get("read") is True, topic)
        return judged

    return bend_judge(change)(parts, deed)


def _left_open(text: str, judged: InMsg | Refusal) -> InMsg | Refusal:
    """A message that does not say ``read`` leaves it to the hall."""
    if isinstance(judged, InMsg) and "read" not in _members(text):
        return replace(judged, read=cast("bool", None))
    return judged


class RememberingRead(Hall):
    """What does not say ``read`` has that of the connection's message before."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._last: dict[int, bool] = {}

    def handle(self, connection_id: int, message: InMsg, now_ms: int) -> Step:
        said = cast("bool | None", message.read)
        read = self._last.get(connection_id, False) if said is None else said
        self._last[connection_id] = read
        return super().handle(connection_id, replace(message, read=read), now_ms)


def _read_remembered(parts: Parts, deed: Deed) -> Parts:
    return bend_judge(_left_open)(bend_hall(RememberingRead)(parts, deed), deed)


class _LastInfo:
    """Texts show the info of the title that came before them on a connection."""

    def __init__(self) -> None:
        self._infos: dict[int, Info] = {}

    def __call__(self, frame: Frame) -> Sequence[Frame]:
        msg = frame.output.msg
        if msg is None:
            return (frame,)
        if msg.info is not None:
            self._infos[frame.connection] = msg.info
        shown = replace(msg, info=msg.info or self._infos.get(frame.connection))
        return (replace(frame, output=replace(frame.output, msg=shown)),)


FAULTS: Final = (
    Fault(
        "topic-remembered",
        "A title without a titletype has that of the title before.",
        ("refuse-titletype",),
        _remembering_topics,
    ),
    Fault(
        "read-remembered",
        "A message without read has that of its connection's message before.",
        ("read-false-keeps", "null-is-absent"),
        _read_remembered,
    ),
    Fault(
        "info-outlives-its-title",
        "What follows a title on a connection still has its info.",
        ("info-elsewhere-null",),
        bend_frames_anew(_LastInfo),
    ),
)
