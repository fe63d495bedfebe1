"""Reads the WebSocket messages of a HAR file as browsers and proxies write them, in a stream.

The format is HAR 1.2 with the entry member ``_webSocketMessages``: objects with ``type`` (send,
receive), ``time``, ``opcode`` and ``data`` (base64 where binary). Of requests
only the host is given out; whatever could be a credential is given out as a secret, to be hidden.
"""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import islice
from typing import Any, BinaryIO
from urllib.parse import parse_qsl, urlsplit

import ijson  # type: ignore[import-untyped]

from harness.captures.steps import (
    Author,
    CaptureDamaged,
    Closed,
    Message,
    NoCapture,
    Opened,
    Remark,
    Secret,
    Step,
    Steps,
)
from harness.errors import one_line

CREATOR = "chatsocket-harness"
"""The ``creator`` of the HAR files that this harness writes."""

CHUNK = 1 << 16
MAX_CHUNK = 8 << 20
MAX_VALUE_BYTES = 64 << 20
MAX_DEPTH = 100
MAX_SECRET = 8_192
MAX_SECRETS = 500

_TEXT, _BINARY = 1, 2
_DATA_OPCODES = (0, _TEXT, _BINARY)
_MIN_SECRET = 6
_LONG_SEGMENT = 20
_FAR_S = 10**11
_FAR_MS = 10**14
_OPEN = ("start_map", "start_array")
_SHUT = ("end_map", "end_array")
_LISTS = ("headers", "queryString", "cookies")
_TELLING = re.compile(r"auth|cookie|token|key|secret|session|csrf|protocol", re.IGNORECASE)


def read(stream: BinaryIO, name: str) -> Steps:
    """The steps of the HAR file in ``stream``; see :func:`harness.captures.source.open_source`."""
    walk = _Walk()
    for event, value in _events(stream, name):
        yield from walk.take(event, value)
        if len(walk.keys) > MAX_DEPTH:
            raise CaptureDamaged(name, "nests too deeply to be a HAR file")
    if not walk.sockets:
        raise NoCapture(name, f"holds {walk.entries} requests and no WebSocket message")


def _events(stream: BinaryIO, name: str) -> Iterator[tuple[str, Any]]:
    """What the incremental parser sees; CaptureDamaged where the text ends or is no JSON."""
    found = ijson.sendable_list()
    parser = ijson.basic_parse_coro(found)
    silent = 0
    broken: str | None = None
    while broken is None:
        # The parser looks at a long value from its start with every chunk, so these must grow.
        chunk = stream.read(min(CHUNK + silent, MAX_CHUNK))
        broken = _feed(parser, chunk)
        silent = 0 if found else silent + len(chunk)
        yield from found
        del found[:]
        if not chunk and broken is None:
            return
        if silent > MAX_VALUE_BYTES:
            broken = f"holds a value of more than {MAX_VALUE_BYTES >> 20} MiB"
    raise CaptureDamaged(name, broken)


def _feed(parser: Any, chunk: bytes) -> str | None:
    """Why the text cannot be read further, if so; an empty ``chunk`` is its end."""
    try:
        if chunk:
            parser.send(chunk)
        else:
            parser.close()
    except ijson.JSONError as error:
        cut = "premature EOF" in str(error) or "ncomplete" in str(error)
        return "breaks off in the middle" if cut else "is damaged: it is no JSON from some place on"
    return None


