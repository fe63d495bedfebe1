"""A page turned into literal schemas: a member has its documented JSON type, or is null or absent.

JSON Schema 2020-12. What the page only says in words (a list of values, "Required", a length) stays
an annotation: `examples`, `$comment`. Schemas are named after the page's types, never by position.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import msgspec

from schemas.help_page.model import HelpPage, NotAHelpPage, Side
from schemas.help_page.outline import outline
from schemas.help_page.shapes import (
    Anything,
    Field,
    Key,
    ListOf,
    MapOf,
    Node,
    ObjectOf,
    ObjectType,
    Outline,
    Scalar,
)

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
ANNOTATIONS = ("$id", "title", "description", "$comment", "examples")
MAX_NAME_CHARS = 80

_UNSAFE = re.compile(r"[^\w.-]|^[.-]+")
_MAPS_OF_SCHEMAS = {"properties", "$defs", "patternProperties", "dependentSchemas"}


class Message(msgspec.Struct, frozen=True):
    """One direction of the action: the name of its schema and its media types."""

    schema: str
    media_types: tuple[str, ...]


class Derived(msgspec.Struct, frozen=True):
    """What a page yields. A direction without a body is missing from ``messages``."""

    method: str
    path: str
    messages: Mapping[Side, Message]
    schemas: Mapping[str, Schema]


def derive(page: HelpPage, urn: str) -> Derived:
    """The literal schemas of ``page``, by name, in the page's order.

    ``urn`` is the pattern of their ``$id``, with ``{name}``. NotAHelpPage when nothing can be told.
    """
    return _Derivation(page, urn).derived()


def without_annotations(schema: Any) -> Any:
    """``schema`` with what may differ between equal literal schemas taken out, at every depth."""
    if isinstance(schema, list):
        return [without_annotations(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: {name: without_annotations(value) for name, value in part.items()}
        if key in _MAPS_OF_SCHEMAS and isinstance(part, dict)
        else without_annotations(part)
        for key, part in schema.items()
        if key not in ANNOTATIONS
    }


class _Derivation:
    """The schemas of one page while they are made."""

    def __init__(self, page: HelpPage, urn: str) -> None:
        self._page, self._urn = page, urn
        self._outline: Outline = outline(page)
        self._files = _file_names(self._outline)
        self._roots = {
            node.key for node in self._outline.roots.values() if isinstance(node, ObjectOf)
        }
        self._schemas: dict[str, Schema] = {}

    def derived(self) -> Derived:
        messages = {
            side: Message(self._root(side, node), self._page.body(side).media_types)
            for side, node in self._outline.roots.items()
        }
        for key, kind in self._outline.objects.items():
            self._schemas.setdefault(self._files[key], self._object(key, kind))
        for side, message in messages.items():
            self._tell_use(side, message)
        return Derived(self._page.method, self._page.path, messages, self._schemas)

    def _root(self, side: Side, node: Node) -> str:
        """The name of a whole body's schema; one that is no object of a type gets its own."""
        if isinstance(node, ObjectOf):
            return self._files[node.key]
        name = _root_name(node, self._files) or side.value
        body = _without_null(self._node(node))
        self._schemas.setdefault(name, self._headed(name, body))
        return name

    def _object(self, key: Key, kind: ObjectType) -> Schema:
        body: Schema = {"type": "object" if key in self._roots else ["object", "null"]}
        if not kind.has_table:
            body = {"description": "Known from samples alone.", **body}
        body["properties"] = {field.name: self._field(field) for field in kind.fields}
        return self._headed(self._files[key], body)

    def _headed(self, name: str, body: Schema) -> Schema:
        return {"$schema": DIALECT, "$id": self._id(name), "title": name, **body}

    def _id(self, name: str) -> str:
        return self._urn.format(name=quote(name))

    def _field(self, field: Field) -> Schema:
        schema = self._node(field.node)
        row = field.row
        if row and row.prose:
            schema["description"] = row.prose
        notes = []
        if row and isinstance(field.node, Scalar) and row.type_text not in field.node.kinds:
            notes.append(f"Printed type: {row.type_text}.")
        if row and row.rules:
            notes.append(f"Additional information: {'; '.join(row.rules)}.")
        if notes:
            schema["$comment"] = " ".join(notes)
        if examples := field.words or field.examples:
            schema["examples"] = list(examples)
        return schema

    def _node(self, node: Node) -> Schema:
        match node:
            case Scalar(kinds):
                return {"type": [*(kind for kind in kinds if kind != "null"), "null"]}
            case ListOf(item):
                inner = self._node(item)
                return {"type": ["array", "null"], **({"items": inner} if inner else {})}
            case MapOf(value):
                inner = self._node(value)
                free = {"additionalProperties": inner} if inner else {}
                return {"type": ["object", "null"], **free}
            case ObjectOf(key):
                ref = {"$ref": self._id(self._files[key])}
                return {"anyOf": [ref, {"type": "null"}]} if key in self._roots else ref
            case Anything():
                return {}

    def _tell_use(self, side: Side, message: Message) -> None:
        """Say in a body's schema where it travels."""
        page, schema = self._page, self._schemas[message.schema]
        head = {key: schema[key] for key in ("$schema", "$id", "title")}
        if prose := page.body(side).prose:
            head["description"] = schema.get("description", prose)
        media = f" as {', '.join(message.media_types)}" if message.media_types else ""
        use = f"The {side} of {page.method} {page.path}{media}."
        head["$comment"] = " ".join(filter(None, (schema.get("$comment"), use)))
        self._schemas[message.schema] = head | {k: v for k, v in schema.items() if k not in head}


def _without_null(schema: Schema) -> Schema:
    """A whole body is there; its parts may be null."""
    kinds = [kind for kind in schema.get("type", ()) if kind != "null"]
    return schema | {"type": kinds[0] if len(kinds) == 1 else kinds} if kinds else schema


def _root_name(node: Node, files: Mapping[Key, str]) -> str:
    match node:
        case ListOf(inner):
            name = _root_name(inner, files)
            return f"CollectionOf{name}" if name else ""
        case MapOf(inner):
            name = _root_name(inner, files)
            return f"DictionaryOf{name}" if name else ""
        case ObjectOf(key):
            return files[key]
        case _:
            return ""


def _file_names(types: Outline) -> dict[Key, str]:
    """A name for each type that is safe as a file's name, also where letter case does not count."""
    names: dict[Key, str] = {}
    owners: dict[str, str] = {}
    for key, kind in types.objects.items():
        normal = unicodedata.normalize("NFC", kind.name)
        safe = _UNSAFE.sub("_", normal)[:MAX_NAME_CHARS] or "_"
        if owners.setdefault(safe.casefold(), kind.name) != kind.name:
            raise NotAHelpPage(
                f"has two types whose names are alike: {owners[safe.casefold()]} and {kind.name}",
                "rename one of the members that hold them",
            )
        names[key] = safe
    return names
