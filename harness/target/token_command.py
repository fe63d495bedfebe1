"""A command of the user that prints a fresh token: no shell, bounded in time and output."""

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Sequence
from typing import IO

from harness.errors import UsageError, shown
from harness.target.accounts import Account, Secret
from harness.target.templates import fill

MAX_TOKEN_BYTES = 16_384
NAME = "login.token_command"


def fresh_token(argv: Sequence[str], account: Account, deadline_s: float) -> Secret:
    """What ``argv`` prints on stdout for ``account``, without the blank space around it.

    Blocks up to ``deadline_s``, then ends the command and its children. UsageError when it cannot
    be run, fails, takes too long or prints no token; what it printed is never repeated.
    """
    values = {"sn": account.sn, "role": account.role.value, "name": account.name}
    command = [fill(argument, values) for argument in argv]
    raw, code = _output(command, time.monotonic() + deadline_s)
    if code is None:
        raise UsageError(
            f"{NAME} {shown(command[0])} did not finish within {deadline_s:g} s",
            "raise login.token_command_s if it needs longer",
        )
    if code:
        raise UsageError(
            f"{NAME} {shown(command[0])} ended with exit code {code}", "run it by hand to see why"
        )
    return _token(raw, command[0], account)


def _output(command: Sequence[str], deadline: float) -> tuple[bytes, int | None]:
    """What the command prints and its exit code, None when it did not finish in time."""
    try:
        process = subprocess.Popen(  # noqa: S603 - the user's own command, no shell
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise UsageError(f"{NAME} {shown(command[0])} cannot be run: {error.strerror}") from None
    with process:
        assert process.stdout is not None
        try:
            raw = _bounded(process.stdout, deadline)
            if len(raw) > MAX_TOKEN_BYTES:
                return raw, 0
            return raw, process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            return b"", None
        finally:
            process.stdout.close()
            _end(process)


def _bounded(stream: IO[bytes], deadline: float) -> bytes:
    """All of ``stream``, or a little more than the longest token, or what came by the deadline."""
    raw = b""
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        while len(raw) <= MAX_TOKEN_BYTES and selector.select(deadline - time.monotonic()):
            chunk = os.read(stream.fileno(), MAX_TOKEN_BYTES)
            if not chunk:
                break
            raw += chunk
    return raw


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _token(raw: bytes, program: str, account: Account) -> Secret:
    text = raw.decode("utf-8", "replace").strip()
    if len(raw) > MAX_TOKEN_BYTES or not text or not (text.isascii() and text.isprintable()):
        raise UsageError(
            f"{NAME} {shown(program)} did not print a token for {shown(account.sn)}",
            f"one line of ASCII, at most {MAX_TOKEN_BYTES} bytes, is expected on stdout",
        )
    return Secret(text)
