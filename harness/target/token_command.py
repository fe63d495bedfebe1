"""A command of the user that prints a fresh token: no shell, bounded in time and output.

Runs on asyncio's own subprocesses, which work on uvloop in a process that gevent has patched, where
:mod:`subprocess` does not.
"""

import asyncio
import contextlib
import os
import signal
from asyncio.subprocess import DEVNULL
from collections.abc import Sequence

from harness.errors import UsageError, shown
from harness.target.accounts import Account, Secret
from harness.target.templates import fill

MAX_TOKEN_BYTES = 16_384
NAME = "login.token_command"


async def fresh_token(argv: Sequence[str], account: Account, deadline_s: float) -> Secret:
    """What ``argv`` prints on stdout for ``account``, without the blank space around it.

    After ``deadline_s`` the command and its children are ended. UsageError when it cannot be run,
    fails, takes too long or prints no token; what it printed is never repeated.
    """
    values = {"sn": account.sn, "role": account.role.value, "name": account.name}
    command = [fill(argument, values) for argument in argv]
    program = f"{NAME} {shown(command[0])}"
    try:
        raw, code = await _output(command, deadline_s)
    except TimeoutError:
        raise UsageError(
            f"{program} did not finish within {deadline_s:g} s",
            "raise login.token_command_s if it needs longer",
        ) from None
    except OSError as error:
        raise UsageError(f"{program} cannot be run: {error.strerror}") from None
    if code:
        raise UsageError(f"{program} ended with exit code {code}", "run it by hand to see why")
    return _token(raw, program, account)


async def _output(command: Sequence[str], deadline_s: float) -> tuple[bytes, int | None]:
    """What the command prints and its exit code; None when the output was cut."""
    transport, listener = await asyncio.get_running_loop().subprocess_exec(
        _Listener, *command, stdin=DEVNULL, stderr=DEVNULL, start_new_session=True
    )
    try:
        async with asyncio.timeout(deadline_s):
            await listener.heard.wait()
        return listener.raw, transport.get_returncode()
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(transport.get_pid(), signal.SIGKILL)
        await listener.exited.wait()
        transport.close()


class _Listener(asyncio.SubprocessProtocol):
    """Hears a command out, or until it has said more than the longest token."""

    def __init__(self) -> None:
        self.raw = b""
        self.heard = asyncio.Event()
        self.exited = asyncio.Event()

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        if fd == 1 and len(self.raw) <= MAX_TOKEN_BYTES:
            self.raw += data
        if len(self.raw) > MAX_TOKEN_BYTES:
            self.heard.set()

    def process_exited(self) -> None:
        self.exited.set()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        self.heard.set()


def _token(raw: bytes, program: str, account: Account) -> Secret:
    text = raw.decode("utf-8", "replace").strip()
    if len(raw) > MAX_TOKEN_BYTES or not text or not (text.isascii() and text.isprintable()):
        raise UsageError(
            f"{program} did not print a token for {shown(account.sn)}",
            f"one line of ASCII, at most {MAX_TOKEN_BYTES} bytes, is expected on stdout",
        )
    return Secret(text)
