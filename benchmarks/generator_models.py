"""What a message costs the generator in the open model at several rates, and in the full mix.

Printed without a bar: at low rates wake-ups dominate, and the mix of customers and staff depends on
the server. The open model drives the scripted server; the mix drives the reference server, and its
figure is per text frame in either direction, as the server's metrics count them.
"""

import argparse
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.generator_cost import Hall, open_hall, spread
from benchmarks.generators.catalogue import CONNECTIONS, Task, ours
from benchmarks.performance_page import append_row
from benchmarks.processes import Crowd, Program, crowd, running, two_cores
from harness.populations.habits import CustomerHabits
from harness.swarm.plan import Model

HEADING = "The load generator: open model and full mix"
RATES = (1_000.0, 5_000.0, 10_000.0)
MIX_RATE, MIX_CUSTOMERS, MIX_STAFF = 500.0, 80, 20
MIX_WARM_UP_S, PATIENCE_S = 3.0, 60.0


def open_model(hall: Hall, rate: float, seconds: float) -> float:
    """CPU (µs) an ack at ``rate`` messages a second."""
    with tempfile.TemporaryDirectory() as folder:
        task = Task(hall.url, Path(folder))
        command = ours(task, model=Model.OPEN_CONSTANT, rate=rate)
        cost = hall.measure(command, CONNECTIONS, seconds)
    reached = "" if cost.rate > 0.95 * rate else f" (only {cost.rate:.0f}/s)"
    print(f"open model {rate:6.0f}/s  {cost.cpu_us:6.1f} µs an ack{reached}", flush=True)
    return cost.cpu_us


def full_mix(seconds: float) -> float:
    """CPU (µs) a text frame, sent or received, with customers and staff in conversation."""
    theirs, core = two_cores()
    with (
        running("-m", "reference_server", core=theirs) as server,
        tempfile.TemporaryDirectory() as f,
    ):
        command = ours(
            Task(server.url, Path(f)),
            url=server.url,
            customers=MIX_CUSTOMERS,
            staff=MIX_STAFF,
            rate=MIX_RATE,
            model=Model.OPEN_CONSTANT,
            customer=CustomerHabits(),
        )
        with crowd(command.argv, core) as generator:
            _await_frames(server, generator, 20 * MIX_CUSTOMERS)
            time.sleep(MIX_WARM_UP_S)
            before, cpu = frames(server), sum(generator.cpu_us().values())
            time.sleep(seconds)
            spent, after = sum(generator.cpu_us().values()) - cpu, frames(server)
    cost = spent / (after - before)
    print(f"full mix {(after - before) / seconds:.0f} frames/s  {cost:.1f} µs a frame", flush=True)
    return cost


def frames(server: Program) -> float:
    """Text frames in both directions so far."""
    address = urlsplit(server.url)
    with urllib.request.urlopen(f"http://{address.netloc}/metrics") as answer:
        lines = answer.read().decode().splitlines()
    names = ("chatsocket_messages_received_total", "chatsocket_frames_total")
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(names))


def _await_frames(server: Program, generator: Crowd, number: int) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while frames(server) < number:
        if generator.process.poll() is not None or time.monotonic() > deadline:
            sys.exit("the mix did not get going")
        time.sleep(0.2)


def main() -> int:
    """Print all costs; there is no bar."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--record", action="store_true", help="append to docs/performance.md")
    parser.add_argument("--note", default="", help="what else the machine did, for the record")
    options = parser.parse_args()
    found: dict[str, list[float]] = {}
    for _ in range(options.rounds):
        with open_hall() as hall:
            for rate in RATES:
                cost = open_model(hall, rate, options.seconds)
                found.setdefault(f"{rate:.0f}/s", []).append(cost)
        found.setdefault("mix", []).append(full_mix(options.seconds))
    for name, costs in found.items():
        print(f"{name:9} {spread(costs, 1)} µs")
    if options.record:
        lasted = f"{options.rounds} × {options.seconds:g} s"
        append_row(HEADING, [*(spread(c, 1) for c in found.values()), lasted, options.note])
    return 0


if __name__ == "__main__":
    sys.exit(main())
