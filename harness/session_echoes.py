"""Which message an acknowledgement repeats, and what is wrong with one that repeats another (D21).

Pure: the messages and the echo come in, the place, or clause, what was expected, what came and
where go out.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from harness.events import Frame, Pending
from harness.session_rules import SessionRules, fits_content, fits_titletype
from schemas.messages import InMsg
from schemas.modes import AckMode
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


def answered_place(rules: SessionRules, pending: Sequence[Pending], frame: Frame) -> int | None:
    """Which of the ``pending`` messages a ``Send`` answers: the oldest that it fits."""
    msg = frame.get("msg")
    if not pending:
        return None
    if not isinstance(msg, dict):
        bare = frame.get("Result") is not True or rules.ack is AckMode.BARE
        return 0 if bare or pending[0].message is None else None
    for place, entry in enumerate(pending):
        if entry.message is None or _repeats(rules, entry.message, msg):
            return place
    return None


def _repeats(rules: SessionRules, message: InMsg, msg: Frame) -> bool:
    return (
        msg.get("type") == message.type
        and fits_titletype(message, msg)
        and fits_content(rules, message, msg.get("content"))
    )


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
