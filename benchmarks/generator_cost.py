"""What a message costs the generator: ours, a bare loop, stock Locust and whatever else is here.

All drive the scripted server with 50 connections, one message outstanding on each; the server has
one core, the generator the other. The figure is the generator's CPU, all its processes, over the
acks that the server counted meanwhile; compared are the ratios within a round.
"""

import argparse
import contextlib
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from benchmarks.generators.catalogue import (
    BARE,
    CONNECTIONS,
    GENERATORS,
    OURS,
    STOCK,
    Command,
    Generator,
    Task,
)
from benchmarks.performance_page import append_row
from benchmarks.processes import Crowd, crowd, running, two_cores
from benchmarks.scripted_server import Books, read_books

HEADING = "The load generator: cost of a message"
MOST_OF_BARE, LEAST_OF_STOCK = 2.5, 2.0
WARM_UP_S, START_S = 1.0, 40.0


class Cost(msgspec.Struct, frozen=True):
    """CPU (µs) an ack of the whole generator and of its busiest process, and what was done."""

    cpu_us: float
    busiest_us: float
    rate: float
    bytes_each: float


class Hall:
    """The scripted server and its books, with a core for each side."""

    def __init__(self, url: str, books: Path, core: int) -> None:
        self.url, self._books, self.core = url, books, core

    def books(self) -> Books:
        """The server's books."""
        return read_books(self._books)

    def measure(self, command: Command, connections: int, seconds: float) -> Cost:
        """Start a generator, let it get warm, and read all books before and after."""
        before = self.books()
        with crowd(command.argv, self.core, command.extra) as generator:
            self.wait(generator, before, connections)
            time.sleep(WARM_UP_S)
            begun, cpu, clock = self.books(), generator.cpu_us(), time.monotonic()
            time.sleep(seconds)
            spent = generator.cpu_us()
            ended, took = self.books(), time.monotonic() - clock
        acks = ended.acks - begun.acks
        if not acks:
            sys.exit(f"{command.argv[:4]} sent nothing")
        each = [spent[pid] - cpu.get(pid, 0.0) for pid in spent]
        moved = ended.bytes_in - begun.bytes_in + ended.bytes_out - begun.bytes_out
        return Cost(sum(each) / acks, max(each) / acks, acks / took, moved / acks)

    def wait(self, generator: Crowd, before: Books, connections: int) -> None:
        """Until all connections are there and more than logins and settling is going on."""
        deadline = time.monotonic() + START_S
        while True:
            now = self.books()
            opened = now.connections - before.connections
            if opened >= connections and now.acks - before.acks > 4 * connections:
                return
            if generator.process.poll() is not None or time.monotonic() > deadline:
                sys.exit(f"the generator got {opened} of {connections} connections going")
            time.sleep(0.05)


def rounds(hall: Hall, here: list[Generator], number: int, seconds: float) -> list[dict[str, Cost]]:
    """Every generator once a round, in rotated order."""
    found = []
    for turn in range(number):
        place = turn % len(here)
        costs = {}
        for generator in here[place:] + here[:place]:
            with tempfile.TemporaryDirectory() as folder:
                command = generator.command(Task(hall.url, Path(folder)))
                costs[generator.name] = hall.measure(command, CONNECTIONS, seconds)
        found.append(costs)
        print(
            "  ".join(
                f"{name} {cost.cpu_us:.1f} µs {cost.rate:.0f}/s" for name, cost in costs.items()
            ),
            flush=True,
        )
    return found


def spread(values: list[float], digits: int = 2) -> str:
    """Median (min-max)."""
    middle = statistics.median(values)
    return f"{middle:.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def main() -> int:
    """Print the costs and the two ratios; exit code 1 when one is beyond its bar."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--record", action="store_true", help="append to docs/performance.md")
    parser.add_argument("--note", default="", help="what else the machine did, for the record")
    options = parser.parse_args()
    for absent in (generator for generator in GENERATORS if not generator.here):
        print(f"{absent.name} is not on the PATH: left out")
    here = [generator for generator in GENERATORS if generator.here]
    with open_hall() as hall:
        found = rounds(hall, here, options.rounds, options.seconds)
    for name in found[0]:
        times = [costs[name].cpu_us for costs in found]
        size = statistics.median(costs[name].bytes_each for costs in found)
        print(f"{name:20} {spread(times, 1)} µs of CPU an ack, {size:.0f} bytes both ways")
    of_bare = [costs[OURS].cpu_us / costs[BARE].cpu_us for costs in found]
    of_stock = [costs[STOCK].cpu_us / costs[OURS].cpu_us for costs in found]
    print(f"{OURS} in bare loops: {spread(of_bare)}; bar {MOST_OF_BARE}")
    print(f"{STOCK} in {OURS}: {spread(of_stock)}; bar {LEAST_OF_STOCK}")
    if options.record:
        record(found, spread(of_bare), spread(of_stock), options)
    missed = statistics.median(of_bare) > MOST_OF_BARE
    return int(missed or statistics.median(of_stock) < LEAST_OF_STOCK)


@contextlib.contextmanager
def open_hall() -> Iterator[Hall]:
    """The scripted server on a core of its own."""
    theirs, ours = two_cores()
    with tempfile.TemporaryDirectory() as folder:
        books = Path(folder) / "books"
        server = ("-m", "benchmarks.scripted_server", "--books", str(books))
        with running(*server, core=theirs) as program:
            yield Hall(program.url, books, ours)


def record(
    found: list[dict[str, Cost]], of_bare: str, of_stock: str, options: argparse.Namespace
) -> None:
    """One row on the page of results."""
    cells = [
        " ".join((name, spread([costs[name].cpu_us for costs in found], 1))) for name in found[0]
    ]
    lasted = f"{options.rounds} × {options.seconds:g} s"
    append_row(HEADING, [of_bare, of_stock, "; ".join(cells), lasted, options.note])


if __name__ == "__main__":
    sys.exit(main())
