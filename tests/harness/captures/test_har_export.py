"""Our transcripts as HAR: inspected again they give what the run gave."""

import io
import json
import random
from pathlib import Path
from typing import Any

import pytest

from harness.captures.har_export import write_har
from harness.profile_rules import session_rules
from harness.session import Session
from harness.target import wire_dialect
from schemas.account_tokens import Identity
from schemas.case_records import CaseRecord, TranscriptLine
from schemas.findings import Finding
from schemas.judge import FrameJudge
from schemas.messages import InMsg, encode, image, receipt, text
from schemas.records import Footer
from schemas.records import encode as record_line
from schemas.registry import Direction
from schemas.verdicts import Level, Outcome
from schemas.words import Role
from tests.harness.captures.made_captures import (
    PROFILE,
    Frame,
    ack,
    delivery,
    inspected,
    login,
    refusal,
)
from tests.made_runs import made_run

ME = Identity("C1", Role.CUSTOMER, "name of C1")


class Live:
    """A live run of one connection: what its session found, and its transcript."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.lines: list[TranscriptLine] = [TranscriptLine(0, "C1", True, "open")]
        judge = FrameJudge(Direction.SERVER, wire_dialect(PROFILE))
        self.session = Session(ME, self.findings.append, session_rules(PROFILE), judge)

    def say(self, message: InMsg) -> None:
        self._write(self.session.send(message, 0), sent=True)

    def hear(self, frame: Frame | bytes) -> None:
        data = frame if isinstance(frame, bytes) else json.dumps(frame, ensure_ascii=False).encode()
        self.session.receive(data)
        self._write(data, sent=False)

    def _write(self, data: bytes, *, sent: bool) -> None:
        line = TranscriptLine(len(self.lines), "C1", sent, "text", data.decode(), len(data))
        self.lines.append(line)

    def case(self) -> CaseRecord:
        return CaseRecord(
            id="text-says",
            group="text",
            level=Level.MUST,
            outcome=Outcome.FAILED,
            clauses=["ack-order"],
            transcript=self.lines,
        )


def faulty(chance: random.Random) -> Live:
    """A conversation in which the server does whatever it likes."""
    live = Live()
    live.hear(login())
    live.say(text("who am I"))
    live.hear(ack("C1", "text", "who am I"))
    for number in range(30):
        words = f"words {number}"
        match chance.randrange(9):
            case 0:
                live.hear(delivery("S1", words, chance.randrange(4)))
            case 1:
                live.say(receipt())
                live.hear(ack("C1", "text", ""))
            case 2:
                live.hear({"MsgStatus": "Receive", "Result": chance.choice([True, "true", None])})
            case 3:
                live.hear(b'{"MsgStatus":"Send","Result":true,"Result":false,"Error":""}')
            case 4:
                live.hear(chance.choice([refusal(""), login(), {"msgStatus": "Login"}]))
            case 5:
                live.hear(b'{"MsgStatus"')
            case 6:
                live.say(image(words))
            case _:
                live.say(text(words))
                live.hear(
                    ack(chance.choice(["C1", "C1", "C2"]), "text", chance.choice([words, "x"]))
                )
    return live


def told(findings: list[Finding]) -> set[tuple[Any, ...]]:
    return {(f.clause, f.expected, f.actual, f.pointer, f.frame) for f in findings}


@pytest.mark.parametrize("seed", range(12))
def test_an_exported_run_inspected_tells_what_the_run_told(seed: int, tmp_path: Path) -> None:
    live = faulty(random.Random(seed))
    out = io.BytesIO()
    assert write_har([live.case()], out) == 1
    footer = Footer(ended="", duration_s=1, partial=False, records=2)
    log = b"".join(map(record_line, (made_run().header, live.case(), footer)))
    first: dict[str, Finding] = {}
    for finding in live.findings:
        first.setdefault(finding.clause, finding)
    assert len(first) > 3
    for capture in (out.getvalue(), log):
        cases, _ = inspected(capture, tmp_path)
        found = {slug: case.findings[0] for slug, case in cases.items() if case.findings}
        assert told(list(found.values())) == told(list(first.values()))
        counts = {slug: sum(f.clause == slug for f in live.findings) for slug in first}
        times = {n: "once" if count == 1 else f"{count} times" for n, count in counts.items()}
        assert {s: cases[s].message.split(";")[0] for s in found} == {
            slug: f"broken {word}" for slug, word in times.items()
        }


def test_what_a_transcript_left_out_is_marked_in_the_har(tmp_path: Path) -> None:
    live = Live()
    live.hear(login())
    live.lines.append(TranscriptLine(5, "", False, "40 lines left out"))
    live.hear(ack("C1", "text", "to what?"))
    out = io.BytesIO()
    write_har([live.case()], out)
    cases, notes = inspected(out.getvalue(), tmp_path)
    assert not any(case.findings for case in cases.values())
    assert any("judged frame by frame" in note for note in notes)


def test_a_har_has_what_the_format_demands() -> None:
    live = Live()
    live.hear(login())
    live.say(text("您好"))
    out = io.BytesIO()
    write_har([live.case(), live.case()], out)
    log = json.loads(out.getvalue())["log"]
    assert (log["version"], log["creator"]["name"]) == ("1.2", "chatsocket-harness")
    entry = log["entries"][1]
    demanded = {"startedDateTime", "time", "request", "response", "cache", "timings"}
    assert demanded <= set(entry)
    assert entry["response"]["status"] == 101
    sent = entry["_webSocketMessages"][1]
    assert sent["data"] == encode(text("您好")).decode()
    assert (sent["type"], sent["opcode"]) == ("send", 1)


def test_a_run_without_connections_is_an_empty_har() -> None:
    out = io.BytesIO()
    assert write_har([], out) == 0
    assert json.loads(out.getvalue())["log"]["entries"] == []
