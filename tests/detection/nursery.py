"""Reference servers that are up in milliseconds: forked from a process that has imported them.

Each is the whole command line in a process of its own; only the imports are shared. Knows nothing
of suites and faults.
"""

import atexit
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache

from reference_server.__main__ import main as serve

Child = tuple[int, str]
"""A server's process id and its URL, which is empty when it could not start."""


@contextmanager
def serving(*arguments: str) -> Iterator[str]:
    """The URL of a reference server with these arguments, while it runs. Ends by SIGKILL."""
    nursery = _nursery()
    pid, url = nursery.begin(arguments)
    try:
        assert url, f"a server with {' '.join(arguments)} did not start"
        yield url
    finally:
        nursery.end(pid)


class Nursery:
    """The process from which servers are forked. Its end is theirs."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.detection.nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def begin(self, arguments: Sequence[str]) -> Child:
        """Fork a server, and wait until it is ready."""
        return self._ask(list(arguments))

    def end(self, pid: int) -> None:
        """Kill a server of this nursery."""
        self._ask(pid)

    def close(self) -> None:
        """Kill them all."""
        self._process.communicate()

    def _ask(self, request: list[str] | int) -> Child:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(request), file=self._process.stdin, flush=True)
        pid, url = json.loads(self._process.stdout.readline())
        return pid, url


@cache
def _nursery() -> Nursery:
    nursery = Nursery()
    atexit.register(nursery.close)
    return nursery


def main() -> None:
    """Each line of standard input asks: a list of arguments to fork a server, a number to end it.

    The answer is a :data:`Child`, as JSON. At the end of the input all servers end.
    """
    children: set[int] = set()
    for line in sys.stdin:
        request = json.loads(line)
        if isinstance(request, int):
            children.discard(request)
            _kill(request)
            answer: Child = request, ""
        else:
            answer = _fork(request)
            children.add(answer[0])
        print(json.dumps(answer), flush=True)
    for pid in children:
        _kill(pid)


def _fork(arguments: Sequence[str]) -> Child:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        os.dup2(writing, sys.stdout.fileno())
        sys.exit(serve(arguments))
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as lines:
        return pid, lines.readline().strip()


def _kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


if __name__ == "__main__":
    main()
