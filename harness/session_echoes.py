"""What is wrong with an acknowledgement that repeats another message than the one that waits (D21).

Pure: the message and the echo come in, clause, what was expected, what came and where go out.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from harness.session_rules import fits_titletype
from schemas.messages import InMsg
from schemas.words import MessageType

_CONTENT_CLAUSE: Mapping[str, str] = {
    MessageType.TEXT: "content-text",
    MessageType.IMAGE: "content-image",
    MessageType.TITLE: "content-title",
}

_SENDER = (
    ("SendSn", "sender-identity"),
    ("SendType", "send-type-word"),
    ("SendName", "sender-identity"),
)

Mismatch = tuple[str, str, str, str]
"""Clause, expected, actual, and the JSON pointer."""


def changed_echo(message: InMsg | None, msg: object) -> Mismatch:
    """How ``msg`` differs from ``message``, in the member that tells the most."""
    if message is None or not isinstance(msg, dict):
        return "ack-echo", "a Send with the message in msg", "msg is no object", "/msg"
    if msg.get("type") != message.type:
        return "ack-echo", shown(message.type), shown(msg.get("type")), "/msg/type"
    if not fits_titletype(message, msg):
        expected, actual = shown(message.titletype), shown(msg.get("titletype"))
        return "ack-echo", expected, actual, "/msg/titletype"
    slug = _CONTENT_CLAUSE.get(message.type, "ack-echo")
    return slug, repr(message.content)[:200], shown(msg.get("content")), "/msg/content"


def is_anothers(msg: object, sn: str) -> bool:
    """Whether ``msg`` is a message that somebody else than ``sn`` has sent."""
    sender = msg.get("SendSn") if isinstance(msg, dict) else None
    return isinstance(sender, str) and sender != sn


def wrong_sender(words: tuple[str, str, str], msg: Mapping[str, Any]) -> Iterator[Mismatch]:
    """What ``msg`` says otherwise of its sender than ``words``: number, side, name ("": any)."""
    for (member, slug), wanted in zip(_SENDER, words, strict=True):
        if wanted and msg.get(member) != wanted:
            yield slug, repr(wanted), shown(msg.get(member)), f"/msg/{member}"


def shown(value: object) -> str:
    """A value of a hostile frame, bounded."""
    return repr(value[:200] if isinstance(value, str) else value)[:220]
