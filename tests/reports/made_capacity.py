"""A capacity search made by hand."""

from schemas.capacity import Capacity, Ending, Of, TrialOutcome, TrialReport
from schemas.verdict_file import ThresholdOutcome, ThresholdResult
from schemas.verdicts import ExitCode

HOSTILE = "<script>alert(1)</script>"
SLO = "p99(ack) < 200ms"


def trial(number: int, level: float, ms: float | None) -> TrialReport:
    held = ms is not None and ms < 200
    return TrialReport(
        number=number,
        level=level,
        outcome=TrialOutcome.HELD if held else TrialOutcome.FAILED,
        duration_s=11,
        seed=6 + number,
        folder=f"{number:03d}-{level:g}",
        results=[
            ThresholdResult(
                text=SLO,
                value=None if ms is None else ms * 1000,
                limit=200_000,
                outcome=ThresholdOutcome.MET if held else ThresholdOutcome.MISSED,
                note="" if ms is not None else "not reached within 900 ms",
            )
        ],
    )


FOUND = Capacity(
    target="ws://127.0.0.1:1/x",
    of=Of.RATE,
    slos=[SLO],
    ending=Ending.FOUND,
    exit_code=ExitCode.PASSED,
    held=100,
    failed=104,
    recovers=True,
    held_before=100,
    reasons=["found: 100/s held and 104/s did not"],
    seed=7,
    trials=[
        *(trial(n, 100, 20 + n) for n in (1, 2, 3)),
        trial(4, 104, 812.0),
        trial(5, 104, None),
    ],
)
