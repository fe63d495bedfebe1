"""What this process uses of its machine, and how long its garbage collector holds it up.

Cheap enough to be read every second on a busy loop. What the system does not tell is None.
"""

import gc
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

_FILES = Path("/proc/self/fd")
_SOCKETS = Path("/proc/net/sockstat")


class Usage(msgspec.Struct, frozen=True):
    """Open files of the process; its ports and those of the host that wait to be free again."""

    open_fds: int | None = None
    ports_used: int | None = None

    def joined(self, other: "Usage") -> "Usage":
        """The larger of both."""
        return Usage(_most(self.open_fds, other.open_fds), _most(self.ports_used, other.ports_used))


def usage() -> Usage:
    """What is used now."""
    open_fds, waiting = _open_fds(), _waiting_ports()
    if open_fds is None or waiting is None:
        return Usage(open_fds)
    return Usage(open_fds, open_fds + waiting)


class GcPauses:
    """Counts and times the collections of this process while it listens."""

    def __init__(self) -> None:
        self._began_ns = 0
        self._count = self._longest_ns = 0

    def listen(self) -> None:
        """Begin."""
        if self._heard not in gc.callbacks:
            gc.callbacks.append(self._heard)

    def deafen(self) -> None:
        """End; harmless when it never began."""
        with suppress(ValueError):
            gc.callbacks.remove(self._heard)

    def take(self) -> tuple[int, int]:
        """How many since the last call, and the longest in µs."""
        count, longest_us = self._count, self._longest_ns // 1000
        self._count = self._longest_ns = 0
        return count, longest_us

    def _heard(self, phase: str, _info: dict[str, Any]) -> None:
        now_ns = time.monotonic_ns()
        if phase == "start":
            self._began_ns = now_ns
        elif self._began_ns:
            self._count += 1
            self._longest_ns = max(self._longest_ns, now_ns - self._began_ns)


def _open_fds() -> int | None:
    try:
        # Linux tells the number as the folder's size since 6.2; to list it would take too long.
        return _FILES.stat().st_size or None
    except OSError:
        return None


def _waiting_ports() -> int | None:
    try:
        for line in _SOCKETS.read_text().splitlines():
            if line.startswith("TCP:"):
                words = line.split()
                return int(words[words.index("tw") + 1])
    except (OSError, ValueError, IndexError):
        pass
    return None


def _most(one: int | None, other: int | None) -> int | None:
    return max((each for each in (one, other) if each is not None), default=None)
