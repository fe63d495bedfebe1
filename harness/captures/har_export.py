"""Writes the transcripts of a run as a HAR file, for the tools that read those.

What is exported and inspected again gives the findings about messages that the run gave. HAR has no
control frames and no framing; addresses and headers, where tokens stand, are not in it.
"""

import base64
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any, BinaryIO

import orjson

from harness.captures.har import CREATOR
from harness.captures.steps import Lost, Message, Opened
from harness.captures.transcripts import CASE_NS, case_steps
from schemas.case_records import CaseRecord

URL = "wss://hidden.invalid/"

Entry = dict[str, Any]


def write_har(
    cases: Iterable[CaseRecord],
    out: BinaryIO,
    started: datetime | None = None,
    url: str = URL,
) -> int:
    """Write every connection of ``cases`` as a HAR entry into ``out``; how many there were.

    ``started`` is when their run did; without it each case has an hour of its own, from 1970 on.
    ``url`` is the target's as it may be shown.
    Raises OSError when ``out`` does.
    """
    creator = {"name": CREATOR, "version": version(CREATOR)}
    out.write(b'{"log":{"version":"1.2","creator":' + orjson.dumps(creator) + b',"entries":[')
    written = 0
    for number, case in enumerate(cases, 1):
        for entry in _entries(case, _start_ns(case, number, started), url):
            out.write((b",\n" if written else b"\n") + orjson.dumps(entry))
            written += 1
    out.write(b"\n]}}\n")
    return written


def _start_ns(case: CaseRecord, number: int, started: datetime | None) -> int:
    if started is None:
        return number * CASE_NS
    return round(started.timestamp() * 1e9) + round(case.started_s * 1e9)


def _entries(case: CaseRecord, start_ns: int, url: str) -> Iterator[Entry]:
    messages: dict[str, list[Entry]] = {}
    for step in case_steps(case, start_ns):
        match step:
            case Opened(connection=connection):
                messages[connection] = []
            case Message(connection=connection):
                messages[connection].append(_message(step))
            case Lost(connection=connection):
                messages[connection].append(_message(Message(connection, False, "", whole=False)))
    for connection, found in messages.items():
        if found:
            yield _entry(connection, found, url)


def _message(message: Message) -> Entry:
    data = (
        message.data if isinstance(message.data, str) else message.data.decode("utf-8", "replace")
    )
    entry: Entry = {
        "type": "send" if message.sent else "receive",
        "time": (message.at_ns or 0) / 1e9,
        "opcode": 1 if message.text else 2,
        "data": data if message.text else base64.b64encode(data.encode()).decode(),
    }
    return entry if message.whole else entry | {"_whole": False}


def _entry(connection: str, messages: list[Entry], url: str) -> Entry:
    started = datetime.fromtimestamp(messages[0]["time"], UTC)
    head: Entry = {"httpVersion": "HTTP/1.1", "cookies": [], "headers": []}
    sizes = {"headersSize": -1, "bodySize": -1}
    content = {"size": 0, "mimeType": "x-unknown"}
    return {
        "startedDateTime": started.isoformat(timespec="milliseconds"),
        "time": 0,
        "request": {"method": "GET", "url": url, "queryString": [], **head, **sizes},
        "response": {
            "status": 101,
            "statusText": "Switching Protocols",
            "content": content,
            "redirectURL": "",
            **head,
            **sizes,
        },
        "cache": {},
        "timings": {"send": 0, "wait": 0, "receive": 0},
        "comment": connection,
        "_resourceType": "websocket",
        "_webSocketMessages": messages,
    }
