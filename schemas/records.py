"""The run log's records: one JSON object a line in ``run.ndjson``, told apart by ``kind``.

The log is the product: reports, gate and compare read it alone. A log begins with a header and ends
with a footer; one without its footer is a partial run.
"""

from typing import Any

import msgspec

from schemas.case_records import CaseRecord, SuitePlanned
from schemas.load_records import (
    Aborted,
    Anomaly,
    Generator,
    LoadBegan,
    LoadPlanned,
    LoadTotals,
    Metric,
    Observed,
    Second,
    SlowMessage,
    Violation,
)
from schemas.log_record import LogRecord

LOG_VERSION = "1.3"


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """What was tested. ``profile`` is the target profile without secrets."""

    url: str
    profile_name: str
    profile: dict[str, Any]


class Header(LogRecord, frozen=True, kw_only=True, tag="header"):
    """The first line: everything needed to understand and repeat the run, secrets left out.

    ``started`` is RFC 3339; ``parts`` names what was asked for: ``conformance``, ``load``.
    """

    log_version: str
    run_id: str
    started: str
    command: list[str]
    seed: int
    parts: list[str]
    target: Target
    versions: dict[str, str]
    machine: dict[str, Any]


class OwnFault(LogRecord, frozen=True, kw_only=True, tag="error"):
    """A fault of the harness itself, with its traceback. A run that has one cannot be green."""

    where: str
    message: str
    traceback: str = ""


class Note(LogRecord, frozen=True, kw_only=True, tag="note"):
    """Something a reader should know that judges nothing."""

    text: str


class PartEnded(LogRecord, frozen=True, kw_only=True, tag="part"):
    """A part of the run is over. ``reason`` says why an incomplete one ended early."""

    name: str
    duration_s: float
    complete: bool
    reason: str = ""


class Footer(LogRecord, frozen=True, kw_only=True, tag="footer"):
    """The last line. ``records`` counts all lines before it."""

    ended: str
    duration_s: float
    partial: bool
    records: int


Record = (
    Header
    | SuitePlanned
    | CaseRecord
    | LoadPlanned
    | Second
    | Metric
    | LoadTotals
    | Generator
    | Anomaly
    | SlowMessage
    | Violation
    | OwnFault
    | Note
    | LoadBegan
    | Observed
    | Aborted
    | PartEnded
    | Footer
)

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[Record] = msgspec.json.Decoder(Record)


def encode(record: Record) -> bytes:
    """The record as one line of JSON, newline included."""
    return _encoder.encode(record) + b"\n"


def decode(line: bytes) -> Record:
    """The record of one line; msgspec.DecodeError (ValidationError) when it is none."""
    return _decoder.decode(line)
