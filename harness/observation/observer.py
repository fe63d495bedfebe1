"""Looks at each source once a second from a thread of its own, beside whatever else goes on.

A slow source delays nobody but itself, and one whose pages cost much to read is asked less often.
"""

import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from harness.observation.source import Source, Unobservable

EVERY_S = 1.0
MOST_WAITING = 1_000
"""How many looks are kept for whoever takes them; older ones go first."""

_LARGEST_SHARE = 0.1
_JOIN_S = 3.0


@dataclass(frozen=True, slots=True)
class Look:
    """What ``source`` said at ``at_s`` of ``time.monotonic()``."""

    source: str
    local: bool
    at_s: float
    values: dict[str, float]


class Observer:
    """Looks at ``sources`` every ``every_s`` seconds while its context is open."""

    def __init__(self, sources: Sequence[Source], every_s: float = EVERY_S) -> None:
        self._watches = [_Watch(source, every_s) for source in sources]

    def __enter__(self) -> "Observer":
        for watch in self._watches:
            watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        for watch in self._watches:
            watch.stop()

    def close(self) -> None:
        """Close the sources of an observer that never looked."""
        for watch in self._watches:
            watch.close()

    def taken(self) -> list[Look]:
        """The looks since the last call, in order of time."""
        return sorted((look for each in self._watches for look in each.taken()), key=_when)

    def troubles(self) -> list[str]:
        """One sentence for each source that failed, left something out, or was damaged."""
        return [sentence for watch in self._watches for sentence in watch.troubles()]


class _Watch:
    """One source and its thread."""

    def __init__(self, source: Source, every_s: float) -> None:
        self._source, self._every_s = source, every_s
        self._stopping = threading.Event()
        self._looks: deque[Look] = deque(maxlen=MOST_WAITING)
        self._asked = self._failed = self._damaged = self._left_out = 0
        self._why = ""
        self._thread = threading.Thread(target=self._run, name="observer", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(_JOIN_S)
        if self._thread.is_alive():  # held by a source that never comes to an end
            self._source.close()

    def close(self) -> None:
        if self._thread.ident is None:
            self._source.close()

    def taken(self) -> list[Look]:
        return [self._looks.popleft() for _ in range(len(self._looks))]

    def troubles(self) -> list[str]:
        name, found = self._source.name, []
        if self._failed:
            times = f"{self._failed} of {self._asked} times"
            found.append(f"{name} could not be observed {times}: {self._why}")
        if self._thread.is_alive():
            found.append(f"{name} was still being read at the end")
        if self._damaged:
            found.append(f"{name}: {self._damaged} lines were no samples and were left out")
        if self._left_out:
            found.append(f"{name}: up to {self._left_out} series a page were left out")
        return found

    def _run(self) -> None:
        wait_s = 0.0
        while not self._stopping.wait(wait_s):
            began_s, worked_s = time.monotonic(), time.thread_time()
            self._look()
            cost_s = time.thread_time() - worked_s
            left_s = self._every_s - (time.monotonic() - began_s)
            wait_s = max(left_s, cost_s / _LARGEST_SHARE, 0.0)
        self._look()
        self._source.close()

    def _look(self) -> None:
        self._asked += 1
        began_s = time.monotonic()
        try:
            found = self._source.read()
        except Unobservable as error:
            self._failed, self._why = self._failed + 1, str(error)
            return
        except Exception as error:
            self._failed, self._why = self._failed + 1, type(error).__name__
            return
        at_s = (began_s + time.monotonic()) / 2
        self._damaged += found.damaged
        self._left_out = max(self._left_out, found.left_out)
        self._looks.append(Look(self._source.name, self._source.local, at_s, found.values))


def _when(look: Look) -> float:
    return look.at_s
