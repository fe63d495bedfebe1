"""The spread of equal runs on the terminal."""

import io

from rich.console import Console

from reports.spread_text import print_spread
from schemas.spread import RepeatedRun, Repetition, Spread
from schemas.verdicts import ExitCode

RUNS = [
    RepeatedRun(run_id=str(n), folder=str(n), exit_code=code)
    for n, code in enumerate((ExitCode.PASSED, ExitCode.FAILED))
]


def printed(*latencies: Spread) -> list[str]:
    console = Console(file=io.StringIO(), width=100)
    found = Repetition(exit_code=ExitCode.FAILED, runs=RUNS, latencies=list(latencies))
    print_spread(found, console)
    return [" ".join(line.split()) for line in console.file.getvalue().splitlines()]


def test_each_latency_is_a_row_with_its_noise() -> None:
    lines = printed(
        Spread(name="p50(ack)", runs=2, least_us=1_000, median_us=1_500, most_us=2_000, noise=0.125)
    )
    assert lines[1] == "p50(ack) 2 1.00 1.50 2.00 12.5 %"
    assert lines[-1] == "exit codes of the 2 runs: 0, 1"


def test_no_latency_is_told() -> None:
    assert printed()[0] == "No latency has samples enough to be judged by."
