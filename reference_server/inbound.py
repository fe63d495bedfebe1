"""The judge of what clients send: bytes or form fields in, a valid message or a refusal out (D17).

Knows the message alone. Whether this sender may say it here and now is the hall's business.
"""

from collections.abc import Mapping
from enum import Enum, auto

import msgspec
import orjson

from schemas.messages import InMsg, is_receipt
from schemas.words import STAFF_WORDS, TOPIC_WORDS, MessageType, TitleType


class Blame(Enum):
    """Why a message is refused: it is no JSON object at all, or it breaks the contract."""

    SYNTAX = auto()
    MEANING = auto()


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
_TYPES = tuple(MessageType)
_TITLETYPES: Mapping[str, tuple[TitleType, ...]] = {
    MessageType.TITLE: TOPIC_WORDS,
    MessageType.STAFF: STAFF_WORDS,
}


def judge(data: str | bytes) -> InMsg | Refusal:
    """A client message from its JSON text."""
    members = parse(data)
    return members if isinstance(members, Refusal) else judge_members(members)


def parse(data: str | bytes) -> Mapping[str, object] | Refusal:
    """The JSON object in ``data``. Strict: RFC 8259 without NaN, Infinity or trailing bytes."""
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        return Refusal("The message is not valid JSON.", Blame.SYNTAX)
    if not isinstance(value, dict):
        return Refusal("The message is not a JSON object.")
    return value


def judge_members(members: Mapping[str, object]) -> InMsg | Refusal:
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
        )
    )


def _text(members: Mapping[str, object], name: str) -> str | None:
    value = members.get(name)
    return value if isinstance(value, str) else None


def _judge_meaning(message: InMsg) -> InMsg | Refusal:
    if message.type not in _TYPES:
        return Refusal("The member type must be one of " + ", ".join(_TYPES) + ".")
    if not message.content and not is_receipt(message):
        return Refusal("The member content must not be empty.")
    words = _TITLETYPES.get(message.type)
    if words is None:
        # D17: on text and image the member means nothing, so it is not repeated either
        return msgspec.structs.replace(message, titletype=None)
    if message.titletype not in words:
        return Refusal(f"For {message.type} the titletype must be one of {', '.join(words)}.")
    return message
