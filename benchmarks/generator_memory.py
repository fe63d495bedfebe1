"""What a logged-in participant costs a load worker in memory, and whether messages add to it.

Resident memory of a worker whose slots (Locust's users included) are all logged in and have said
ten messages each, against the same worker with a single one; then again after many messages more.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.generator_cost import Hall, open_hall
from benchmarks.generators.catalogue import Task, ours
from benchmarks.performance_page import append_row
from benchmarks.processes import Crowd, crowd, rss_kib
from harness.swarm.plan import Limits, Model

HEADING = "The load generator: memory"
BAR_KIB, BAR_MIB = 32.0, 20.0
EACH, PATIENCE_S, PAUSE_S = 10, 600.0, 2.0


@contextmanager
def loaded(hall: Hall, slots: int, rate: float) -> Iterator[Crowd]:
    """A run with ``slots`` customers and ``rate`` messages a second."""
    limits = Limits(connects_per_s=1_000.0, connect_deadline_s=120.0)
    with tempfile.TemporaryDirectory() as folder:
        command = ours(
            Task(hall.url, Path(folder)),
            customers=slots,
            model=Model.OPEN_CONSTANT,
            rate=rate,
            limits=limits,
        )
        with crowd(command.argv, hall.core) as generator:
            yield generator


def await_acks(hall: Hall, generator: Crowd, number: int) -> None:
    """Until the server has acknowledged ``number`` in all."""
    deadline = time.monotonic() + PATIENCE_S
    while hall.books().acks < number:
        if generator.process.poll() is not None or time.monotonic() > deadline:
            sys.exit(f"the server has {hall.books()}: the load ended or got stuck")
        time.sleep(0.1)


def worker_kib(generator: Crowd) -> int:
    """Resident memory of the worker: the youngest of the processes."""
    return rss_kib(max(generator.pids))


def measure(hall: Hall, slots: int, messages: int, rate: float) -> tuple[float, float]:
    """KiB a slot, and MiB that further ``messages`` add."""
    before = hall.books().acks
    with loaded(hall, 1, 10.0) as generator:
        await_acks(hall, generator, before + EACH)
        time.sleep(PAUSE_S)
        empty = worker_kib(generator)
    before = hall.books().acks + slots  # each settles with a receipt first
    with loaded(hall, slots, rate) as generator:
        await_acks(hall, generator, before + EACH * slots)
        full = worker_kib(generator)
        await_acks(hall, generator, before + EACH * slots + messages)
        later = worker_kib(generator)
    print(f"a worker with 1 slot {empty / 1024:.0f} MiB, with {slots} {full / 1024:.0f} MiB")
    return (full - empty) / slots, (later - full) / 1024


def main() -> int:
    """Print the memory; exit code 1 when it is over a bar."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--slots", type=int, default=5_000)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--rate", type=float, default=5_000.0)
    parser.add_argument("--record", action="store_true", help="append to docs/performance.md")
    parser.add_argument("--note", default="", help="what else the machine did, for the record")
    options = parser.parse_args()
    with open_hall() as hall:
        each, more = measure(hall, options.slots, options.messages, options.rate)
    print(f"{each:.1f} KiB a slot; bar {BAR_KIB:g}")
    print(f"{more:+.1f} MiB after {options.messages} messages more; bar {BAR_MIB:+g}")
    if options.record:
        added = f"{more:+.1f} MiB after {options.messages}"
        append_row(HEADING, [str(options.slots), f"{each:.1f} KiB", added, options.note])
    return int(each > BAR_KIB or more > BAR_MIB)


if __name__ == "__main__":
    sys.exit(main())
