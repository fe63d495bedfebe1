"""The judge of what clients send: bytes or form fields in, a valid message or a refusal out (D17).

Knows the message alone. Whether this sender may say it here and now is the hall's business.
"""

from collections.abc import Mapping
from enum import Enum, auto
from typing import Final

import msgspec
import orjson

from reference_server.dialect import Dialect
from schemas.messages import InMsg, is_receipt
from schemas.words import STAFF_WORDS, TOPIC_WORDS, MessageType, TitleType


class Blame(Enum):
    """Why a message is refused: it is not JSON, it is bad input (D17), or its time is wrong."""

    SYNTAX = auto()
    MEANING = auto()
    CIRCUMSTANCE = auto()


class Refusal(msgspec.Struct, frozen=True):
    """A message that is not accepted; ``error`` is the sentence the sender reads."""

    error: str
    blame: Blame = Blame.MEANING


_MEMBERS: Mapping[str, tuple[type, str]] = {
    "type": (str, "a string"),
    "content": (str, "a string"),
    "read": (bool, "true or false"),
    "titletype": (str, "a string"),
}
_TITLETYPES: Mapping[str, tuple[TitleType, ...]] = {
    MessageType.TITLE: TOPIC_WORDS,
    MessageType.STAFF: STAFF_WORDS,
}
CONTRACT: Final = Dialect()


def judge(data: str | bytes, dialect: Dialect = CONTRACT) -> InMsg | Refusal:
    """A client message from its JSON text."""
    members = parse(data)
    return members if isinstance(members, Refusal) else judge_members(members, dialect)


def parse(data: str | bytes) -> Mapping[str, object] | Refusal:
    """The JSON object in ``data``. Strict: RFC 8259 without NaN, Infinity or trailing bytes."""
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        return Refusal("The message is not valid JSON.", Blame.SYNTAX)
    if not isinstance(value, dict):
        return Refusal("The message is not a JSON object.")
    return value


def judge_members(members: Mapping[str, object], dialect: Dialect = CONTRACT) -> InMsg | Refusal:
    """A client message from its members. Null counts as absent, unknown members as unsaid."""
    for name, (kind, words) in _MEMBERS.items():
        value = members.get(name)
        if value is not None and not isinstance(value, kind):
            return Refusal(f"The member {name} must be {words}.")
    return _judge_meaning(
        InMsg(
            type=_text(members, "type") or "",
            content=_text(members, "content") or "",
            read=members.get("read") is True,
            titletype=_text(members, "titletype"),
        ),
        dialect,
    )


def _text(members: Mapping[str, object], name: str) -> str | None:
    value = members.get(name)
    return value if isinstance(value, str) else None


def _judge_meaning(message: InMsg, dialect: Dialect) -> InMsg | Refusal:
    if message.type not in dialect.types:
        return Refusal("The member type must be one of " + ", ".join(dialect.types) + ".")
    if not message.content and not (dialect.has_receipts and is_receipt(message)):
        return Refusal("The member content must not be empty.")
    words = _TITLETYPES.get(message.type)
    if words is None:
        # D17: on text and image the member means nothing, so it is not repeated either
        return msgspec.structs.replace(message, titletype=None)
    if message.titletype not in words:
        return Refusal(f"For {message.type} the titletype must be one of {', '.join(words)}.")
    return message
