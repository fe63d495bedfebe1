"""The shapes of JSON values as a graph of types: nodes, members, objects and their names."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from schemas.help_page.model import Row, Side

ABSENT = "absent"

Key = tuple[str, ...]
"""Which type: its name, or its owner's key and the member that holds it."""


class Scalar(msgspec.Struct, frozen=True):
    """One JSON value without parts. ``kinds`` are JSON Schema types, sorted."""

    kinds: tuple[str, ...]


class ListOf(msgspec.Struct, frozen=True):
    """An array."""

    item: "Node"


class MapOf(msgspec.Struct, frozen=True):
    """An object with free member names."""

    value: "Node"


class ObjectOf(msgspec.Struct, frozen=True):
    """An object of the type ``key``."""

    key: Key


class Anything(msgspec.Struct, frozen=True):
    """The page does not tell."""


Node = Scalar | ListOf | MapOf | ObjectOf | Anything


class Field(msgspec.Struct, frozen=True):
    """One member. ``row`` is its line in a table; ``seen`` what samples show: kinds, or absent."""

    name: str
    node: Node
    row: Row | None
    seen: frozenset[str]
    words: tuple[str, ...]
    examples: tuple[Any, ...]


class ObjectType(msgspec.Struct, frozen=True):
    """One type with its members. ``name`` is unique among types of different shape."""

    name: str
    fields: tuple[Field, ...]
    has_table: bool

    def field(self, name: str) -> Field | None:
        """The member ``name``, if there is one."""
        return next((field for field in self.fields if field.name == name), None)


class Outline(msgspec.Struct, frozen=True):
    """All types of a page. A root is None where the page describes no body."""

    objects: Mapping[Key, ObjectType]
    roots: Mapping[Side, Node]

    def name(self, key: Key) -> str:
        """The name of the type ``key``."""
        return self.objects[key].name


def reachable(roots: Iterable[Node], members: Mapping[Key, tuple[Field, ...]]) -> set[Key]:
    """The types that ``roots`` lead to."""
    found: set[Key] = set()
    left = [key for node in roots for key in _keys(node)]
    while left:
        key = left.pop()
        if key not in found:
            found.add(key)
            left.extend(inner for field in members[key] for inner in _keys(field.node))
    return found


def _keys(node: Node) -> tuple[Key, ...]:
    while isinstance(node, ListOf | MapOf):
        node = node.item if isinstance(node, ListOf) else node.value
    return (node.key,) if isinstance(node, ObjectOf) else ()


def names_of(types: Mapping[Key, tuple[Field, ...]]) -> dict[Key, str]:
    """A name for each type; unnamed ones of equal shape share one."""
    taken = {key[0].casefold() for key in types if len(key) == 1}
    wanted: dict[str, list[Key]] = {}
    for key in types:
        if len(key) > 1:
            wanted.setdefault(key[-1].casefold(), []).append(key)
    names: dict[Key, str] = {key: key[0] for key in types if len(key) == 1}
    for folded, keys in wanted.items():
        one_shape = len({_shape(key, types) for key in keys}) == 1
        for key in keys:
            names[key] = keys[0][-1] if one_shape and folded not in taken else "_".join(key)
    return {key: names[key] for key in types}


def _shape(key: Key, types: Mapping[Key, tuple[Field, ...]]) -> tuple[Any, ...]:
    return tuple(sorted((field.name, _node_shape(field.node, types)) for field in types[key]))


def _node_shape(node: Node, types: Mapping[Key, tuple[Field, ...]]) -> tuple[Any, ...]:
    match node:
        case ListOf(inner) | MapOf(inner):
            return (type(node).__name__, _node_shape(inner, types))
        case ObjectOf(key):
            return key if len(key) == 1 else _shape(key, types)
        case _:
            return (node,)
