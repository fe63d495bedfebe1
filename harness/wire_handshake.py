"""The server's side of the opening handshake, judged by RFC 6455 §4.2.2. Does no I/O.

Knows what the client offered, and nothing of frames.
"""

import base64
import hashlib
import re
from collections.abc import Iterator

import msgspec

from schemas.clauses import clause
from schemas.findings import Finding

MAX_HEAD_BYTES = 64 * 1024
SWITCHING_PROTOCOLS = 101

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455 §1.3
_STATUS_LINE = re.compile(r"HTTP/(\d\.\d) (\d{3})(?: (.*))?\Z")
_HEAD_END = re.compile(rb"\r?\n\r?\n")


class Offer(msgspec.Struct, frozen=True):
    """What the client's request said that the answer is held against."""

    key: str
    subprotocols: tuple[str, ...] = ()
    extensions: tuple[str, ...] = ()


class ResponseHead(msgspec.Struct, frozen=True):
    """A status line and its header fields, names in lower case, in the order they came."""

    status: int
    version: str = "1.1"
    reason: str = ""
    headers: tuple[tuple[str, str], ...] = ()

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of the header ``name`` (lower case)."""
        return tuple(value for key, value in self.headers if key == name)

    def tokens(self, name: str) -> tuple[str, ...]:
        """The comma-separated elements of all headers ``name``, without blanks, case kept."""
        listed = (part.strip() for value in self.all(name) for part in value.split(","))
        return tuple(part for part in listed if part)

    @property
    def is_interim(self) -> bool:
        """Whether another head follows: a 1xx that does not switch protocols (RFC 9110 §15.2)."""
        return 100 <= self.status < 200 and self.status != SWITCHING_PROTOCOLS


class HeadReader:
    """Collects one response head. ``text`` is what came; ``rest`` follows the head."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self.rest = b""

    def feed(self, data: bytes) -> bytes | None:
        """The whole head, once it or :data:`MAX_HEAD_BYTES` of it have come, else None."""
        seen = max(0, len(self._buffer) - 3)
        self._buffer += data
        end = _HEAD_END.search(self._buffer, seen)
        if end is None and len(self._buffer) < MAX_HEAD_BYTES:
            return None
        cut = end.end() if end else MAX_HEAD_BYTES
        head, self.rest = bytes(self._buffer[:cut]), bytes(self._buffer[cut:])
        self._buffer.clear()
        return head


def accept_value(key: str) -> str:
    """The ``Sec-WebSocket-Accept`` that belongs to ``key`` (RFC 6455 §4.2.2)."""
    digest = hashlib.sha1(key.encode("latin-1", "replace") + _GUID, usedforsecurity=False).digest()
    return base64.b64encode(digest).decode()


def parse_head(raw: bytes) -> ResponseHead | None:
    """The response head in ``raw``, or None when its first line is no status line."""
    lines = raw.decode("latin-1").split("\n")
    matched = _STATUS_LINE.match(lines[0].rstrip("\r"))
    if matched is None:
        return None
    fields = (line.rstrip("\r").partition(":") for line in lines[1:])
    headers = tuple((name.strip().lower(), value.strip()) for name, colon, value in fields if colon)
    return ResponseHead(int(matched[2]), matched[1], matched[3] or "", headers)


def judge_head(raw: bytes, offer: Offer) -> Iterator[Finding]:
    """What is wrong with a head that answers ``offer``; an HTTP refusal is not wrong by itself."""
    head = parse_head(raw)
    if head is None or not _HEAD_END.search(raw):
        actual = "no HTTP status line" if head is None else f"no end in {MAX_HEAD_BYTES} bytes"
        yield _broken("rfc-101-response", "an HTTP response head", actual, raw)
    elif head.status == SWITCHING_PROTOCOLS:
        yield from _judge_switch(head, offer, raw)


def _judge_switch(head: ResponseHead, offer: Offer, raw: bytes) -> Iterator[Finding]:
    if head.version < "1.1":
        yield _broken("rfc-101-response", "HTTP/1.1", f"HTTP/{head.version}", raw)
    upgrade = ", ".join(head.all("upgrade"))
    if upgrade.lower() != "websocket":
        yield _broken("rfc-upgrade-header", "Upgrade: websocket", upgrade or "none", raw)
    if "upgrade" not in map(str.lower, head.tokens("connection")):
        actual = ", ".join(head.all("connection")) or "none"
        yield _broken("rfc-connection-header", "Connection: Upgrade", actual, raw)
    expected = accept_value(offer.key)
    if head.all("sec-websocket-accept") != (expected,):
        actual = ", ".join(head.all("sec-websocket-accept")) or "none"
        yield _broken("rfc-accept-value", expected, actual, raw)
    yield from _judge_choices(head, offer, raw)


def _judge_choices(head: ResponseHead, offer: Offer, raw: bytes) -> Iterator[Finding]:
    chosen = head.all("sec-websocket-protocol")
    if len(chosen) > 1 or any(name not in offer.subprotocols for name in chosen):
        expected = "one of " + ", ".join(offer.subprotocols) if offer.subprotocols else "none"
        yield _broken("rfc-unoffered-subprotocol", expected, ", ".join(chosen), raw)
    for extension in head.tokens("sec-websocket-extensions"):
        if extension.partition(";")[0].strip() not in offer.extensions:
            expected = ", ".join(offer.extensions) or "none"
            yield _broken("rfc-unoffered-extension", expected, extension, raw)


def _broken(slug: str, expected: str, actual: str, raw: bytes) -> Finding:
    return clause(slug).broken(expected=expected, actual=actual[:200], frame=raw)
