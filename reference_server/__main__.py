"""``python -m reference_server``: the command line, and nothing else."""

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from typing import NoReturn
from urllib.parse import urlsplit

from reference_server.app import PATH
from reference_server.choice import DialectRefused, chosen
from reference_server.dialect import Dialect
from reference_server.faults import FaultRefused
from reference_server.faults import options as fault_options
from reference_server.guards import Guards
from reference_server.honest import parts_of
from reference_server.listening import ListenRefused
from reference_server.own_profile import profile_text
from reference_server.rules import Rules
from reference_server.server import Settings, run
from reference_server.setting_options import add_options, chosen_settings
from reference_server.store import MEMORY, StoreRefused
from reference_server.tls import TlsFiles, TlsRefused
from schemas.account_tokens import DEMO_SECRET, MIN_SECRET_CHARS
from schemas.verdicts import ExitCode

REFUSALS = (DialectRefused, FaultRefused, ListenRefused, StoreRefused, TlsRefused)
DEFAULT_PORT = 8765  # the profile's, where the server would take any
SECRET_VARIABLE = "CHATSOCKET_SECRET"  # noqa: S105 - a name, not a secret


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT. Returns the exit code; argparse exits by itself on misuse."""
    options = _parser().parse_args(argv)
    _log_to_stderr()
    if options.list_faults:
        sys.stdout.write(fault_options.listing(options))
        return ExitCode.PASSED
    try:
        settings = _settings(options)
        if options.print_profile:
            sys.stdout.write(profile_text(settings.rules, _url(settings), settings.secret))
            return ExitCode.PASSED
        return run(settings)
    except REFUSALS as refusal:
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
    dialect = chosen(chosen_settings(options, Dialect))
    rules = Rules(
        dialect,
        Guards(**chosen_settings(options, Guards)),
        frozenset(each.lower().rstrip("/") for each in options.allow_origin),
    )
    parts = fault_options.faulty(options, parts_of(dialect))
    return Settings(_secret(), options.host, options.port, options.db, _tls(options), rules, parts)


def _secret() -> str:
    secret = os.environ.get(SECRET_VARIABLE) or DEMO_SECRET
    if len(secret) < MIN_SECRET_CHARS:
        raise ListenRefused(
            f"{SECRET_VARIABLE} is too short: give it at least {MIN_SECRET_CHARS} characters."
        )
    return secret


def _tls(options: argparse.Namespace) -> TlsFiles | None:
    if options.tls_key and not options.tls_cert:
        raise TlsRefused("--tls-key needs --tls-cert beside it.")
    return TlsFiles(options.tls_cert, options.tls_key) if options.tls_cert else None


def _url(settings: Settings) -> str:
    """Where the server will be, as far as the settings say so."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    scheme = "wss" if settings.tls else "ws"
    return f"{scheme}://{host}:{settings.port or DEFAULT_PORT}{PATH}"


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
        "--print-profile",
        action="store_true",
        help="print the target profile that describes this server, and end",
    )
    parser.add_argument("--tls-cert", default="", metavar="FILE", help="speak wss://: PEM file")
    parser.add_argument(
        "--tls-key", default="", metavar="FILE", help="its key, when it is not in the same file"
    )
    _add_settings(parser)
    fault_options.add_options(parser)
    return parser


def _add_settings(parser: argparse.ArgumentParser) -> None:
    limits = parser.add_argument_group("limits", "What the server bears. 0 means no limit.")
    add_options(limits, Guards)
    limits.add_argument(
        "--allow-origin",
        action="append",
        default=[],
        type=_origin,
        metavar="ORIGIN",
        help="let browsers' pages of this origin in and of no other; repeatable",
    )
    modes = parser.add_argument_group(
        "modes",
        "What the help page leaves open, as this server shall decide it. Each is a key of a target "
        "profile; --print-profile prints the profile of the server that would start.",
    )
    add_options(modes, Dialect)


def _origin(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path not in ("", "/"):
        raise argparse.ArgumentTypeError(f"{text!r} is no origin such as https://shop.example")
    return text


def _port(text: str) -> int:
    port = int(text) if text.isascii() and text.isdigit() else -1
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is no port: give one between 0 and 65535")
    return port


if __name__ == "__main__":
    sys.exit(main())
