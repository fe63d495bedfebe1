"""Processes of ours: started apart from the terminal's Ctrl-C, and never left behind.

Each child leads its own process group, so that Ctrl-C reaches the command alone, which then ends
its children in order. Should the command itself be killed, Linux ends them (PR_SET_PDEATHSIG).
"""

import contextlib
import ctypes
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from harness.errors import OwnFault

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
TAIL_BYTES = 2_000


class Child:
    """One running process. ``log`` holds what it writes to stderr."""

    def __init__(self, name: str, process: subprocess.Popen[bytes], log: Path) -> None:
        self.name = name
        self.process = process
        self.log = log

    @property
    def stdout(self) -> IO[bytes]:
        """What the process writes to stdout."""
        assert self.process.stdout is not None
        return self.process.stdout

    def tail(self) -> str:
        """The last words of its log, for a complaint."""
        try:
            raw = self.log.read_bytes()[-TAIL_BYTES:]
        except OSError:
            return ""
        lines = raw.decode("utf-8", "backslashreplace").strip().splitlines()
        return lines[-1] if lines else ""

    def forget_empty_log(self) -> None:
        """A log in which nothing was written tells nobody anything."""
        with contextlib.suppress(OSError):
            if not self.log.stat().st_size:
                self.log.unlink()

    def stop(self, grace_s: float) -> int:
        """SIGTERM to its group, SIGKILL after ``grace_s`` seconds; its exit code."""
        if self.process.poll() is None:
            self._signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(grace_s)
        self._signal(signal.SIGKILL)
        return self.process.wait()

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)


class Children:
    """The processes of one command; leaving the context ends those that still run."""

    def __init__(self, grace_s: float = 5.0) -> None:
        self._grace_s = grace_s
        self._running: list[Child] = []

    def __enter__(self) -> "Children":
        return self

    def __exit__(self, *_: object) -> None:
        grace_s = self._grace_s
        for child in reversed(self._running):
            try:
                child.stop(grace_s)
            except KeyboardInterrupt:  # asked again: at once
                grace_s = 0.0
                child.stop(grace_s)
            child.stdout.close()
            child.forget_empty_log()

    def start(
        self, name: str, argv: Sequence[str], log: Path, env: Mapping[str, str] | None = None
    ) -> Child:
        """Run Python with ``argv``; its stderr goes to the file ``log``, its stdout to a pipe."""
        with log.open("ab") as errors:
            process = subprocess.Popen(  # noqa: S603 - our own modules, no shell
                [sys.executable, *argv],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=env,
                process_group=0,
                preexec_fn=_die_with_parent if _LIBC else None,  # noqa: PLW1509 - one system call
            )
        child = Child(name, process, log)
        self._running.append(child)
        return child


def first_line(child: Child, deadline_s: float) -> str:
    """The first line that ``child`` prints; OwnFault when it ends or stays silent instead."""
    deadline = time.monotonic() + deadline_s
    raw = b""
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        while b"\n" not in raw:
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise OwnFault(f"the {child.name} did not start within {deadline_s:g} s")
            chunk = os.read(child.stdout.fileno(), 4096)
            if not chunk:
                raise OwnFault(f"the {child.name} did not start: {child.tail()}")
            raw += chunk
    return raw.partition(b"\n")[0].decode("utf-8", "replace").strip()


def _die_with_parent() -> None:
    """In the child, before its program: Linux sends SIGKILL when the parent dies."""
    assert _LIBC is not None
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
