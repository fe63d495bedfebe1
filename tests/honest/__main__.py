"""``python -m tests.honest``: false alarms of the suite, counted; an honest server has none.

By itself, with two processes beside it that burn the processor, with every frame 50 ms late, in
every combination of modes; and when asked for where nothing can be marked as read, with accounts
for each case and with one customer and one staff member for all.
"""

import argparse
import multiprocessing
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from typing import Final

from harness.conformance import SuiteOptions
from tests.detection.page import when_and_where, write_part
from tests.honest.alarm_table import Condition, alarm_table
from tests.honest.honest_run import HonestRun, judged
from tests.honest.modes import arguments, combinations

BURNERS: Final = 2
SERVERS: Final = {
    "late": ("--fault", "delay=50ms"),
    "unread": ("--read-receipt", "none"),
    "few": ("--read-receipt", "none"),
}
CONDITIONS: Final = ("alone", "burners", "late", "unread", "few", "modes")
BURN: Final = "while True: pass"

Task = tuple[str, tuple[str, ...]]
"""What a run is called, and the arguments of its server."""


def main(argv: Sequence[str] | None = None) -> int:
    """Exit code 0 when nothing was red, 1 otherwise."""
    options = _parser().parse_args(argv)
    conditions = []
    for name in options.conditions:
        with _burning(BURNERS if name == "burners" else 0):
            runs = list(
                _runs(
                    _tasks(name, options.rounds),
                    options.late_jobs if name == "late" else options.jobs,
                )
            )
        conditions.append(Condition(name, runs))
    if options.write:
        write_part("alarms", alarm_table(conditions, when_and_where()))
    return int(any(run.alarms for each in conditions for run in each.runs))


def _tasks(condition: str, rounds: int) -> list[Task]:
    if condition == "modes":
        rows = [arguments(row) for row in combinations()]
        return [(" ".join(row), row) for row in rows]
    return [(condition, SERVERS.get(condition, ()))] * rounds


def _runs(tasks: Sequence[Task], jobs: int) -> Iterator[HonestRun]:
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=spawn) as pool:
        names = {
            pool.submit(judged, row, SuiteOptions(), few=name == "few"): name for name, row in tasks
        }
        for done in as_completed(names):
            run = done.result()
            print(f"{run.seconds:5.0f} s {run.passed:4} passed  {names[done]}", flush=True)
            for alarm in run.alarms:
                print(f"    {alarm.outcome}: {alarm.case}: {alarm.message}", flush=True)
            yield run


@contextmanager
def _burning(processes: int) -> Iterator[None]:
    """Processes that do nothing, as fast as they can."""
    with ExitStack() as fires:
        for _ in range(processes):
            fire = fires.enter_context(subprocess.Popen([sys.executable, "-c", BURN]))
            fires.callback(fire.kill)
        yield


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.honest", description=__doc__)
    parser.add_argument(
        "conditions",
        nargs="*",
        default=["alone", "burners", "late", "modes"],
        choices=CONDITIONS,
        metavar="|".join(CONDITIONS),
        help="only these (default: alone, burners, late, modes)",
    )
    parser.add_argument("--rounds", type=int, default=20, help="runs of each but the modes")
    parser.add_argument("--jobs", type=int, default=1, help="how many side by side")
    parser.add_argument(
        "--late-jobs", type=int, default=4, help="the same where every frame is late"
    )
    parser.add_argument("--write", action="store_true", help="write docs/detection.md")
    return parser


if __name__ == "__main__":
    sys.exit(main())
