"""Every figure of a run that a threshold may name, and where the run keeps it."""

import operator
from collections.abc import Callable, Mapping
from functools import cache, partial

from harness.thresholds.windows import OPEN, RECEIVED, windowed
from schemas.ledger_totals import LedgerTotals
from schemas.load_records import LoadTotals
from schemas.run_log import Run
from schemas.summary import error_rate
from schemas.verdicts import Level, Outcome

METRICS = (
    "ack",
    "connect",
    "deliver",
    "deliver_remote",
    "first_answer",
    "first_answer_remote",
    "login",
    "offer",
    "offer_remote",
    "reconnect",
    "replay",
    "replay_remote",
    "staff_ack",
    "staff_deliver",
    "staff_deliver_remote",
    "staff_replay",
    "staff_replay_remote",
)
"""The latency series (measurement §4); ``_remote`` ones ran from one host to another."""

ASKED = "asked"
"""The one figure that limits are multiples of: the rate that was asked for."""

CONFORMANCE = "conformance"

Figure = Callable[[Run], float | None]


@cache
def figures() -> Mapping[str, Figure]:
    """All of them by name; each is None where the run lacks it."""
    return _load_figures() | _case_counts()


def _load_figures() -> dict[str, Figure]:
    of_totals: dict[str, Callable[[LoadTotals], float | None]] = {
        word: operator.attrgetter(f"ledger.{word}") for word in LedgerTotals.__struct_fields__
    }
    of_totals |= {
        "error_rate": error_rate,
        "invalid": operator.attrgetter("frames.invalid"),
        "unsent": operator.attrgetter("rate.unsent"),
        ASKED: operator.attrgetter("rate.asked"),
        "rate": lambda t: t.rate.asked * t.rate.sent_in_time / t.rate.due if t.rate.due else None,
        "reached_share": lambda t: t.rate.sent_in_time / t.rate.due if t.rate.due else None,
        "dropped_by_server": operator.attrgetter("connections.dropped_by_server"),
        "failed_connects": operator.attrgetter("connections.failed"),
        "reconnects": operator.attrgetter("connections.reconnects"),
        "workers_lost": operator.attrgetter("workers_lost"),
    }
    of_load = {name: _of_load(figure) for name, figure in of_totals.items()}
    return of_load | {name: partial(_of_seconds, name) for name in (OPEN, RECEIVED)}


def _of_seconds(name: str, run: Run) -> float | None:
    return None if run.totals is None else windowed()[name](run, 0.0)


def _of_load(figure: Callable[[LoadTotals], float | None]) -> Figure:
    return lambda run: None if run.totals is None else figure(run.totals)


def _case_counts() -> dict[str, Figure]:
    """``conformance.failed`` and ``conformance.must.failed``, for every level and outcome."""
    found: dict[str, Figure] = {}
    for outcome in Outcome:
        found[f"{CONFORMANCE}.{outcome}"] = _counting(outcome, None)
        for level in Level:
            found[f"{CONFORMANCE}.{level}.{outcome}"] = _counting(outcome, level)
    return found


def _counting(outcome: Outcome, level: Level | None) -> Figure:
    def count(run: Run) -> float | None:
        cases = (case for case in run.cases if level is None or case.level is level)
        return sum(case.outcome is outcome for case in cases) if run.cases else None

    return count
