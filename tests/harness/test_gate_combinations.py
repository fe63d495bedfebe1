"""Exit codes when several causes meet: every proven violation with everything that may be missing
and everything that may be missed.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import pytest

from harness.gate import GateRules, judge
from harness.thresholds import Threshold, parse
from schemas.case_records import CaseRecord
from schemas.clauses import clause
from schemas.comparison import Comparison, Direction
from schemas.ledger_totals import ANOMALY_WORDS
from schemas.load_records import Aborted, Connections, Frames, Rate, Violation
from schemas.records import OwnFault, PartEnded
from schemas.verdict_file import VerdictFile
from schemas.verdicts import ExitCode, Level, Outcome, Verdict
from tests.made_runs import case, latencies, made_run, metric, totals


@dataclass
class Draft:
    """A run in the making, green until a cause changes it."""

    cases: list[CaseRecord] = field(default_factory=lambda: [case()])
    ledger: dict[str, int] = field(default_factory=dict)
    sums: dict[str, Any] = field(default_factory=dict)
    run: dict[str, Any] = field(default_factory=dict)
    thresholds: list[Threshold] = field(default_factory=list)
    baseline: Comparison | None = None

    def judged(self) -> VerdictFile:
        made = made_run(
            cases=self.cases, totals=totals(ledger=self.ledger, **self.sums), **self.run
        )
        return judge(made, GateRules(self.thresholds), self.baseline)


Cause = Callable[[Draft], Any]


def outcome(what: Outcome) -> Cause:
    return lambda draft: draft.cases.append(case(what, name=f"other/{what}"))


def ledger(word: str) -> Cause:
    return lambda draft: draft.ledger.update({word: 1})


def summed(**changes: Any) -> Cause:
    return lambda draft: draft.sums.update(changes)


def run(**changes: Any) -> Cause:
    return lambda draft: draft.run.update(changes)


def held_to(text: str) -> Cause:
    return lambda draft: draft.thresholds.append(parse(text))


def worse(draft: Draft) -> None:
    draft.baseline = Comparison(
        direction=Direction.WORSE,
        exit_code=ExitCode.FAILED,
        reasons=["worse: p50(ack) +9 %"],
        base=["r0"],
        candidate=["r1"],
        primary="p50(ack)",
        effect=0.05,
        latencies=[],
        cases=[],
        behaviour=[],
    )


def slow(draft: Draft) -> None:
    draft.run["metrics"] = {"ack": metric(data=latencies(900, times=2_000))}
    draft.thresholds.append(parse("p99(ack) < 500ms"))


BROKEN_FRAME = Violation(
    finding=clause("out-result-type").broken(expected="boolean", actual="string"), count=3
)
ENDED = PartEnded(name="conformance", duration_s=1, complete=True)

PROVEN: dict[str, Cause] = {
    "failed": outcome(Outcome.FAILED),
    "unexpected-pass": outcome(Outcome.UNEXPECTED_PASS),
    "invalid-frame": run(violations=[BROKEN_FRAME]),
    "invalid-frame ": summed(frames=Frames(received=9, invalid=1)),
    "dropped": summed(connections=Connections(asked=9, dropped_by_server=1)),
    **{word: ledger(word) for word in ANOMALY_WORDS},
}
MISSING: dict[str, Cause] = {
    "blocked": outcome(Outcome.BLOCKED),
    "inconclusive": outcome(Outcome.INCONCLUSIVE),
    "error": outcome(Outcome.ERROR),
    "error ": run(errors=[OwnFault(where="swarm", message="KeyError")]),
    "partial": run(footer=None),
    "partial ": run(damaged=[4]),
    "partial  ": run(parts=[ENDED]),
    "partial   ": run(absent=2),
    "in-flight": ledger("in_flight"),
    "worker-lost": summed(workers_lost=1),
    "load-not-applied": summed(rate=Rate(asked=100, due=2_000, sent_in_time=1_900, unsent=0)),
    "nothing-passed": lambda draft: draft.ledger.update({"acked": 0}),
    "undecided": held_to("p99(login) < 1s"),
}
ABORTED = Aborted(text="error_rate < 1%", at_s=12.0, note="measured 7 %")

MISSED: dict[str, Cause] = {
    "aborted": run(aborted=ABORTED),
    "threshold": slow,
    "threshold ": held_to("sent >= 2001"),
    "baseline": worse,
}

NO_CAUSE = {"": lambda draft: None}


def expected(proven: str, missing: str, missed: str) -> ExitCode:
    if proven:
        return ExitCode.FAILED
    if missing:
        return ExitCode.NO_VERDICT
    return ExitCode.FAILED if missed else ExitCode.PASSED


@pytest.mark.parametrize("proven", [*NO_CAUSE, *PROVEN])
def test_the_first_cause_that_applies_decides(proven: str) -> None:
    for missing, missed in product([*NO_CAUSE, *MISSING], [*NO_CAUSE, *MISSED]):
        draft = Draft()
        for name, table in ((proven, PROVEN), (missing, MISSING), (missed, MISSED)):
            if name:
                table[name](draft)
        verdict = draft.judged()
        together = f"{proven!r} with {missing!r} and {missed!r}: {verdict.reasons}"
        assert verdict.exit_code is expected(proven, missing, missed), together
        words = [reason.partition(":")[0] for reason in verdict.reasons]
        wanted = [name.strip() for name in (proven, missing, missed) if name]
        assert [words.index(word) for word in wanted] == sorted(map(words.index, wanted)), together
        assert set(words) == set(wanted), together


@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("gated", list(Level))
@pytest.mark.parametrize(
    ("what", "code"),
    [
        *((each, ExitCode.FAILED) for each in (Outcome.FAILED, Outcome.UNEXPECTED_PASS)),
        *(
            (each, ExitCode.NO_VERDICT)
            for each in (Outcome.ERROR, Outcome.INCONCLUSIVE, Outcome.BLOCKED)
        ),
        *(
            (each, ExitCode.PASSED)
            for each in (
                Outcome.PASSED,
                Outcome.NON_STRICT,
                Outcome.INFORMATIONAL,
                Outcome.EXPECTED_FAILURE,
                Outcome.NOT_APPLICABLE,
            )
        ),
    ],
)
def test_an_outcome_counts_from_the_gated_level_on(
    level: Level, gated: Level, what: Outcome, code: ExitCode
) -> None:
    made = made_run(cases=[case(), case(what, level, "other/case")])
    verdict = judge(made, GateRules(level=gated))
    assert verdict.exit_code is (code if level.binds_at(gated) else ExitCode.PASSED)
    assert (verdict.verdict is Verdict.PASSED) == (verdict.exit_code == 0)


def test_every_outcome_is_in_the_table() -> None:
    (marks,) = [
        mark
        for mark in test_an_outcome_counts_from_the_gated_level_on.pytestmark
        if mark.args[0] == ("what", "code")
    ]
    assert {what for what, _ in marks.args[1]} == set(Outcome)
