"""A run made by hand, with one of everything and hostile text in every place that a target fills.

Golden files are rewritten with ``pytest tests/reports --refresh-golden`` and in no other way.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from reports.material import Material, read_material
from schemas.case_records import CaseRecord, SuitePlanned, TranscriptLine
from schemas.expectations import Expectation, ExpectationResult, Standing
from schemas.findings import Finding
from schemas.histogram import Histogram, HistogramData
from schemas.ledger_totals import LedgerTotals
from schemas.load_records import (
    Anomaly,
    Connections,
    Frames,
    Generator,
    LoadPlanned,
    LoadTotals,
    Metric,
    Rate,
    Second,
    Violation,
)
from schemas.records import Footer, Header, Note, OwnFault, PartEnded, Record, Target, encode
from schemas.run_log import RUN_LOG
from schemas.verdict_file import ThresholdOutcome, ThresholdResult, VerdictFile, write_verdict
from schemas.verdicts import ExitCode, Level, Outcome, Verdict
from tests.reports.chromium import browser, open_report

__all__ = ["browser", "open_report"]

HOSTILE = (
    "<script>alert(1)</script><img src=http://evil.example/x onerror=alert(2)> "
    "\x1b[31mred\x1b[0m \x00\x07\u202e [bold]b[/bold] | `c` ]]> & \"q\" 'p' {{ 7*7 }}"
)
GOLDEN = Path(__file__).parent / "golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--refresh-golden", action="store_true", help="rewrite the golden files")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Holds a text against its golden file, or rewrites the file when told to."""

    def compare(name: str, text: str) -> None:
        file = GOLDEN / name
        if request.config.getoption("--refresh-golden", default=False):
            file.write_text(text, "utf-8", newline="\n")
        assert file.exists(), f"no {file}; run pytest tests/reports --refresh-golden"
        assert text == file.read_text("utf-8")

    return compare


@pytest.fixture
def hostile() -> str:
    return HOSTILE


MakeRun = Callable[..., Path]


@pytest.fixture
def make_run(tmp_path: Path) -> MakeRun:
    """Writes a run folder from records; a header and a footer come by themselves."""

    def make(
        *records: Record,
        parts: tuple[str, ...] = (),
        footer: bool = True,
        verdict: VerdictFile | None = None,
        junk: bytes = b"",
    ) -> Path:
        folder = tmp_path / "run"
        folder.mkdir(exist_ok=True)
        lines: list[Record] = [header(parts), *records]
        if footer:
            lines.append(
                Footer(
                    ended="2026-11-22T10:32:01.900Z", duration_s=57.782, partial=False, records=2
                )
            )
        (folder / RUN_LOG).write_bytes(junk.join(map(encode, lines)))
        if verdict is not None:
            write_verdict(folder, verdict)
        return folder

    return make


@pytest.fixture
def sample(make_run: MakeRun) -> Path:
    """The folder of a run that has one of everything."""
    return make_run(
        SuitePlanned(options={}),
        *cases(),
        PartEnded(name="conformance", duration_s=9.1, complete=True),
        *load(),
        PartEnded(name="load", duration_s=41.0, complete=True),
        Note(text=f"a note {HOSTILE}"),
        OwnFault(where="swarm.pacer", message=f"ValueError {HOSTILE}", traceback=f"Tb\n{HOSTILE}"),
        parts=("conformance", "load"),
        verdict=verdict(),
    )


@pytest.fixture
def material(sample: Path) -> Material:
    return replace(read_material(sample), folder="runs/a b")


@pytest.fixture
def passing(make_run: MakeRun) -> Path:
    """The folder of a small green run of conformance alone."""
    return make_run(
        case("login.first", Outcome.PASSED),
        PartEnded(name="conformance", duration_s=1.0, complete=True),
        parts=("conformance",),
        verdict=VerdictFile(verdict=Verdict.PASSED, exit_code=ExitCode.PASSED, reasons=[]),
    )


@pytest.fixture
def make_case() -> Callable[..., CaseRecord]:
    return case


def header(parts: tuple[str, ...]) -> Header:
    return Header(
        log_version="1.0",
        run_id="20261122-103104-7f3a",
        started="2026-11-22T10:31:04.118Z",
        command=["chatsocket", "run", "--out", "runs/a b"],
        seed=20261122,
        parts=list(parts),
        target=Target(
            url="ws://127.0.0.1:41873/api/ChatSocket/WebSocket",
            profile_name="reference",
            profile={"dialect": {"tier": "strict"}, "data": {"other_topics": [HOSTILE]}},
        ),
        versions={"chatsocket-harness": "0.1.0", "python": "3.11.2"},
        machine={"system": "Linux 6.1", "processor": "x86_64", "cores": 2},
    )


def case(name: str, outcome: Outcome, **more: Any) -> CaseRecord:
    defaults: dict[str, Any] = {
        "group": name.partition(".")[0],
        "level": Level.MUST,
        "clauses": ["out-result-type"],
        "title": "`Result` is a boolean",
        "duration_ms": 12.5,
    }
    return CaseRecord(id=name, outcome=outcome, **(defaults | more))


