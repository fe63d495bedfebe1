"""Reads captures of one JSON object a line: run logs, transcripts, and frames.

A line is one of

- a record of a run log (``run.ndjson``): the transcripts of its cases are judged,
- a line of a transcript: ``{"t_ms": …, "actor": …, "sent": …, "what": "text", "payload": …}``,
- a wrapped frame: ``{"sent": true, "data": "…"}`` with, if known, ``t`` (seconds), ``connection``
  (a name) and ``binary`` (then ``data`` is base64); ``data`` may be an object instead of its text,
- a message as HAR files hold it: ``{"type": "send", "time": …, "opcode": 1, "data": "…"}``
  (Playwright attaches such files to its HAR),
- anything else is itself a frame that the server sent.
"""

import base64
import binascii
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec
import orjson

from harness.captures.har import message_of
from harness.captures.steps import CaptureDamaged, Closed, Message, NoCapture, Opened, Steps
from harness.captures.transcripts import CaseTranscript, run_steps
from schemas.case_records import TranscriptLine

MAX_LINE_BYTES = 16 << 20
MAX_CONNECTIONS = 10_000

_ONLY = "connection"
_WRAPPED = {"sent", "data"}
_HAR_MEMBERS = {"type", "opcode", "data"}


class Line(msgspec.Struct, frozen=True):
    """One line without its end. ``number`` counts from 1; ``ended`` is false at the file's end."""

    number: int
    data: bytes
    ended: bool


def read(stream: BinaryIO, name: str) -> Steps:
    """The steps of the lines in ``stream``; see :func:`harness.captures.source.open_source`."""
    found = _lines(stream, name)
    first = next(found, None)
    if first is None:
        raise NoCapture(name, "is empty")
    value = _object(first.data)
    if value is None:
        raise NoCapture(name, "is no capture: its first line is no JSON object")
    rest = _again(first, found)
    if value.get("kind") == "header" and "log_version" in value:
        return run_steps(((line.number, line.data) for line in rest), name)
    if "what" in value and "actor" in value:
        return _transcript(rest, name)
    return _frames(rest, name)


def _lines(stream: BinaryIO, name: str) -> Iterator[Line]:
    """Every line that is not blank; CaptureDamaged at one that is too long."""
    number = 0
    while data := stream.readline(MAX_LINE_BYTES + 1):
        number += 1
        if len(data) > MAX_LINE_BYTES:
            why = f"has a line of more than {MAX_LINE_BYTES >> 20} MiB (line {number})"
            raise (NoCapture if number == 1 else CaptureDamaged)(name, why)
        if text := data.strip():
            yield Line(number, text, data.endswith(b"\n"))


def _again(first: Line, rest: Iterator[Line]) -> Iterator[Line]:
    yield first
    yield from rest


def _object(data: bytes) -> dict[str, Any] | None:
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict) else None


def _damaged(name: str, line: Line) -> CaptureDamaged:
    why = "is no such line" if line.ended else "breaks off in the middle"
    return CaptureDamaged(name, f"is damaged: line {line.number} {why}")


# Transcripts


def _transcript(lines: Iterator[Line], name: str) -> Steps:
    case = CaseTranscript("", 0)
    for line in lines:
        try:
            said = msgspec.json.decode(line.data, type=TranscriptLine)
        except (msgspec.DecodeError, UnicodeDecodeError):
            yield from case.end()
            raise _damaged(name, line) from None
        yield from case.take(said)
    yield from case.end()


# Frames


def _frames(lines: Iterator[Line], name: str) -> Steps:
    opened: dict[str, None] = {}
    for line in lines:
        for message in _messages(line, name):
            if message.connection not in opened:
                opened[message.connection] = None
                yield Opened(message.connection)
            if len(opened) > MAX_CONNECTIONS:
                raise CaptureDamaged(name, f"names more than {MAX_CONNECTIONS} connections")
            yield message
    for connection in opened:
        yield Closed(connection)


def _messages(line: Line, name: str) -> Iterator[Message]:
    """The message in a line; none where it is a control frame."""
    value = _object(line.data)
    members = value.keys() if value is not None else set()
    if value is None and not line.ended:
        raise _damaged(name, line)
    if value is not None and members >= _WRAPPED:
        message = _unwrapped(value)
        if message is None:
            raise _damaged(name, line)
        yield message
    elif value is not None and members >= _HAR_MEMBERS:
        message = message_of(_ONLY, value)
        if message is not None:
            yield message
    else:
        yield Message(_ONLY, False, line.data)


def _unwrapped(value: dict[str, Any]) -> Message | None:
    """The message of a wrapped frame; None where it is none."""
    sent, data, binary = value["sent"], value["data"], value.get("binary") is True
    if isinstance(data, dict):
        data = orjson.dumps(data)
    if not isinstance(sent, bool) or not isinstance(data, str | bytes):
        return None
    if binary:
        try:
            data = base64.b64decode(data, validate=True)
        except (binascii.Error, ValueError):
            return None
    connection = str(value.get("connection") or _ONLY)[:100]
    return Message(connection, sent, data, _nanoseconds(value.get("t")), not binary)


def _nanoseconds(seconds: object) -> int | None:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    return int(seconds * 1e9) if abs(seconds) < 1e12 else None
