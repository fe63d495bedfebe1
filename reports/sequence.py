"""A transcript as a sequence diagram: the actors, the target between them, an arrow per frame.

Computes places and words only; the page's template draws them, without script. The timeline beside
it has the payloads; here each arrow has a few words.
"""

import json
import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from reports.allowance import Allowance
from reports.timeline import Gap, LineView

LANES = 8
GUTTER, LANE, ROW, HEAD, FOOT = 62, 190, 30, 40, 14
TARGET, OTHERS = "target", "others"

_STEP_BYTES, _FRAME_BYTES = 420, 500
_CHAR_PX = 6.4
_NAME_CHARS, _NAME_CHAR_PX = 22, 7.6
_EDGE = 40
_HEAD_PX = 6


@dataclass(frozen=True, slots=True)
class Lane:
    """One participant's vertical line."""

    x: int
    name: str
    is_target: bool


@dataclass(frozen=True, slots=True)
class Arrow:
    """One frame or event, from ``start`` to ``end`` at the height ``y``.

    ``back`` is where the arrow's head begins; ``middle`` where its words stand.
    """

    y: int
    start: int
    end: int
    back: int
    middle: int
    when: str
    words: str
    sent: bool
    guilty: bool
    is_frame: bool


@dataclass(frozen=True, slots=True)
class Omission:
    """``lines`` of the transcript that are left out at the height ``y``."""

    y: int
    lines: int


@dataclass(frozen=True, slots=True)
class Diagram:
    """All of it; lengths are in px of its own coordinates."""

    width: int
    height: int
    lanes: list[Lane]
    steps: list[Arrow | Omission]

    @property
    def says(self) -> str:
        """What it shows, for those who cannot see it."""
        names = [lane.name for lane in self.lanes if not lane.is_target]
        number = sum(isinstance(step, Arrow) for step in self.steps)
        return f"{number} frames and events between the target and {', '.join(names)}"


def diagram(lines: Sequence[LineView | Gap], room: Allowance) -> Diagram | None:
    """The diagram of ``lines``; None where there is nothing to draw or ``room`` does not pay."""
    actors = list(dict.fromkeys(line.actor for line in lines if isinstance(line, LineView)))
    if not actors or not room.pay(_FRAME_BYTES + _STEP_BYTES * len(lines)):
        return None
    lanes, width = _lanes(actors)
    places = {lane.name: lane.x for lane in lanes}
    steps = [_step(line, HEAD + ROW * (n + 1), places) for n, line in enumerate(lines)]
    return Diagram(
        width=width,
        height=HEAD + ROW * (len(lines) + 1) + FOOT,
        lanes=lanes,
        steps=steps,
    )


def _lanes(actors: Sequence[str]) -> tuple[list[Lane], int]:
    """The target amid the actors, in the order in which they first speak; and how wide that is."""
    shown = list(actors[:LANES]) + ([OTHERS] if len(actors) > LANES else [])
    half = (len(shown) + 1) // 2
    names = [*shown[:half], TARGET, *shown[half:]]
    first = GUTTER + _half(names[0])
    lanes = [Lane(first + LANE * place, name, place == half) for place, name in enumerate(names)]
    return lanes, lanes[-1].x + _half(names[-1])


def _half(name: str) -> int:
    """Room beside a lane at the edge, for half of its name."""
    return max(_EDGE, math.ceil(len(short_name(name)) * _NAME_CHAR_PX / 2) + _HEAD_PX)


def _step(line: LineView | Gap, y: int, places: dict[str, int]) -> Arrow | Omission:
    if isinstance(line, Gap):
        return Omission(y, line.lines)
    actor = places.get(line.actor, places.get(OTHERS, 0))
    start, end = (actor, places[TARGET]) if line.sent else (places[TARGET], actor)
    return Arrow(
        y=y,
        start=start,
        end=end,
        back=end - _HEAD_PX if end > start else end + _HEAD_PX,
        middle=(start + end) // 2,
        when=f"{line.t_ms:.1f}",
        words=_fitting(_words(line), abs(end - start) - 14),
        sent=line.sent,
        guilty=line.guilty,
        is_frame=line.what.partition(" ")[0] in _FRAMES,
    )


_FRAMES = ("text", "binary", "continuation", "ping", "pong", "close")


def _words(line: LineView) -> str:
    """What an arrow says: of a message of this chat its meaning, else its kind and size."""
    if line.what == "text" and line.fin:
        try:
            found = json.loads(line.payload)
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, dict):
            return " ".join(_spoken(found) if line.sent else _answered(found))
    size = f" {line.size} bytes" if line.size and line.what in _FRAMES[:3] else ""
    return f"{line.what}{size}{'' if line.fin else ', unfinished'}"


def _spoken(message: dict[str, Any]) -> Iterator[str]:
    kind = "/".join(str(message[name]) for name in ("type", "titletype") if message.get(name))
    yield kind or "message"
    if content := message.get("content"):
        yield f"“{content}”"
    elif message.get("read") is True:
        yield "receipt"


def _answered(frame: dict[str, Any]) -> Iterator[str]:
    yield str(frame.get("MsgStatus"))
    if frame.get("Result") is False:
        yield "refused"
    msg = frame.get("msg")
    if isinstance(msg, dict):
        yield from _spoken(msg)
    count = frame.get("NoReadQty")
    if count is not None:
        yield f"unread {count}"


def _fitting(words: str, width: int) -> str:
    """``words`` cut to about ``width`` px; what is written wide counts twice."""
    left = width / _CHAR_PX
    for place, character in enumerate(words):
        left -= 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if left < 1:
            return f"{words[:place]}…"
    return words


def short_name(name: str) -> str:
    """A lane's name as there is room for it: its end tells accounts apart."""
    return name if len(name) <= _NAME_CHARS else f"…{name[-_NAME_CHARS + 1 :]}"
