"""Who spoke with nobody there to attend: read from the transcript of a case. Pure."""

import json
from typing import Any

from schemas.case_records import CaseRecord, TranscriptLine

TALK = ("text", "image", "title")


def unattended(record: CaseRecord) -> set[str]:
    """The customers who spoke before staff had taken their case."""
    taken: set[Any] = set()
    early: set[str] = set()
    for line in record.transcript:
        members, speaker = _said(line), line.actor.split(" ")[0]
        if members.get("titletype") == "confirm":
            taken.add(members.get("content"))
        elif members.get("type") in TALK and members.get("content") and "-C" in speaker:
            early |= {speaker} - taken
    return early


def _said(line: TranscriptLine) -> dict[str, Any]:
    """What a line of a transcript says in the chat, if anything."""
    if not line.sent or line.what != "text":
        return {}
    try:
        members = json.loads(line.payload)
    except (ValueError, RecursionError):
        return {}
    return members if isinstance(members, dict) else {}
