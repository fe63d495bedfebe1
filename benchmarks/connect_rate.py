"""How many connections a load opens per second of one core, each with its ``Login`` judged.

Through Locust as in every run; the CPU of the worker and of the load's master counts, until each
participant has also had its first receipt acknowledged, which is when it counts as settled.
"""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.generator_cost import Hall, open_hall, spread
from benchmarks.generators.catalogue import Task, ours
from benchmarks.performance_page import append_row
from benchmarks.processes import crowd
from harness.swarm.plan import Limits, Model

HEADING = "The load generator: connects"
BAR_PER_S = 1_000
PATIENCE_S = 120.0


def measure(hall: Hall, number: int) -> float:
    """Connects per second of CPU, from the first to the last."""
    limits = Limits(connects_per_s=100_000.0, connects_at_once=200, connect_deadline_s=PATIENCE_S)
    before = hall.books()
    with tempfile.TemporaryDirectory() as folder:
        task = Task(hall.url, Path(folder))
        command = ours(task, customers=number, model=Model.OPEN_CONSTANT, limits=limits)
        with crowd(command.argv, hall.core) as generator:
            deadline, begun_us = time.monotonic() + PATIENCE_S, 0.0
            while hall.books().acks - before.acks < number:
                if not begun_us and hall.books().connections > before.connections:
                    begun_us = sum(generator.cpu_us().values())
                if generator.process.poll() is not None or time.monotonic() > deadline:
                    sys.exit(f"not all of {number} connections were opened: {hall.books()}")
                time.sleep(0.01)
            return 1e6 * number / (sum(generator.cpu_us().values()) - begun_us)


def main() -> int:
    """Print the rate; exit code 1 when it is under the bar."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--connections", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--record", action="store_true", help="append to docs/performance.md")
    parser.add_argument("--note", default="", help="what else the machine did, for the record")
    options = parser.parse_args()
    rates = []
    with open_hall() as hall:
        for _ in range(options.rounds):
            rates.append(measure(hall, options.connections))
            print(f"{rates[-1]:.0f} connects per second of CPU", flush=True)
    print(f"{spread(rates, 0)} connects per second of one core; bar {BAR_PER_S}")
    if options.record:
        cells = [str(options.connections), spread(rates, 0), str(BAR_PER_S), options.note]
        append_row(HEADING, cells)
    return int(statistics.median(rates) < BAR_PER_S)


if __name__ == "__main__":
    sys.exit(main())
