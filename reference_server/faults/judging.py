"""Faults of the judge: bad input that is taken (decision D17)."""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from reference_server.conversation import Connection
from reference_server.faults.bending import bend_hall, bend_judge
from reference_server.faults.fault import Bend, Fault
from reference_server.hall import Hall
from reference_server.inbound import Blame, Refusal, judge
from schemas.messages import InMsg
from schemas.words import STAFF_WORDS, MessageType, Role, TitleType

_MEMBERS: Final = {"type": str, "content": str, "read": bool, "titletype": str}
Members = dict[str, Any]


def _taking(blame: Blame, read: Callable[[str], InMsg | None]) -> Bend:
    """What is refused for ``blame`` is read once more, leniently; None leaves it refused."""

    def change(text: str, judged: InMsg | Refusal) -> InMsg | Refusal:
        if not isinstance(judged, Refusal) or judged.blame is not blame:
            return judged
        try:
            return read(text) or judged
        except (ValueError, RecursionError):
            return judged

    return bend_judge(change)


def _as_words(text: str) -> InMsg | None:
    """Anything that does not begin like JSON's numbers in other letters is words."""
    return InMsg(MessageType.TEXT, text) if "NaN" not in text and "Infinity" not in text else None


def _first_value(text: str) -> InMsg | None:
    value, end = json.JSONDecoder().raw_decode(text)
    rest = text[end:].strip()
    return _from_members(value) if rest and isinstance(value, dict) else None


def _with_nan(text: str) -> InMsg | None:
    lenient = "NaN" in text or "Infinity" in text
    value = json.loads(text) if lenient else None
    return _from_members(value) if isinstance(value, dict) else None


def _no_object(text: str) -> InMsg | None:
    value = json.loads(text)
    return None if isinstance(value, dict) else InMsg(MessageType.TEXT, str(value))


def _other_types(text: str) -> InMsg | None:
    """Members of a wrong type are turned into the right one."""
    members = _object(text)
    wrong = {
        name: value
        for name, value in members.items()
        if name in _MEMBERS and value is not None and not isinstance(value, _MEMBERS[name])
    }
    if not wrong:
        return None
    members |= {name: value if name == "read" else _text(value) for name, value in wrong.items()}
    members["read"] = str(members.get("read")).lower() == "true"
    return _from_members(members)


def _text(value: object) -> str:
    return MessageType.TEXT if isinstance(value, list) else str(value)


def _any_type(text: str) -> InMsg | None:
    members = _object(text)
    known = members.get("type") in tuple(MessageType)
    return None if known else _from_members({**members, "type": MessageType.TEXT})


def _any_titletype(text: str) -> InMsg | None:
    members = _object(text)
    if members.get("type") != MessageType.TITLE or not members.get("content"):
        return None
    return _from_members({**members, "titletype": TitleType.OTHER})


def _any_staff_word(text: str) -> InMsg | None:
    members = _object(text)
    if members.get("type") != MessageType.STAFF or not members.get("content"):
        return None
    return _from_members({**members, "titletype": STAFF_WORDS[0]})


def _any_letter_case(text: str, judged: InMsg | Refusal) -> InMsg | Refusal:
    """Names of members are read without regard to letter case; the last one counts."""
    with suppress(ValueError, RecursionError):
        members = _object(text)
        folded = {name.lower(): value for name, value in members.items()}
        if folded.keys() != members.keys():
            return judge(json.dumps(folded))
    return judged


def _empty(text: str) -> InMsg | None:
    members = _object(text)
    empty = members.get("type") in tuple(MessageType) and not members.get("content")
    return _from_members({**members, "content": " "}) if empty else None


def _object(text: str) -> Members:
    value = json.loads(text)
    if not isinstance(value, dict):
        raise ValueError("no object")
    return value


def _from_members(members: Members) -> InMsg | None:
    kind, content = members.get("type"), members.get("content") or ""
    if kind not in tuple(MessageType) or not isinstance(content, str):
        return None
    titled = kind in (MessageType.TITLE, MessageType.STAFF)
    titletype = members.get("titletype") if titled else None
    return InMsg(str(kind), content, members.get("read") is True, titletype)


class HearingCustomers(Hall):
    """A customer's staff word is accepted, and is its own business."""

    def _staff_word_refusal(self, connection: Connection, message: InMsg) -> Refusal | None:
        if connection.side is Role.CUSTOMER:
            return None
        return super()._staff_word_refusal(connection, message)

    def _move(self, connection: Connection, *rest: Any) -> None:
        if connection.side is Role.STAFF:
            super()._move(connection, *rest)


FAULTS: Final = (
    Fault(
        "syntax-error-accepted",
        "What is no JSON is taken as the words of a text.",
        ("refuse-json-syntax",),
        _taking(Blame.SYNTAX, _as_words),
    ),
    Fault(
        "trailing-bytes-accepted",
        "What follows the JSON object is passed over.",
        ("refuse-trailing-bytes",),
        _taking(Blame.SYNTAX, _first_value),
    ),
    Fault(
        "nan-accepted",
        "NaN and Infinity are taken as numbers.",
        ("refuse-nan",),
        _taking(Blame.SYNTAX, _with_nan),
    ),
    Fault(
        "non-object-accepted",
        "JSON that is no object is taken as the words of a text.",
        ("refuse-non-object",),
        _taking(Blame.MEANING, _no_object),
    ),
    Fault(
        "wrong-types-accepted",
        "Members of a wrong JSON type are converted.",
        ("refuse-member-type",),
        _taking(Blame.MEANING, _other_types),
    ),
    Fault(
        "unknown-type-accepted",
        "Messages of an unknown type are taken as texts.",
        ("refuse-unknown-type",),
        _taking(Blame.MEANING, _any_type),
    ),
    Fault(
        "wrong-titletype-accepted",
        "Titles without a right topic are taken as about something else.",
        ("refuse-titletype",),
        _taking(Blame.MEANING, _any_titletype),
    ),
    Fault(
        "staff-word-guessed",
        "A staff message without a right word is taken for a confirm.",
        ("refuse-titletype",),
        _taking(Blame.MEANING, _any_staff_word),
    ),
    Fault(
        "members-of-any-case",
        "Members are known in any letter case.",
        (
            "refuse-unknown-type",
            "refuse-empty-content",
            "refuse-titletype",
            "ignore-unknown-member",
        ),
        bend_judge(_any_letter_case),
    ),
    Fault(
        "empty-content-accepted",
        "Empty content is taken as a blank.",
        ("refuse-empty-content",),
        _taking(Blame.MEANING, _empty),
    ),
    Fault(
        "customer-staff-word-accepted",
        "A customer's staff message is accepted.",
        ("refuse-customer-staff-word",),
        bend_hall(HearingCustomers),
    ),
)
