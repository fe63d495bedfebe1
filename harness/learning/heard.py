"""One message of the server as it was heard: its value without secrets, and short excerpts of it.

Knows no connection and no mode.
"""

import json
from collections.abc import Callable
from typing import Any

import msgspec
import orjson

from harness.errors import one_line
from schemas.words import MsgStatus

MAX_DEPTH = 12
SHOWN_TEXT_CHARS = 60
SHOWN_CHARS = 240

Redact = Callable[[str], str]


class Heard(msgspec.Struct, frozen=True, eq=False):
    """``who`` heard it; ``at_s`` is the Unix time at which it was read."""

    who: str
    frame: dict[str, Any]
    at_s: float

    @property
    def status(self) -> object:
        """Its ``MsgStatus``."""
        return self.frame.get("MsgStatus")

    @property
    def is_answer(self) -> bool:
        """Whether it is a ``Send``."""
        return self.status == MsgStatus.SEND

    @property
    def is_delivery(self) -> bool:
        """Whether it is a ``Receive``."""
        return self.status == MsgStatus.RECEIVE

    @property
    def succeeded(self) -> bool:
        """Whether its ``Result`` is true."""
        return self.frame.get("Result") is True

    @property
    def msg(self) -> dict[str, Any]:
        """Its ``msg``, {} where that is no object."""
        msg = self.frame.get("msg")
        return msg if isinstance(msg, dict) else {}

    @property
    def count(self) -> int | None:
        """Its ``NoReadQty``, None where that is no integer."""
        count = self.frame.get("NoReadQty")
        return count if type(count) is int else None

    def excerpt(self, *members: str) -> str:
        """One bounded line: who heard what, with these members of the frame or (``msg.x``) of its
        message beside ``MsgStatus``."""
        shown: dict[str, Any] = {"MsgStatus": self.status}
        inner = [name.removeprefix("msg.") for name in members if name.startswith("msg.")]
        for name in (name for name in members if not name.startswith("msg.")):
            shown[name] = self.frame.get(name)
        if inner:
            present = isinstance(self.frame.get("msg"), dict)
            shown["msg"] = {name: self.msg.get(name) for name in inner} if present else None
        text = json.dumps(_short(shown), ensure_ascii=False)
        return f"{printable(self.who)} <- {printable(text)[:SHOWN_CHARS]}"


def read(data: bytes, redact: Redact) -> dict[str, Any] | None:
    """The JSON object in ``data`` with the secrets in it replaced; None when there is none."""
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        return None
    return _clean(value, redact, MAX_DEPTH) if isinstance(value, dict) else None


def printable(text: str) -> str:
    """``text`` on one line, fit for a comment: what cannot be printed is escaped."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def _clean(value: Any, redact: Redact, depth: int) -> Any:
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, dict | list) and not depth:
        return None
    if isinstance(value, dict):
        return {redact(name): _clean(item, redact, depth - 1) for name, item in value.items()}
    if isinstance(value, list):
        return [_clean(item, redact, depth - 1) for item in value]
    return value


def _short(value: Any) -> Any:
    if isinstance(value, str):
        return value if len(value) <= SHOWN_TEXT_CHARS else f"{value[:SHOWN_TEXT_CHARS]}…"
    if isinstance(value, dict):
        return {one_line(name): _short(item) for name, item in list(value.items())[:12]}
    if isinstance(value, list):
        return [_short(item) for item in value[:4]]
    return value
