"""A case's transcript as a page shows it: who sent what to whom, with the guilty frames marked."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.allowance import Allowance
from schemas.case_records import TranscriptLine

_ALIKE_CHARS = 200


@dataclass(frozen=True, slots=True)
class Room:
    """How much of a transcript is shown: its first and last lines, and so much of each payload.

    Where a guilty frame lies between them, they give way to what surrounds the first one.
    """

    head: int
    tail: int
    payload_chars: int

    def kept(self, count: int, guilty: int | None) -> set[int]:
        """The positions shown of ``count`` lines; ``guilty`` is that of the first guilty one."""
        ends = {n for n in range(count) if n < self.head or n >= count - self.tail}
        if guilty is None or guilty in ends:
            return ends
        whole = self.head + self.tail
        edge, before = whole // 6, whole // 3
        around = range(guilty - before, guilty + whole - 2 * edge - before)
        return {n for n in range(count) if n < edge or n in around or n >= count - edge}


FULL = Room(head=12, tail=28, payload_chars=1_000)
BRIEF = Room(head=5, tail=7, payload_chars=200)


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
    lines: Sequence[TranscriptLine], frames: Sequence[str], allowance: Allowance, room: Room = FULL
) -> list[LineView | Gap]:
    """The ends of ``lines`` that ``room`` gives, as far as paid for; gaps say what is missing."""
    guilty = {_alike(frame) for frame in frames if frame}
    first = next((n for n, line in enumerate(lines) if _is_guilty(line, guilty)), None)
    wanted = room.kept(len(lines), first)
    kept: list[LineView | Gap] = []
    skipped = 0
    for position, line in enumerate(lines):
        if position not in wanted or allowance.spent:
            skipped += 1
            continue
        if skipped:
            kept.append(Gap(skipped))
            skipped = 0
        kept.append(_line(line, guilty, allowance, room.payload_chars))
    return [*kept, Gap(skipped)] if skipped else kept


def _alike(text: str) -> str:
    """A frame without its blanks: findings may show it written anew."""
    return "".join(text[: 2 * _ALIKE_CHARS].split())[:_ALIKE_CHARS]


def _is_guilty(line: TranscriptLine, guilty: set[str]) -> bool:
    return not line.sent and bool(line.payload) and _alike(line.payload) in guilty


def _line(
    line: TranscriptLine, guilty: set[str], allowance: Allowance, payload_chars: int
) -> LineView:
    return LineView(
        t_ms=line.t_ms,
        actor=allowance.text(line.actor, 40),
        sent=line.sent,
        what=allowance.text(line.what, 80),
        payload=allowance.text(line.payload, payload_chars) if line.payload else "",
        size=line.size,
        fin=line.fin,
        guilty=_is_guilty(line, guilty),
    )
