"""``python -m reference_server``: the command line, and nothing else."""

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from reference_server.app import PATH
from reference_server.choice import DialectRefused
from reference_server.faults import CATALOGUE, FaultUnknown, assemble
from reference_server.honest import parts_of
from reference_server.mode_options import add_options, dialect_of
from reference_server.own_profile import profile_text
from reference_server.server import ServerRefused, Settings, run
from reference_server.store import MEMORY, StoreRefused
from schemas.account_tokens import DEMO_SECRET, MIN_SECRET_CHARS
from schemas.verdicts import ExitCode

DEFAULT_PORT = 8765  # the profile's, where the server would take any
SECRET_VARIABLE = "CHATSOCKET_SECRET"  # noqa: S105 - a name, not a secret


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT. Returns the exit code; argparse exits by itself on misuse."""
    options = _parser().parse_args(argv)
    _log_to_stderr()
    try:
        settings = _settings(options)
        if options.print_profile:
            sys.stdout.write(profile_text(settings.dialect, _url(options)))
            return ExitCode.PASSED
        return run(settings)
    except (DialectRefused, FaultUnknown, ServerRefused, StoreRefused) as refusal:
        print(refusal, file=sys.stderr)
        return ExitCode.USAGE
    except KeyboardInterrupt:
        return ExitCode.PASSED


def _log_to_stderr() -> None:
    logging.basicConfig(level=logging.ERROR, format="%(message)s", stream=sys.stderr)
    # uvicorn shows a traceback when a client sends invalid UTF-8; that is the client's affair
    logging.getLogger("uvicorn.error").addFilter(
        lambda record: not str(record.msg).startswith("Invalid UTF-8")
    )


def _settings(options: argparse.Namespace) -> Settings:
    secret = os.environ.get(SECRET_VARIABLE) or DEMO_SECRET
    if len(secret) < MIN_SECRET_CHARS:
        raise ServerRefused(
            f"{SECRET_VARIABLE} is too short: give it at least {MIN_SECRET_CHARS} characters."
        )
    dialect = dialect_of(options)
    parts = assemble(options.fault, parts_of(dialect))
    return Settings(secret, options.host, options.port, options.db, dialect, parts)


def _url(options: argparse.Namespace) -> str:
    """Where the server will be, as far as the options say so."""
    host = f"[{options.host}]" if ":" in options.host else options.host
    return f"ws://{host}:{options.port or DEFAULT_PORT}{PATH}"


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Misuse is one sentence and exit 2; the usage is a --help away."""
        self.exit(ExitCode.USAGE, f"{message}; see --help.\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m reference_server",
        description="The honest peer of the chat protocol. Its first line of output is its URL.",
        epilog=f"The secret that signs tokens comes from {SECRET_VARIABLE}; without it the public "
        "demo secret serves loopback only.",
        allow_abbrev=False,
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to bind (default: loopback)")
    parser.add_argument("--port", type=_port, default=0, help="0 (default) takes any free port")
    parser.add_argument(
        "--db",
        default=MEMORY,
        metavar="FILE",
        help="SQLite file to keep the chat in (default: none)",
    )
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="NAME",
        help="misbehave so; repeatable: " + ", ".join(CATALOGUE),
    )
    parser.add_argument(
        "--print-profile",
        action="store_true",
        help="print the target profile that describes this server, and end",
    )
    add_options(parser)
    return parser


def _port(text: str) -> int:
    port = int(text) if text.isascii() and text.isdigit() else -1
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is no port: give one between 0 and 65535")
    return port


if __name__ == "__main__":
    sys.exit(main())
