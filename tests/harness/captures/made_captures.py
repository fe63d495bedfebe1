"""A conversation made by hand, and the files in which it may have been captured."""

import base64
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from harness.captures import Claims, Inspection, open_source
from harness.target import Profile, default_profile
from schemas.case_records import CaseRecord
from schemas.verdicts import Outcome

Frame = dict[str, Any]
Line = tuple[float, bool, str]
"""Seconds, whether the client sent it, the text."""

START_S = 1_763_800_000.125


def msg(sender: str, kind: str, content: str, titletype: str | None = None) -> Frame:
    return {
        "SendSn": sender,
        "SendName": f"name of {sender}",
        "SendType": "staff" if sender.startswith("S") else "customer",
        "type": kind,
        "content": content,
        "time": "2026-11-22T10:00:00.000+08:00",
        "read": False,
        "titletype": titletype,
        "location": None,
        "info": {"name": "壺", "status": "on sale", "price": "320"} if titletype == "pro" else None,
    }


def login() -> Frame:
    return {"MsgStatus": "Login", "Result": True, "msg": None, "Error": None}


def ack(sender: str, kind: str, content: str, titletype: str | None = None) -> Frame:
    return {"MsgStatus": "Send", "Result": True, "msg": msg(sender, kind, content, titletype)}


def refusal(error: str = "no such thing") -> Frame:
    return {"MsgStatus": "Send", "Result": False, "msg": None, "Error": error}


def delivery(sender: str, content: str, count: int, kind: str = "text") -> Frame:
    frame = {"MsgStatus": "Receive", "Result": True, "msg": msg(sender, kind, content)}
    return frame | {"NoReadQty": count}


def said(kind: str, content: str, titletype: str | None = None, *, read: bool = False) -> Frame:
    return {"type": kind, "content": content, "read": read, "titletype": titletype}


def talk(*frames: Frame | str, step_s: float = 0.01) -> list[Line]:
    """Lines of one connection; who sent a frame shows in its members. Texts are the server's."""
    return [
        (
            START_S + number * step_s,
            isinstance(frame, dict) and "type" in frame,
            frame if isinstance(frame, str) else json.dumps(frame, ensure_ascii=False),
        )
        for number, frame in enumerate(frames)
    ]


HONEST = talk(
    login(),
    said("title", "P-1001", "pro"),
    ack("C1", "title", "P-1001", "pro"),
    delivery("S1", "您好", 1),
    said("text", "hello"),
    ack("C1", "text", "hello"),
    said("text", "", read=True),
    ack("C1", "text", ""),
    delivery("S1", "bye", 1),
)


def long_talk(messages: int) -> Iterator[Line]:
    """An honest conversation of ``messages`` frames."""
    yield from talk(login())
    for number in range((messages - 1) // 3):
        at = START_S + 1 + number * 0.03
        yield at, True, json.dumps(said("text", f"words {number}", read=True))
        yield at + 0.01, False, json.dumps(ack("C1", "text", f"words {number}"))
        yield at + 0.02, False, json.dumps(delivery("S1", f"answer {number}", 1))


# Files


def har_messages(lines: Iterable[Line]) -> list[Frame]:
    return [
        {"type": "send" if sent else "receive", "time": at, "opcode": 1, "data": data}
        for at, sent, data in lines
    ]


def har_entry(messages: list[Frame], url: str = "wss://shop.example/chat", **more: Any) -> Frame:
    """An entry as Chrome writes it: the messages come before the request."""
    request = {"method": "GET", "url": url, "headers": [], "queryString": [], "cookies": []}
    request |= more.pop("request", {})
    return {
        "_resourceType": "websocket",
        "_webSocketMessages": messages,
        "cache": {},
        "request": request,
        "response": {"status": 101, "headers": [], "cookies": [], "content": {"size": 0}},
        "startedDateTime": "2026-11-22T10:00:00.000Z",
        **more,
    }


def har(*entries: Frame, creator: str = "WebInspector") -> str:
    log = {"version": "1.2", "creator": {"name": creator, "version": "1"}, "entries": list(entries)}
    return json.dumps({"log": log}, ensure_ascii=False)


def http_entry() -> Frame:
    content = {"size": 9, "text": base64.b64encode(b"picture").decode(), "encoding": "base64"}
    request = {"method": "GET", "url": "https://shop.example/a.png", "headers": []}
    return {"request": request, "response": {"status": 200, "content": content}, "time": 1.5}


def wrapped(lines: Iterable[Line], **more: object) -> str:
    rows = ({"t": at, "sent": sent, "data": data, **more} for at, sent, data in lines)
    return "".join(json.dumps(row) + "\n" for row in rows)


# Judging

PROFILE = default_profile("ws://capture.invalid/chat")


def inspected(
    text: str | bytes,
    folder: Path,
    *,
    profile: Profile = PROFILE,
    claims: Claims = Claims(),  # noqa: B008
    strict: bool = False,
) -> tuple[dict[str, CaseRecord], list[str]]:
    """The cases by clause, and the notes."""
    path = folder / "capture"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    inspection = Inspection(profile, claims, strict=strict)
    with open_source(str(path)) as steps:
        inspection.read(steps)
    return {case.clauses[0]: case for case in inspection.cases()}, list(inspection.notes())


def broken(cases: dict[str, CaseRecord]) -> dict[str, Outcome]:
    """What was found, by clause."""
    return {slug: case.outcome for slug, case in cases.items() if case.findings}