def cases() -> list[CaseRecord]:
    frame = '{"MsgStatus":"Send","Result":"true"}'
    finding = Finding(
        "out-result-type", Level.MUST, "a boolean", f"a string {HOSTILE}", "/Result", frame
    )
    transcript = [
        TranscriptLine(1.25, "C1", True, "open"),
        TranscriptLine(3.5, "C1", True, "text", f'{{"content":"{HOSTILE}"}}', 200),
        TranscriptLine(4.75, "C1", False, "text", frame, len(frame)),
        TranscriptLine(6.0, "C1", False, "close 1000"),
    ]
    should, told = Level.SHOULD, f"needs login.first {HOSTILE}"
    return [
        case("login.first", Outcome.PASSED, transcript=transcript[:1]),
        case(
            "envelope.result", Outcome.FAILED, message=HOSTILE, findings=[finding],
            transcript=transcript,
        ),
        case(
            "envelope.error-text", Outcome.NON_STRICT, level=should, message="differs",
            profile_line='dialect.ack = "bare"', clauses=["ack-echo"],
        ),
        case("delivery.once", Outcome.BLOCKED, message=told),
        case("delivery.order", Outcome.ERROR, message="no answer"),
        case("staff.offer", Outcome.NOT_APPLICABLE, level=should, message="offers are off"),
        case("staff.known", Outcome.FAILED, message="not yet done", clauses=["gone"]),
    ]  # fmt: skip


def spread(base_us: int, count: int = 20) -> HistogramData:
    collected = Histogram()
    for step in range(count):
        collected.record(base_us + step * base_us // 10)
    return collected.data()


def load() -> list[Record]:
    ack, deliver = spread(2_000, 200), spread(3_000, 200)
    return [
        LoadPlanned(
            scenario="customers-and-staff", model="open", rate=20, duration_s=10, warm_up_s=0,
            customers=8, staff=2, workers=1, seed=7,
        ),
        *(
            Second(
                second=second,
                counts={"due": 20, "sent": 20, "acked": 20 - (second == 5), "open": 10},
                latencies={"ack": spread(2_000 + 100 * second), "deliver": spread(3_000)},
            )
            for second in range(10)
        ),
        Metric(name="ack", latency=ack, service=ack, timeouts=3),
        Metric(name="deliver", latency=deliver, service=deliver),
        Metric(name="replay", latency=HistogramData(), service=HistogramData()),
        LoadTotals(
            rate=Rate(asked=20, due=200, sent_in_time=198, unsent=2),
            connections=Connections(
                asked=10, opened=10, dropped_by_server=1, close_codes={"1006": 1}
            ),
            ledger=LedgerTotals(
                sent=198, acked=194, refused=1, unknown=3, expected_deliveries=194, delivered=190,
                lost=3, in_flight=1, duplicated=2, redelivered=12, foreign=1,
            ),
            frames=Frames(sent=230, received=421, invalid=2),
        ),
        Generator(
            worker=0, loop_lag_p99_us=2_100, schedule_lag_p99_us=24_000, cpu_share=0.93,
            core_wait_share=0.21, saturated=True, reasons=["schedule lag p99 is over 20 ms"],
        ),
        Anomaly(word="lost", detail=f"message 41 {HOSTILE}", at_s=4.2, frames=[HOSTILE, "{}"]),
        Violation(
            finding=Finding(
                "out-result-type", Level.MUST, "a boolean", HOSTILE, "/Result", HOSTILE
            ),
            count=2,
        ),
        Violation(
            finding=Finding("ack-echo", Level.SHOULD, "an echo", "none"), count=5,
            outcome=Outcome.NON_STRICT,
        ),
    ]  # fmt: skip


def verdict() -> VerdictFile:
    def threshold(text: str, value: float | None, limit: float, outcome: str) -> ThresholdResult:
        note = "200 samples; 1,000 are needed" if value is None else ""
        return ThresholdResult(
            text=text, value=value, limit=limit, outcome=ThresholdOutcome(outcome), note=note
        )

    return VerdictFile(
        verdict=Verdict.FAILED,
        exit_code=ExitCode.FAILED,
        reasons=["failed: 1 case: envelope.result", f"lost: 3 messages {HOSTILE}"],
        expectations=[
            ExpectationResult(
                entry=Expectation(
                    cases=("staff.*",),
                    reason=f"to be done {HOSTILE}",
                    ticket="CHAT-7",
                    expires=date(2027, 1, 31),
                ),
                standing=Standing.MET,
                cases={"staff.known": Outcome.EXPECTED_FAILURE},
            )
        ],
        thresholds=[
            threshold("error_rate < 0.1%", 0.0238, 0.001, "missed"),
            threshold("p50(ack) < 500ms", 21_800, 500_000, "met"),
            threshold("p99(ack) < 500ms", None, 500_000, "no-verdict"),
        ],
    )
