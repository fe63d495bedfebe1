"""One message, many texts: the ways in which JSON may spell it, all of which mean the same.

Knows JSON and the four members; knows nothing of who takes them. Pure.
"""

import json
from itertools import permutations
from typing import Final

import msgspec
from hypothesis import strategies as st

from harness.conformance.generated.words import Numbers, number, numbers, one_of
from schemas.messages import InMsg
from schemas.words import MessageType

BLANKS: Final = ("", " ", "\n", "\t", "\r\n", "  \t ", " " * 70)
EXTRAS: Final = (
    ("x", "1"),
    ("note", '"words"'),
    ("備註", '"您好\\n\\u5ba2"'),
    ("sendTime", "null"),
    ("meta", '{"a":[1,2,{"b":null}],"type":"image"}'),
    ("ratio", "-0.5e-3"),
    ("list", "[[],{},[true,false]]"),
    ("a/b~c", '"\\/\\"\\\\"'),
    ("", "true"),
    ("long", '"' + "z" * 300 + '"'),
)
NOISE: Final = ("", "pro", "order", "confirm", "assignment", "PRO", "anything", "主題", " ")
ORDERS: Final = tuple(permutations(range(4)))

ABSENT, NULL, WRITTEN = range(3)


class Spelling(msgspec.Struct, frozen=True):
    """How a message is spelled. ``order`` is one of its members' 24; ``blanks`` stand between
    tokens, in turn; ``escapes``: 0 none that need not be, 1 all beyond ASCII, 2 all, 3 every other.

    ``unsaid`` is how members at their defaults are given; ``extras`` are unknown members;
    ``noise`` is the ``titletype`` of a text or image, 0 for none.
    """

    order: int = 0
    blanks: Numbers = ()
    escapes: int = 0
    unsaid: int = WRITTEN
    extras: Numbers = ()
    noise: int = 0


def spellings() -> st.SearchStrategy[Spelling]:
    """All of them, the plainest first."""
    return st.builds(
        Spelling,
        order=number(len(ORDERS)),
        blanks=numbers(len(BLANKS), 4),
        escapes=number(4),
        unsaid=one_of(WRITTEN, ABSENT, NULL),
        extras=numbers(len(EXTRAS), 3),
        noise=number(len(NOISE) + 1),
    )


def written(message: InMsg, spelling: Spelling) -> str:
    """The JSON text of ``message``."""
    return _joined(members(message, spelling), spelling)


def members(message: InMsg, spelling: Spelling) -> list[tuple[str, str]]:
    """The members of ``message`` as JSON texts of names and values, in their order."""
    values: list[tuple[str, object]] = [
        ("type", message.type),
        ("content", message.content or None),
        ("read", message.read or None),
        ("titletype", message.titletype or _noise(message, spelling)),
    ]
    plain = {"content": "", "read": False, "titletype": None}
    named = []
    for place in ORDERS[spelling.order % len(ORDERS)]:
        name, value = values[place]
        if value is None and spelling.unsaid == ABSENT:
            continue
        given = plain.get(name) if value is None and spelling.unsaid == WRITTEN else value
        named.append((f'"{name}"', _value(given, spelling)))
    for extra in spelling.extras:
        name, text = EXTRAS[extra % len(EXTRAS)]
        if all(f'"{name}"' != other for other, _ in named):
            named.insert(extra % (len(named) + 1), (f'"{name}"', text))
    return named


def _noise(message: InMsg, spelling: Spelling) -> str | None:
    takes_any = message.type in (MessageType.TEXT, MessageType.IMAGE)
    return NOISE[(spelling.noise - 1) % len(NOISE)] if takes_any and spelling.noise else None


def _value(value: object, spelling: Spelling) -> str:
    if not isinstance(value, str):
        return json.dumps(value)
    pieces = [_character(each, at, spelling) for at, each in enumerate(value)]
    return f'"{"".join(pieces)}"'


def _character(character: str, at: int, spelling: Spelling) -> str:
    escaped = (
        spelling.escapes == 2
        or (spelling.escapes == 1 and not character.isascii())
        or (spelling.escapes == 3 and at % 2 == 1)
    )
    if not escaped:
        return json.dumps(character, ensure_ascii=False)[1:-1]
    if character == "/":
        return "\\/"
    units = character.encode("utf-16-be")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02X}" for i in range(0, len(units), 2))


def _joined(named: list[tuple[str, str]], spelling: Spelling) -> str:
    tokens = ["{"]
    for place, (name, value) in enumerate(named):
        tokens += ([","] if place else []) + [name, ":", value]
    tokens.append("}")
    blanks = [BLANKS[blank % len(BLANKS)] for blank in spelling.blanks] or [""]
    return "".join(blanks[at % len(blanks)] + token for at, token in enumerate(tokens)) + blanks[-1]
