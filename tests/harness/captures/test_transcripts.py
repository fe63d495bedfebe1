"""Our own transcripts turned back into messages."""

import io
import json
from typing import Any

import msgspec
import pytest

from harness.captures import lines
from harness.captures.steps import (
    Author,
    CaptureDamaged,
    Closed,
    Lost,
    Message,
    NoCapture,
    Opened,
    Step,
)
from harness.captures.transcripts import CASE_NS, case_steps
from schemas.case_records import CaseRecord, TranscriptLine
from schemas.records import Footer, PartEnded, Record, encode
from schemas.verdicts import Level, Outcome
from tests.made_runs import made_run


def line(t_ms: float, actor: str, what: str, payload: str = "", **more: Any) -> TranscriptLine:
    size = more.pop("size", len(payload.encode()))
    return TranscriptLine(t_ms, actor, more.pop("sent", False), what, payload, size, **more)


def case(*found: TranscriptLine, name: str = "login-first") -> CaseRecord:
    return CaseRecord(
        id=name,
        group="login",
        level=Level.MUST,
        outcome=Outcome.PASSED,
        clauses=["login-first"],
        transcript=list(found),
    )


def steps(*found: TranscriptLine) -> list[Step]:
    return list(case_steps(case(*found), CASE_NS))


def test_an_actor_is_a_connection_from_its_opening_to_its_end() -> None:
    assert steps(
        line(0, "C1", "open", "GET / HTTP/1.1", sent=True),
        line(1, "C1", "open", "HTTP/1.1 101"),
        line(2, "C1", "text", "{}"),
        line(3, "C1", "close 1000"),
        line(4, "C1", "ended by a Close frame 1000"),
        line(5, "C1", "open", sent=True),
    ) == [
        Opened("login-first C1"),
        Message("login-first C1", False, "{}", CASE_NS + 2_000_000),
        Closed("login-first C1"),
        Opened("login-first C1 #2"),
        Closed("login-first C1 #2"),
    ]


def test_fragments_are_joined_around_control_frames() -> None:
    found = steps(
        line(1, "C1", "text", '{"a"', fin=False, sent=True),
        line(2, "C1", "ping"),
        line(3, "C1", "continuation", ":1}", sent=True),
    )
    assert [s.data for s in found if isinstance(s, Message)] == ['{"a":1}']


@pytest.mark.parametrize(
    "cut",
    [
        line(1, "C1", "text", "{" * 2000 + "…", size=70_000),
        line(1, "C1", "text", "*** hidden", size=40),
        line(1, "C1", "text", "\\xff", size=1),
        line(1, "C1", "continuation", "{}"),
    ],
)
def test_a_payload_that_is_not_what_travelled_is_not_whole(cut: TranscriptLine) -> None:
    assert [s.whole for s in steps(cut) if isinstance(s, Message)] == [False]


def test_where_lines_are_left_out_every_connection_has_lost_some() -> None:
    found = steps(
        line(0, "C1", "text", "{}"),
        line(1, "", "40 lines left out"),
        line(2, "S1", "text", "{}"),
    )
    assert [s.connection for s in found if isinstance(s, Lost)] == [
        "login-first C1",
        "login-first S1",
    ]


def log(*records: Record) -> bytes:
    return b"".join(encode(record) for record in (made_run().header, *records))


FOOTER = Footer(ended="", duration_s=1, partial=False, records=3)


def read(data: bytes) -> list[Step]:
    return list(lines.read(io.BytesIO(data), "run.ndjson"))  # type: ignore[arg-type]


def test_the_cases_of_a_run_log_are_read_and_its_author_is_known() -> None:
    part = PartEnded(name="conformance", duration_s=1, complete=True)
    found = read(log(case(line(0, "C1", "text", "{}")), case(name="b"), part, FOOTER))
    assert found[0] == Author()
    assert sum(isinstance(step, Message) for step in found) == 1


def test_a_log_without_cases_holds_no_messages() -> None:
    with pytest.raises(NoCapture, match="the log of a run without cases"):
        read(log(FOOTER))


def test_a_log_that_was_cut_short_says_so() -> None:
    with pytest.raises(CaptureDamaged, match="has no footer"):
        read(log(case(line(0, "C1", "text", "{}"))))
    with pytest.raises(CaptureDamaged, match="line 3 is no record"):
        read(log(case()) + b'{"kind":"ca')


def test_transcript_lines_by_themselves_are_a_capture_too() -> None:
    rows = [line(0, "C1", "open", sent=True), line(1, "C1", "text", "{}")]
    found = read(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))
    assert [s.data for s in found if isinstance(s, Message)] == ["{}"]
    with pytest.raises(CaptureDamaged, match="line 2"):
        read(msgspec.json.encode(rows[1]) + b"\n" + json.dumps({"what": 1}).encode() + b"\n")
