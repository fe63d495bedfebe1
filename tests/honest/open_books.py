"""A reference server that tells what its conversations hold: ``python -m tests.honest.open_books``.

After its URL it answers each line of standard input with what is left open, as JSON. For tests of
what the suite leaves behind, which a socket cannot see without changing it.
"""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from reference_server.__main__ import main as serve
from reference_server.hall import Hall
from schemas.case_records import CaseRecord
from schemas.words import Role

Open = dict[str, list[str]]
SOON_S = 2.0
ROOT = Path(__file__).parents[2]


class OpenBooks:
    """The server as seen from outside; ``url`` is where it listens."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.url = self._line()

    def left(self) -> Open:
        """Per customer what is open: a case, or contents that a side has not read."""
        assert self._process.stdin is not None
        print(file=self._process.stdin, flush=True)
        found: Open = json.loads(self._line())
        return found

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


class Left:
    """What each case has left behind, by its id."""

    def __init__(self, books: OpenBooks) -> None:
        self.behind: dict[str, Open] = {}
        self._books = books
        self._before: Open = {}

    def look(self, record: CaseRecord) -> None:
        """After a case: what is open now and was not before, once connections have ended."""
        until = time.monotonic() + SOON_S
        while (now := self._books.left()) != self._before and time.monotonic() < until:
            time.sleep(0.01)
        if new := {sn: what for sn, what in now.items() if what != self._before.get(sn)}:
            self.behind[record.id] = new
        self._before = now


@contextmanager
def opened(*arguments: str) -> Iterator[OpenBooks]:
    """A server with these arguments, while it runs."""
    command = [sys.executable, "-m", "tests.honest.open_books", *arguments]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
    ) as process:
        try:
            yield OpenBooks(process)
        finally:
            process.kill()


def main(argv: Sequence[str]) -> int:
    """Serve, and answer on the side."""
    halls: list[Hall] = []
    made = Hall.__init__

    def remembered(hall: Hall, *given: Any) -> None:
        made(hall, *given)
        halls.append(hall)

    Hall.__init__ = remembered  # type: ignore[assignment, method-assign]
    threading.Thread(target=_answer, args=(halls,), daemon=True).start()
    return serve(argv)


def _answer(halls: list[Hall]) -> None:
    for _ in sys.stdin:
        print(json.dumps(_left_in(halls[-1])), flush=True)


def _left_in(hall: Hall) -> Open:
    left: Open = {}
    for sn, talk in list(hall._conversations.items()):
        open_case = ["a case is open"] if talk.bound_to is not None else []
        unread = [
            f"{side} has not read {entry.msg.type} {entry.msg.content[:40]!r}"
            for side in Role
            for entry in list(talk.unread[side])
        ]
        if open_case or unread:
            left[sn] = [*open_case, *unread]
    return left


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
