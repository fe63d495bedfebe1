"""What the swarm asks of a transport, so that a socket and a script are the same to it.

A *link* is one open WebSocket connection that carries whole text messages; a *dialer* opens links;
a *sink* hears what a link brings. Knows no library, no clock and no chat.
"""

from collections.abc import Callable
from typing import Protocol

import msgspec

from harness.errors import Unavailability
from schemas.findings import Finding

Clock = Callable[[], int]
"""Monotonic nanoseconds; ``time.monotonic_ns`` but in simulated time."""


class Closing(msgspec.Struct, frozen=True):
    """How a link ended. ``code`` is the close code the server sent, None when it sent none.

    ``by_server`` is true when the end was not asked for by this side; ``broken`` when what came
    could not be taken (framing, size), so that the link had to be given up.
    """

    by_server: bool
    code: int | None = None
    reason: str = ""
    broken: bool = False

    @property
    def in_words(self) -> str:
        """The code, if there was one, and the reason."""
        code = f"close code {self.code}" if self.code is not None else "no close frame"
        return f"{code} {self.reason}".strip()


class DialFailed(Exception):
    """A connection could not be opened. ``detail`` is bounded and carries no credentials."""

    def __init__(self, cause: Unavailability, detail: str = "", status: int | None = None) -> None:
        super().__init__(cause, detail, status)
        self.cause = cause
        self.detail = detail
        self.status = status


class Sink(Protocol):
    """Hears one link. Every call comes on the loop's thread, ``on_closed`` last and once."""

    def on_message(self, data: bytes, at_ns: int) -> None:
        """One whole text message."""

    def on_broken(self, finding: Finding) -> None:
        """The server broke a clause of the wire; the link may live on."""

    def on_fault(self, error: Exception) -> None:
        """One of this sink's own calls raised ``error``; the link is being closed."""

    def on_writable(self, writable: bool) -> None:
        """The outgoing buffer filled up (False) or has room again (True)."""

    def on_closed(self, closing: Closing, at_ns: int) -> None:
        """Nothing follows."""


class Link(Protocol):
    """One open connection."""

    def send(self, data: bytes) -> None:
        """Send one text message. After the end of the link it does nothing."""

    def hold(self, *, on: bool) -> None:
        """Read nothing from now on (``on``), or read on. Closing ends it."""

    def close(self) -> None:
        """Close with 1000 and give the server a moment to answer. Harmless when repeated."""

    def abort(self) -> None:
        """Drop the connection without a word."""


class Address(msgspec.Struct, frozen=True):
    """Where and how to knock, for one account. May carry its token: never to be shown."""

    url: str
    headers: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        return "Address(…)"


class Dialer(Protocol):
    """Opens links."""

    async def dial(self, address: Address, sink: Sink) -> Link:
        """Open a link that ``sink`` hears; raises :class:`DialFailed`."""
