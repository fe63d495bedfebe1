"""Frames that are wrong: valid ones, spoiled. Pure; whether the outcome is really wrong is for
:func:`must_be_refused` to say, which looks at the final bytes alone.
"""

import json
from collections.abc import Callable
from typing import Final

import msgspec
from hypothesis import strategies as st

from harness.conformance.generated.drafts import Draft, drafts
from harness.conformance.generated.spelling import Spelling, members
from harness.conformance.generated.words import number
from schemas.json_texts import Expectation
from schemas.judge import FrameJudge
from schemas.messages import InMsg
from schemas.treatment import treatment
from schemas.words import MessageType

Named = list[tuple[str, str]]

MARKS: Final = "{}[]:,\"'\\ \t\n0-.eENntfu/*#\x00\x01\x0b\x0c\u00a0\u2028é"
JUNK: Final = ("x", "}", "]", "{}", "\x00", "null", ",", "//", '{"type":"text"}', "\u00a0", "0")
NANS: Final = ("NaN", "Infinity", "-Infinity")
VALUES: Final = (
    *("7", "0", "-1", "1.5", "1e3", "true", "false", "[]", "{}", '["text"]', '{"a":"b"}', "[null]"),
    *('"true"', '"false"', '"0"', '""'),
)
TYPES: Final = (
    *(
        "TEXT",
        "Text",
        "text ",
        " text",
        "txt",
        "message",
        "null",
        "0",
        "",
        "textimage",
        "text\u0000",
    ),
    *("video", "tехt", "ｔｅｘｔ", "Login", "Send", "text,image", "titletype"),
)
TITLETYPES: Final = (
    *("PRO", "pro ", "product", "Order", "others", "", "null", "confirm", "assignment", "0"),
)
LENIENT: Final[tuple[Callable[[str], str], ...]] = (
    lambda text: text.replace('"', "'"),
    lambda text: text.replace('"type"', "type", 1),
    lambda text: text.replace("}", ",}", 1),
    lambda text: text.replace("{", "{/**/", 1),
    lambda text: text.replace(":", "=", 1),
    lambda text: text.replace(",", ";", 1),
    lambda text: text.replace(",", ",,", 1),
    lambda text: text.replace("true", "True").replace("false", "False"),
    lambda text: text.replace("{", '{"x":01,', 1),
    lambda text: text.replace("{", '{"x":+1,', 1),
    lambda text: text.replace("{", '{"x":.5,', 1),
    lambda text: text.replace("{", '{"x":0x1F,', 1),
    lambda text: text.replace("{", '{"x":"\\x41",', 1),
    lambda text: text.replace("{", '{"x":"\t",', 1),
    lambda text: text + "\n//",
    lambda text: f"({text})",
)
SHAPES: Final[tuple[Callable[[str], str], ...]] = (
    lambda text: f"[{text}]",
    json.dumps,
    lambda _: "null",
    lambda _: "7",
    lambda _: "true",
    lambda _: "[]",
    lambda _: '"text"',
    lambda _: "",
    lambda _: " ",
)


class Spoil(msgspec.Struct, frozen=True):
    """How a frame is spoiled: which way, at which of 64 places, and with what."""

    way: int = 0
    place: int = 0
    what: int = 0


class Wrong(msgspec.Struct, frozen=True):
    """A draft and how it is spoiled."""

    draft: Draft = Draft()
    spoil: Spoil = Spoil()


def wrongs() -> st.SearchStrategy[Wrong]:
    """One wrong frame of either side."""
    spoils = st.builds(Spoil, way=number(len(WAYS)), place=number(64), what=number(64))
    return st.builds(Wrong, draft=drafts(), spoil=spoils)


def spoiled(message: InMsg, wrong: Wrong) -> str:
    """The text of ``message``, spoiled."""
    return WAYS[wrong.spoil.way % len(WAYS)](message, wrong.draft.spelling, wrong.spoil)


