"""From the arguments to the exit code: every way in which a command can end, in one place.

A command returns its exit code or raises. What a user can cause is one sentence on stderr; what we
caused is one sentence and a file with the traceback.
"""

import signal
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from typer._click.exceptions import ClickException  # typer's own click; it exports no base class

from harness.cli.app import app
from harness.errors import HarnessError
from schemas.verdicts import ExitCode

PROGRAM = "chatsocket"
_TYPER_INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command in ``argv`` (default: the process's own); its exit code."""
    for each in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, _interrupt)
    try:
        code = app(args=argv, prog_name=PROGRAM, standalone_mode=False)
    except HarnessError as error:
        return _end(str(error), error.exit_code)
    except ClickException as error:
        return _misused(error)
    except KeyboardInterrupt:
        return _interrupted()
    except Exception as error:
        return _end(_own_fault(error), ExitCode.NO_VERDICT)
    return _interrupted() if code == _TYPER_INTERRUPTED else int(code or ExitCode.PASSED)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _interrupted() -> int:
    return _end("interrupted before there was anything to judge.", ExitCode.NO_VERDICT)


def _end(sentence: str, code: ExitCode, advice: str = "") -> int:
    print(f"{PROGRAM}: {sentence} {advice}".rstrip(), file=sys.stderr)
    return code


def _misused(error: ClickException) -> int:
    message = error.format_message().replace("Value error, ", "")
    if not message:  # no arguments at all: the help has been printed
        return ExitCode.USAGE
    context = getattr(error, "ctx", None)
    advice = f"See `{context.command_path} --help`." if context else ""
    message = message if message.endswith((".", "?", ")")) else f"{message}."
    return _end(message, ExitCode.USAGE, advice)


def _own_fault(error: Exception) -> str:
    text = "".join(traceback.format_exception(error))
    with tempfile.NamedTemporaryFile(
        "w", prefix=f"{PROGRAM}-", suffix=".traceback.txt", delete=False, encoding="utf-8"
    ) as file:
        file.write(text)
    path = Path(file.name)
    return f"a fault of this program ({type(error).__name__}); the traceback is in {path}."
