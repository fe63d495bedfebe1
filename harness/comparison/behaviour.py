"""How a server makes the choices that the page leaves to it, read from the transcripts of cases.

A fingerprint maps each choice to every way in which it was made: close codes, refusals' texts, HTTP
statuses, and the members of each kind of frame in their order. Judges nothing.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from schemas.case_records import CaseRecord, TranscriptLine
from schemas.comparison import BehaviourChange

Fingerprint = Mapping[str, frozenset[str]]

_VARYING = re.compile(r"[0-9a-z]{6}\.[0-9a-f]{6}|\d+")
"""What differs between two runs of one case: contents made for it, and numbers."""

_TEXT_CHARS = 160


def fingerprint(cases: Iterable[CaseRecord]) -> Fingerprint:
    """Every open choice seen in these cases' transcripts. Lines cut short are passed over."""
    seen = defaultdict[str, set[str]](set)
    for case in cases:
        for line in case.transcript:
            for choice, way in _choices(case.id, line):
                seen[choice].add(way)
    return {choice: frozenset(ways) for choice, ways in seen.items()}


def united(prints: Iterable[Fingerprint]) -> Fingerprint:
    """One fingerprint of several runs of one server."""
    seen = defaultdict[str, frozenset[str]](frozenset)
    for each in prints:
        for choice, ways in each.items():
            seen[choice] |= ways
    return seen


def changes(base: Fingerprint, candidate: Fingerprint) -> list[BehaviourChange]:
    """The choices seen on both sides and made differently, by name."""
    return [
        BehaviourChange(
            choice=choice,
            gone=sorted(base[choice] - candidate[choice]),
            new=sorted(candidate[choice] - base[choice]),
        )
        for choice in sorted(base.keys() & candidate.keys())
        if base[choice] != candidate[choice]
    ]


def _choices(case_id: str, line: TranscriptLine) -> Iterator[tuple[str, str]]:
    if line.sent:
        return
    if line.what.startswith("close"):
        yield f"close code in {case_id}", line.what.removeprefix("close").strip() or "none"
    elif line.what == "open" and line.payload.startswith("HTTP/"):
        yield f"HTTP status in {case_id}", line.payload.split(maxsplit=2)[1]
    elif line.what == "text":
        yield from _of_frame(case_id, line.payload)


def _of_frame(case_id: str, payload: str) -> Iterator[tuple[str, str]]:
    try:
        frame: Any = json.loads(payload)
    except (ValueError, RecursionError):
        return
    if not isinstance(frame, dict):
        return
    status = str(frame.get("MsgStatus"))[:_TEXT_CHARS]
    yield f"members of {status}", " ".join(frame)
    if isinstance(frame.get("msg"), dict):
        yield f"members of msg in {status}", " ".join(frame["msg"])
    if isinstance(frame.get("Error"), str) and frame.get("Result") is False:
        yield f"Error in {case_id}", _VARYING.sub("#", frame["Error"])[:_TEXT_CHARS]