def must_be_refused(data: bytes, judge: FrameJudge) -> str | None:
    """The clause that a server breaks which takes these bytes; None unless D17 wants a refusal."""
    due = treatment(data, judge.judge(data))
    return due.clause if due.expectation is Expectation.REFUSE else None


# -- the ways --------------------------------------------------------------------------------------


def _text(named: Named) -> str:
    return "{" + ",".join(f"{name}:{value}" for name, value in named) + "}"


def _plain(message: InMsg, spelling: Spelling) -> str:
    return _text(members(message, spelling))


def _replaced(message: InMsg, spelling: Spelling, name: str, value: str) -> str:
    """The text with the member ``name`` being ``value``, however it was before."""
    named = [each for each in members(message, spelling) if each[0] != f'"{name}"']
    return _text([*named, (f'"{name}"', value)])


def _at(text: str, spoil: Spoil) -> int:
    return spoil.place * len(text) // 64


def _wrong_type(message: InMsg, spelling: Spelling, spoil: Spoil) -> str:
    name = ("content", "read", "type", "titletype")[spoil.place % 4]
    return _replaced(message, spelling, name, VALUES[spoil.what % len(VALUES)])


def _unknown_type(message: InMsg, spelling: Spelling, spoil: Spoil) -> str:
    return _replaced(message, spelling, "type", _word(TYPES, spoil))


def _wrong_titletype(message: InMsg, spelling: Spelling, spoil: Spoil) -> str:
    topic = InMsg(MessageType.TITLE, message.content or "0", message.read)
    return _replaced(topic, spelling, "titletype", _word(TITLETYPES, spoil))


def _word(words: tuple[str, ...], spoil: Spoil) -> str:
    word = words[spoil.what % len(words)]
    return "null" if word == "null" else json.dumps(word)


def _empty(message: InMsg, spelling: Spelling, _: Spoil) -> str:
    read = message.read and message.type != MessageType.TEXT
    return _plain(msgspec.structs.replace(message, content="", read=read), spelling)


def _nan(message: InMsg, spelling: Spelling, spoil: Spoil) -> str:
    name = ("x", "read", "content")[spoil.place % 3]
    return _replaced(message, spelling, name, NANS[spoil.what % len(NANS)])


def _lenient(message: InMsg, spelling: Spelling, spoil: Spoil) -> str:
    return LENIENT[spoil.what % len(LENIENT)](_plain(message, spelling))


def _shape(message: InMsg, spelling: Spelling, spoil: Spoil) -> str:
    return SHAPES[spoil.what % len(SHAPES)](_plain(message, spelling))


def _trailing(message: InMsg, spelling: Spelling, spoil: Spoil) -> str:
    return _plain(message, spelling) + " " * (spoil.place % 2) + JUNK[spoil.what % len(JUNK)]


def _cut(message: InMsg, spelling: Spelling, spoil: Spoil) -> str:
    text = _plain(message, spelling)
    return text[: _at(text, spoil)]


def _dropped(message: InMsg, spelling: Spelling, spoil: Spoil) -> str:
    text = _plain(message, spelling)
    at = _at(text, spoil)
    return text[:at] + text[at + 1 :]


def _inserted(message: InMsg, spelling: Spelling, spoil: Spoil) -> str:
    text = _plain(message, spelling)
    at = _at(text, spoil)
    return text[:at] + MARKS[spoil.what % len(MARKS)] + text[at:]


def _exchanged(message: InMsg, spelling: Spelling, spoil: Spoil) -> str:
    text = _plain(message, spelling)
    at = _at(text, spoil)
    return text[:at] + MARKS[spoil.what % len(MARKS)] + text[at + 1 :]


WAYS: Final = (
    *(_unknown_type, _wrong_type, _wrong_titletype, _empty, _nan, _shape, _trailing, _lenient),
    *(_cut, _dropped, _inserted, _exchanged, _lenient, _lenient),
)
