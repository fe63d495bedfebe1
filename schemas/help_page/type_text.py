"""The types that a help page prints, parsed. Knows the generator's vocabulary and nothing else.

The vocabulary is that of the HelpPage area's ``ModelDescriptionGenerator``; the names of .NET and
C# are taken too, because people edit that file. Nullable types are printed like plain ones.
"""

import re

import msgspec


class Simple(msgspec.Struct, frozen=True):
    """A type that JSON writes as one scalar; ``kind`` is its JSON Schema type."""

    kind: str


class Collection(msgspec.Struct, frozen=True):
    """An array of ``item``. ``of_bytes`` marks one that JSON usually writes as a base64 string."""

    item: "TypeExpr"
    of_bytes: bool = False


class Dictionary(msgspec.Struct, frozen=True):
    """An object with free member names; ``value`` is the type behind each."""

    value: "TypeExpr"


class Pair(msgspec.Struct, frozen=True):
    """An object with the members Key and Value."""

    key: "TypeExpr"
    value: "TypeExpr"


class Named(msgspec.Struct, frozen=True):
    """A model or an enumeration of the page's server."""

    name: str


class Unknown(msgspec.Struct, frozen=True):
    """Nothing is said of the type: there is no table, or it says Object."""


TypeExpr = Simple | Collection | Dictionary | Pair | Named | Unknown

MAX_TYPE_CHARS = 300

_PRINTED = {
    "string": (
        "string|character|URI|globally unique identifier|time interval|date"
        "|String|Char|Uri|Guid|TimeSpan|DateTime|DateTimeOffset|char|guid|datetime"
    ),
    "integer": (
        "integer|unsigned integer|byte|signed byte"
        "|Int16|Int32|Int64|UInt16|UInt32|UInt64|Byte|SByte|int|long|short|uint|ulong|ushort"
    ),
    "number": "decimal number|number|Single|Double|Decimal|float|double|decimal",
    "boolean": "boolean|Boolean|bool",
}
_SIMPLE = {name: kind for kind, names in _PRINTED.items() for name in names.split("|")}
_BYTES = {"byte", "Byte"}
_NULLABLE = re.compile(r"[Nn]ullable (?:of )?(?P<before>.+)|(?P<after>.+?)(?:\?| \(nullable\))")
_COLLECTION = "Collection of "
_NAME = re.compile(r"[\w.+`\[\]<>,-]+")


def parse_type(text: str) -> TypeExpr:
    """The type that ``text`` prints; :class:`Unknown` for an empty text, Object and "None."."""
    text = " ".join(text[:MAX_TYPE_CHARS].split())
    if match := _NULLABLE.fullmatch(text):
        return parse_type(match["before"] or match["after"])
    if text.startswith(_COLLECTION):
        item = text.removeprefix(_COLLECTION)
        return Collection(parse_type(item), item in _BYTES)
    if text.startswith("Dictionary of "):
        return Dictionary(parse_type(_pair(text)[1]))
    if text.startswith("Pair of "):
        key, value = _pair(text)
        return Pair(parse_type(key), parse_type(value))
    if text in _SIMPLE:
        return Simple(_SIMPLE[text])
    return Unknown() if text in ("", "None.", "Object") else Named(text)


def is_type(text: str) -> bool:
    """Whether ``text`` can be a printed type rather than prose: a phrase we know, or one name."""
    match parse_type(text):
        case Named(name):
            return _NAME.fullmatch(name) is not None
        case Unknown():
            return text == "Object"
        case _:
            return True


def table_name(text: str) -> str:
    """The name of the model whose table stands under the type ``text``; empty for none."""
    expr = parse_type(text)
    while isinstance(expr, Collection | Dictionary):
        expr = expr.item if isinstance(expr, Collection) else expr.value
    return expr.name if isinstance(expr, Named) else ""


def _pair(text: str) -> tuple[str, str]:
    """The two types of a dictionary or a pair: ``… of KEY [key] and VALUE [value]``."""
    key, _, value = text.partition(" of ")[2].partition(" [key] and ")
    return key, value.removesuffix(" [value]")
