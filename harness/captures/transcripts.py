"""Turns this harness's own transcripts back into messages.

A transcript is made for readers: long payloads are cut, secrets hidden, the middle of a long one
left out. Where that happened the messages are not whole, and this says so.
"""

from collections.abc import Iterator

import msgspec

from harness.captures.steps import (
    Author,
    CaptureDamaged,
    Closed,
    Lost,
    Message,
    NoCapture,
    Opened,
    Step,
    Steps,
)
from schemas.case_records import CaseRecord, TranscriptLine
from schemas.records import Footer, Header, Record, decode

CASE_NS = 10**13
"""Cases lie this far apart: a transcript's times count from its own case's start."""

MAX_FRAGMENTS = 1_000

_GAP = "lines left out"


def run_steps(lines: Iterator[tuple[int, bytes]], name: str) -> Steps:
    """The steps of a run log's numbered lines."""
    yield Author()
    cases = 0
    last: Record | None = None
    for number, line in lines:
        try:
            last = decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise CaptureDamaged(name, f"is damaged: line {number} is no record") from None
        if isinstance(last, CaseRecord):
            cases += 1
            yield from case_steps(last, cases * CASE_NS)
    if isinstance(last, Header) or not cases:
        raise NoCapture(name, "is the log of a run without cases, so it holds no messages")
    if not isinstance(last, Footer):
        raise CaptureDamaged(name, "has no footer: the run that wrote it was cut short")


def case_steps(record: CaseRecord, start_ns: int) -> Steps:
    """The steps of one case's transcript, whose times count from ``start_ns``."""
    case = CaseTranscript(f"{record.id} ", start_ns)
    for line in record.transcript:
        yield from case.take(line)
    yield from case.end()


class CaseTranscript:
    """Follows the lines of one transcript. Its connections are named ``prefix`` and the actor."""

    def __init__(self, prefix: str, start_ns: int) -> None:
        self._prefix = prefix
        self._start_ns = start_ns
        self._open: dict[str, str] = {}
        self._times: dict[str, int] = {}
        self._parts: dict[tuple[str, bool], list[TranscriptLine]] = {}
        self._gap = False

    def take(self, line: TranscriptLine) -> Iterator[Step]:
        """One line; the steps that it completes."""
        if not line.actor and line.what.endswith(_GAP):
            self._gap = True
            self._parts.clear()
            for connection in self._open.values():
                yield Lost(connection, "its transcript leaves lines out")
        elif line.what == "open" and line.sent:
            yield from self._close(line.actor)
            yield from self._begin(line.actor, gap=False)
        elif line.what.startswith("ended by"):
            yield from self._close(line.actor)
        elif line.what in ("text", "binary", "continuation"):
            yield from self._frame(line)

    def end(self) -> Iterator[Step]:
        """The transcript is over."""
        for actor in list(self._open):
            yield from self._close(actor)

    def _begin(self, actor: str, *, gap: bool) -> Iterator[Step]:
        number = self._times[actor] = self._times.get(actor, 0) + 1
        again = f" #{number}" if number > 1 else ""
        connection = self._open[actor] = f"{self._prefix}{actor}{again}"
        yield Opened(connection)
        if gap:
            yield Lost(connection, "its transcript leaves lines out")

    def _close(self, actor: str) -> Iterator[Step]:
        connection = self._open.pop(actor, None)
        if connection is not None:
            yield Closed(connection)

    def _frame(self, line: TranscriptLine) -> Iterator[Step]:
        """A data frame; a message when it is the last of one (RFC 6455 §5.4)."""
        if line.actor not in self._open:
            yield from self._begin(line.actor, gap=self._gap)
        key = (line.actor, line.sent)
        if line.what != "continuation":
            self._parts[key] = []
        parts = self._parts.setdefault(key, [])
        if len(parts) < MAX_FRAGMENTS:
            parts.append(line)
        if line.fin:
            del self._parts[key]
            yield self._message(self._open[line.actor], parts)

    def _message(self, connection: str, parts: list[TranscriptLine]) -> Message:
        first, last = parts[0], parts[-1]
        payload = "".join(part.payload for part in parts)
        size = sum(part.size for part in parts)
        at_ns = self._start_ns + round(last.t_ms * 1e6)
        whole = last.fin and first.what != "continuation"
        whole = whole and len(payload.encode("utf-8", "replace")) == size
        return Message(connection, last.sent, payload, at_ns, first.what != "binary", whole)
