"""Runs made by hand, for whatever judges runs."""

from typing import Any

from schemas.case_records import CaseRecord
from schemas.histogram import Histogram, HistogramData
from schemas.ledger_totals import LedgerTotals
from schemas.load_records import (
    Connections,
    Frames,
    LoadBegan,
    LoadTotals,
    Metric,
    Observed,
    Rate,
    Second,
)
from schemas.marks import Mark
from schemas.records import Footer, Header, PartEnded, Target
from schemas.run_log import Run
from schemas.server_side import CPU, MEMORY
from schemas.verdicts import Level, Outcome


def latencies(*milliseconds: float, times: int = 1) -> HistogramData:
    histogram = Histogram()
    for value in milliseconds:
        histogram.record(round(value * 1_000), times)
    return histogram.data()


def case(
    outcome: Outcome = Outcome.PASSED, level: Level = Level.MUST, name: str = "login/first"
) -> CaseRecord:
    return CaseRecord(
        id=name, group=name.partition("/")[0], level=level, outcome=outcome, clauses=["login-first"]
    )


def metric(name: str = "ack", data: HistogramData | None = None, **unanswered: int) -> Metric:
    data = data if data is not None else latencies(2, times=2_000)
    return Metric(name=name, latency=data, service=data, **unanswered)


def totals(**changes: Any) -> LoadTotals:
    ledger = LedgerTotals(
        **{"sent": 2_000, "acked": 2_000, "expected_deliveries": 9, "delivered": 9}
        | changes.pop("ledger", {})
    )
    fields: dict[str, Any] = {
        "rate": Rate(asked=100, due=2_000, sent_in_time=2_000, unsent=0),
        "connections": Connections(asked=10, opened=10),
        "ledger": ledger,
        "frames": Frames(sent=2_000, received=4_000),
    }
    return LoadTotals(**fields | changes)


def made_run(**changes: Any) -> Run:
    """A green run of both parts, with whatever a test changes about it."""
    parts = changes.pop("asked", ["conformance", "load"])
    header = Header(
        log_version="1.0",
        run_id="r1",
        started="2026-11-22T10:00:00.000Z",
        command=["chatsocket", "run"],
        seed=7,
        parts=parts,
        target=Target(url="ws://127.0.0.1:1/", profile_name="default", profile={}),
        versions={},
        machine={},
    )
    fields: dict[str, Any] = {
        "header": header,
        "cases": [case()],
        "plan": None,
        "seconds": [],
        "metrics": {"ack": metric()},
        "totals": totals(),
        "generators": [],
        "anomalies": [],
        "violations": [],
        "errors": [],
        "notes": [],
        "parts": [PartEnded(name=name, duration_s=1, complete=True) for name in parts],
        "footer": Footer(ended="", duration_s=2, partial=False, records=1),
        "damaged": [],
    }
    return Run(**fields | changes)


def observed_run(*marks: Mark) -> Run:
    """A green run of ten seconds, beside which the server was looked at."""
    return made_run(
        began=LoadBegan(at="2026-11-22T10:00:05.000Z"),
        observed=[
            Observed(source="<page>", at_s=at, values={CPU: at / 10, MEMORY: 1 << 20})
            for at in range(11)
        ],
        seconds=[Second(second=number, counts={"acked": 100}) for number in range(10)],
        marks=list(marks),
    )
