"""``python -m scenarios``: the processes of a load run, started by ``chatsocket load``.

    python -m scenarios master --plan FILE [--bind HOST[:PORT]] [--expect-workers N]
                               [--within S] [--web-port P] [--source-ips A,B]
    python -m scenarios worker --master HOST:PORT [--profile FILE] [--accounts CSV]
                               [--source-ips A,B] [--locustfile FILE] [--tethered]

``master`` carries out the load plan in FILE (see ``harness.swarm.plan``). It starts the plan's
workers itself, unless ``--expect-workers`` says that they come from elsewhere. Its stdout is one
JSON object a line (see ``scenarios.progress``: listening, progress once a second, ended); the
records of the run log go to ``load.ndjson`` in the plan's ``out`` folder, each written at once, the
last one being ``part``. One SIGINT or SIGTERM drains and keeps what was measured; a second one ends
at once.

Exit codes: 0 the load was carried out (whatever it found), 2 the plan cannot be carried out, 3 it
was not carried out, or not to its end; then stderr has one sentence.
"""

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from harness.errors import HarnessError
from harness.preflight.machine import source_addresses
from harness.preflight.meeting_place import DEFAULT_PORT, URL_VARIABLE, host_and_port
from harness.swarm.plan import read_plan
from schemas.verdicts import ExitCode


def main(argv: Sequence[str] | None = None) -> int:
    """The exit code; argparse exits by itself on misuse."""
    options = _parser().parse_args(argv)
    del sys.argv[1:]  # Locust's web UI parses it once more, as options of its own
    logging.basicConfig(level=logging.CRITICAL, format="%(message)s", stream=sys.stderr)
    sys.setswitchinterval(0.0002)  # two threads share the interpreter: measured in facts §5
    try:
        return _lead(options) if options.role == "master" else _work(options)
    except HarnessError as error:
        print(error, file=sys.stderr)
        return error.exit_code


def _lead(options: argparse.Namespace) -> ExitCode:
    plan = read_plan(options.plan)
    from scenarios.leading import Leading, Seat  # noqa: PLC0415 - locust patches the whole process

    bind, port = host_and_port(options.bind, 0)
    seat = Seat(
        bind=bind,
        port=port,
        web_port=options.web_port,
        expect=options.expect_workers,
        within_s=options.within,
        sources=options.source_ips,
    )
    return Leading(plan, seat).carry_out()


def _work(options: argparse.Namespace) -> ExitCode:
    from scenarios.working import Equipment, Working  # noqa: PLC0415

    equipment = Equipment(
        url=os.environ.get(URL_VARIABLE, ""),
        profile=options.profile,
        accounts=options.accounts,
        sources=source_addresses(options.source_ips),
        locustfile=options.locustfile,
    )
    host, port = host_and_port(options.master, DEFAULT_PORT)
    return Working(host, port, equipment, tethered=options.tethered).carry_out()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scenarios", description="A load process.")
    roles = parser.add_subparsers(dest="role", required=True)
    master = roles.add_parser("master", help="carry out a load plan")
    master.add_argument("--plan", type=Path, required=True, metavar="FILE")
    master.add_argument("--bind", default="127.0.0.1", metavar="HOST[:PORT]")
    master.add_argument("--expect-workers", type=int, default=0, metavar="N")
    master.add_argument("--within", type=float, default=30.0, metavar="S", help="to wait for them")
    master.add_argument("--web-port", type=int, default=0, help="Locust's web UI, on loopback")
    worker = roles.add_parser("worker", help="play participants for a master")
    worker.add_argument("--master", required=True, metavar="HOST[:PORT]")
    worker.add_argument("--profile", default="", help="profile instead of the master's")
    worker.add_argument("--accounts", default="", help="accounts instead of the master's")
    worker.add_argument("--locustfile", default="", help="users of one's own")
    for role in (master, worker):
        role.add_argument("--source-ips", default="", help="where connections come from")
    worker.add_argument("--tethered", action="store_true", help="end when stdin ends")
    return parser


if __name__ == "__main__":
    sys.exit(main())
