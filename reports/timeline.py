"""A case's transcript as a page shows it: who sent what to whom, with the guilty frames marked."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.allowance import Allowance
from schemas.records import TranscriptLine

_HEAD_LINES = 12
_TAIL_LINES = 28
_PAYLOAD_CHARS = 1_000
_ALIKE_CHARS = 200


@dataclass(frozen=True, slots=True)
class LineView:
    """One frame or event. ``guilty`` marks the frame that a finding is about."""

    t_ms: float
    actor: str
    sent: bool
    what: str
    payload: str
    size: int
    fin: bool
    guilty: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """``lines`` of the transcript that the page leaves out here."""

    lines: int


def timeline(
    lines: Sequence[TranscriptLine], frames: Sequence[str], allowance: Allowance
) -> list[LineView | Gap]:
    """The first and the last of ``lines``, as far as there is room; gaps say what is missing."""
    guilty = {frame[:_ALIKE_CHARS] for frame in frames if frame}
    kept: list[LineView | Gap] = []
    skipped = 0
    for position, line in enumerate(lines):
        middle = _HEAD_LINES <= position < len(lines) - _TAIL_LINES
        if middle or allowance.spent:
            skipped += 1
            continue
        if skipped:
            kept.append(Gap(skipped))
            skipped = 0
        kept.append(_line(line, guilty, allowance))
    return [*kept, Gap(skipped)] if skipped else kept


def _line(line: TranscriptLine, guilty: set[str], allowance: Allowance) -> LineView:
    return LineView(
        t_ms=line.t_ms,
        actor=allowance.text(line.actor, 40),
        sent=line.sent,
        what=allowance.text(line.what, 80),
        payload=allowance.text(line.payload, _PAYLOAD_CHARS) if line.payload else "",
        size=line.size,
        fin=line.fin,
        guilty=not line.sent and line.payload[:_ALIKE_CHARS] in guilty,
    )