class _Walk:
    """Where in the document the parser is, and what has been gathered there.

    ``keys`` holds the open member of each open object, "" for an array: the messages lie at
    log, entries, "", _webSocketMessages, "", and their own members.
    """

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.entries = 0
        self.sockets = 0
        self._object: dict[str, Any] = {}
        self._host = ""
        self._secrets: list[Secret] = []
        self._is_socket = False

    def take(self, event: str, value: Any) -> Iterator[Step]:
        """One event of the parser; the steps it completes."""
        keys = self.keys
        if event == "map_key":
            keys[-1] = value
        elif event in _OPEN:
            yield from self._open()
            keys.append("")
        elif event in _SHUT:
            keys.pop()
            yield from self._shut()
        elif len(keys) == 6 and keys[3] == "_webSocketMessages" and self._in_entries:
            self._object[keys[5]] = value
        elif len(keys) == 7 and keys[4] in _LISTS and self._in_entries:
            self._object[keys[6]] = value
        elif keys == ["log", "creator", "name"] and value == CREATOR:
            yield Author()
        elif keys[3:] == ["request", "url"] and self._in_entries:
            self._url(str(value))

    @property
    def _in_entries(self) -> bool:
        return self.keys[:2] == ["log", "entries"]

    @property
    def _is_message(self) -> bool:
        return len(self.keys) > 3 and self.keys[3] == "_webSocketMessages"

    @property
    def _connection(self) -> str:
        return f"connection {self.entries}"

    def _open(self) -> Iterator[Step]:
        if not self._in_entries:
            return
        if len(self.keys) == 3:
            self.entries += 1
            self._host, self._is_socket, self._secrets = "", False, []
        elif len(self.keys) == 4 and self.keys[3] == "_webSocketMessages":
            self.sockets += 1
            self._is_socket = True
            yield Opened(self._connection, foreign=True)
        elif len(self.keys) == (5 if self._is_message else 6):
            self._object = {}

    def _shut(self) -> Iterator[Step]:
        keys = self.keys
        if not self._in_entries:
            return
        if len(keys) == 5 and keys[3] == "_webSocketMessages":
            message = message_of(self._connection, self._object)
            if message is not None:
                yield message
        elif len(keys) == 6 and keys[4] in _LISTS:
            self._keep(_credentials(keys[4], self._object))
        elif len(keys) == 4 and keys[3] == "_webSocketMessages":
            yield Closed(self._connection)
        elif len(keys) == 3 and self._is_socket:
            yield from self._secrets
            if self._host:
                yield Remark(f"{self._connection} of the HAR file went to {self._host}")

    def _keep(self, secrets: Iterable[Secret]) -> None:
        """Secrets of a request matter when it turns out to be a WebSocket's."""
        self._secrets += islice(secrets, max(MAX_SECRETS - len(self._secrets), 0))

    def _url(self, value: str) -> None:
        """Of an address the host is shown; path and query may hold tokens."""
        try:
            parts = urlsplit(value)
            host = f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname
        except ValueError:
            return
        self._host = one_line(f"{parts.scheme}://{host}")
        hidden = [parts.password or "", *(text for _, text in parse_qsl(parts.query))]
        hidden += (segment for segment in parts.path.split("/") if len(segment) > _LONG_SEGMENT)
        self._keep(map(Secret, filter(_could_be_secret, hidden)))


def _credentials(where: str, found: dict[str, Any]) -> Iterator[Secret]:
    """What in one header, cookie or parameter must be hidden: the value and each word of it."""
    name, value = str(found.get("name")), str(found.get("value"))
    if where == "headers" and not _TELLING.search(name):
        return
    words = {value, *re.split(r"[\s;,=]+", value)}
    yield from map(Secret, filter(_could_be_secret, words))


def _could_be_secret(text: str) -> bool:
    return _MIN_SECRET <= len(text) <= MAX_SECRET


def message_of(connection: str, found: dict[str, Any]) -> Message | None:
    """The message that a HAR object describes; None for control frames and errors."""
    opcode = found.get("opcode", _TEXT)
    kind = found.get("type")
    data = found.get("data")
    if kind not in ("send", "receive") or opcode not in _DATA_OPCODES:
        return None
    whole = isinstance(data, str) and found.get("_whole") is not False
    payload: bytes | str = data if isinstance(data, str) else ""
    if opcode == _BINARY:
        payload = _decoded(str(payload))
    return Message(
        connection, kind == "send", payload, _nanoseconds(found), opcode != _BINARY, whole
    )


def _decoded(data: str) -> bytes:
    try:
        return base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        return data.encode("utf-8", "replace")


def _nanoseconds(found: dict[str, Any]) -> int | None:
    """The time of a message: seconds since 1970 in browsers, milliseconds in Playwright.

    Decimals as they stand: a double since 1970 has no nanoseconds left. Below 0 there is no time.
    """
    time: Any = found.get("time")
    if isinstance(time, bool) or not isinstance(time, int | float | Decimal):
        return None
    if not 0 <= time < _FAR_MS:
        return None
    return int(time * 10**9) if time < _FAR_S else int(time * 10**6)
