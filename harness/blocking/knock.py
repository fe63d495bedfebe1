"""Knocks at a target on a connection of its own, to see whether it gives any sign of life.

A plain request without credentials: whatever answers it lives. It is put beside the connection
whose answer is missing, for what is late there holds up all that comes behind it.
"""

import threading
import time
from urllib.parse import quote, urlsplit

from harness.blocking.deadline import Deadline
from harness.blocking.dial import Place, Route, dial
from harness.blocking.pulse import Sign
from harness.errors import TargetUnavailable, Unavailability

_NOBODY = (Unavailability.REFUSED, Unavailability.UNREACHABLE, Unavailability.UNRESOLVED)


class Knock:
    """One question. ``answered_ns`` once the first byte of an answer has come, or the end of the
    connection: who hangs up lives as well."""

    def __init__(self, place: Place, route: Route, latest: Deadline) -> None:
        self.asked_ns = time.monotonic_ns()
        self.answered_ns: int | None = None
        self.refused = False
        self._place, self._route, self._latest = place, route, latest
        threading.Thread(target=self._wait, name="knock", daemon=True).start()

    @property
    def is_open(self) -> bool:
        """Whether it may still be answered."""
        return self.answered_ns is None and not self.refused and not self._latest.passed

    def _wait(self) -> None:
        try:
            with dial(self._place, self._route, self._latest) as sock:
                sock.sendall(_request(self._place, self._route))
                sock.settimeout(max(self._latest.left_s, 0.001))
                sock.recv(1)
        except TargetUnavailable as reason:
            if reason.cause in _NOBODY:
                self.refused = True
                return
            if reason.cause is Unavailability.TIMED_OUT:
                return
        except TimeoutError:
            return
        except OSError:
            pass
        self.answered_ns = time.monotonic_ns()


def knock(place: Place, route: Route, latest: Deadline) -> Sign | None:
    """Knock in its turn, and wait for an answer until ``latest``; None at a target that is known
    dead, or bears no further connection."""

    def put() -> Knock:
        route.turn()
        return Knock(place, route, latest)

    return route.pulse.ask(put)


def _request(place: Place, route: Route) -> bytes:
    path = quote(urlsplit(route.shown).path or "/", safe="/%")
    head = f"GET {path} HTTP/1.1\r\nHost: {place.header}\r\nConnection: close\r\n\r\n"
    return head.encode("latin-1", "replace")
