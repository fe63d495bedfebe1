"""What a target's profile says about one session, as plain values."""

from collections.abc import Mapping
from typing import Any

import msgspec

from schemas.messages import InMsg
from schemas.modes import AckMode, ContentMode, ReadReceipt
from schemas.words import MessageType, Role, TitleType


def _all_same() -> Mapping[str, ContentMode]:
    return dict.fromkeys(MessageType, ContentMode.SAME)


class SessionRules(msgspec.Struct, frozen=True, kw_only=True):
    """What the target's profile says about a session; the defaults are the contract's.

    ``contents`` maps a message type to what becomes of its content; ``unread`` says whether counts
    can be judged here (one connection a side, scope conversation); ``off`` holds clauses that are
    not judged.
    """

    login_frame: bool = True
    ack: AckMode = AckMode.ECHO
    contents: Mapping[str, ContentMode] = msgspec.field(default_factory=_all_same)
    read_receipt: ReadReceipt = ReadReceipt.EMPTY_CONTENT
    unread: bool = True
    running_replay: bool = False
    confirm_word: str = TitleType.CONFIRM
    close_word: str = TitleType.ASSIGNMENT
    customer_word: str = Role.CUSTOMER
    staff_word: str = Role.STAFF
    off: frozenset[str] = frozenset()


def fits_content(rules: SessionRules, message: InMsg, content: object) -> bool:
    """Whether ``content`` is what the server may make of the message's content (D21)."""
    match rules.contents.get(message.type, ContentMode.SAME):
        case ContentMode.ANY:
            return isinstance(content, str)
        case ContentMode.SUFFIX:
            return isinstance(content, str) and content.endswith(message.content)
        case _:
            return (content or "") == message.content


def fits_titletype(message: InMsg, msg: Mapping[str, Any]) -> bool:
    """Whether ``msg`` repeats the title type; one that stands on text or image is ignored (D17)."""
    if message.titletype and message.type in (MessageType.TEXT, MessageType.IMAGE):
        return True
    return (msg.get("titletype") or None) == (message.titletype or None)
