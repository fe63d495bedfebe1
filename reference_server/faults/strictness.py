"""Faults of the judge: good input that is refused (decision D17)."""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from reference_server.faults.bending import bend_judge
from reference_server.faults.fault import Bend, Fault
from reference_server.inbound import Refusal
from schemas.messages import InMsg, is_receipt
from schemas.words import STAFF_WORDS, MessageType, TitleType

_NAMES: Final = {"type", "content", "read", "titletype"}
Members = dict[str, Any]


def _object(text: str) -> Members:
    value = json.loads(text)
    return value if isinstance(value, dict) else {}


def _refusing(is_refused: Callable[[InMsg, Members], bool], error: str) -> Bend:
    """Good messages of which ``is_refused`` is true are refused."""

    def change(text: str, judged: InMsg | Refusal) -> InMsg | Refusal:
        with suppress(ValueError):
            if isinstance(judged, InMsg) and is_refused(judged, _object(text)):
                return Refusal(error)
        return judged

    return bend_judge(change)


def _is_image(message: InMsg, _: Members) -> bool:
    return message.type == MessageType.IMAGE


def _is_order(message: InMsg, _: Members) -> bool:
    return message.titletype == TitleType.ORDER


def _is_other(message: InMsg, _: Members) -> bool:
    return message.titletype == TitleType.OTHER


def _is_closing(message: InMsg, _: Members) -> bool:
    return message.titletype == STAFF_WORDS[1]


def _has_strangers(_: InMsg, members: Members) -> bool:
    return not members.keys() <= _NAMES


def _has_stray_titletype(message: InMsg, members: Members) -> bool:
    stray = message.type in (MessageType.TEXT, MessageType.IMAGE) and not is_receipt(message)
    return stray and bool(members.get("titletype"))


def _has_gaps(_: InMsg, members: Members) -> bool:
    return "read" not in members or "titletype" not in members


def _has_nulls(_: InMsg, members: Members) -> bool:
    return members.get("read", False) is None


FAULTS: Final = (
    Fault(
        "images-refused",
        "Images are an unknown type.",
        ("in-type-word",),
        _refusing(_is_image, "The member type must be one of text, title, staff."),
    ),
    Fault(
        "orders-refused",
        "Titles about orders have an unknown topic.",
        ("in-titletype-word",),
        _refusing(_is_order, "For title the titletype must be one of pro, other."),
    ),
    Fault(
        "other-topics-refused",
        "Titles about something else are refused.",
        ("title-other-words",),
        _refusing(_is_other, "For title the titletype must be one of pro, order."),
    ),
    Fault(
        "assignment-refused",
        "Closing a case is an unknown staff word.",
        ("assignment-unbinds",),
        _refusing(_is_closing, "For staff the titletype must be confirm."),
    ),
    Fault(
        "unknown-member-refused",
        "A member that the page does not name makes a message bad input.",
        ("ignore-unknown-member",),
        _refusing(_has_strangers, "The message has unknown members."),
    ),
    Fault(
        "stray-titletype-refused",
        "A titletype on text or image makes a message bad input.",
        ("ignore-titletype",),
        _refusing(_has_stray_titletype, "Only titles and staff messages have a titletype."),
    ),
    Fault(
        "absent-member-refused",
        "A message must have all four members.",
        ("null-is-absent",),
        _refusing(_has_gaps, "All four members are required."),
    ),
    Fault(
        "null-read-refused",
        "A read that is null makes a message bad input.",
        ("null-is-absent",),
        _refusing(_has_nulls, "The member read must be true or false."),
    ),
)
