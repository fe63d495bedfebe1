"""What a page says of the messages' shapes: its tables and samples joined into one graph of types.

A table decides about the members it lists; samples add what no table describes. Types are known by
the names on the page, unnamed ones by the member that holds them; two unnamed types of one name
and different shape take their owner's name too.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any

from schemas.help_page.model import HelpPage, NotAHelpPage, Row, Side
from schemas.help_page.prose import words_in
from schemas.help_page.samples import is_dictionary, is_made_up, json_values, kind
from schemas.help_page.shapes import (
    ABSENT,
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
    names_of,
    reachable,
)
from schemas.help_page.type_text import (
    Collection,
    Dictionary,
    Named,
    Pair,
    Simple,
    TypeExpr,
    Unknown,
    parse_type,
    table_name,
)

MAX_EXAMPLES = 5
MAX_MEMBERS = 500


def outline(page: HelpPage) -> Outline:
    """The types of ``page``; NotAHelpPage when none of its samples can be read."""
    values = {side: json_values(page.body(side)) for side in Side}
    if not any(values.values()):
        raise NotAHelpPage(
            "has no JSON sample, and without one its types cannot be told",
            "give a page whose samples are available",
        )
    survey = _Survey(page)
    found = {side: survey.root(side, values[side]) for side in Side}
    survey.exhaust()
    roots = {side: node for side, node in found.items() if node is not None}
    members = {key: survey.fields(key) for key in survey.dicts}
    used = reachable(roots.values(), members)
    names = names_of({key: fields for key, fields in members.items() if key in used})
    objects = {key: ObjectType(names[key], members[key], key in survey.tables) for key in names}
    return Outline(objects, roots)


class _Survey:
    """Walks declared types and samples together, and keeps every sample of each type."""

    def __init__(self, page: HelpPage) -> None:
        bodies = {side: page.body(side) for side in Side}
        self._page = page
        self._enums = {table.name: table.words for body in bodies.values() for table in body.words}
        self.tables: dict[Key, dict[str, Row]] = {
            (table_name(table.type_text) or side.value,): {row.name: row for row in table.rows}
            for side, body in bodies.items()
            for table in body.tables
        }
        self._pairs: dict[Key, dict[str, TypeExpr]] = {}
        self.dicts: dict[Key, list[dict[str, Any]]] = {}
        self._queue: deque[tuple[Key, Sequence[dict[str, Any]]]] = deque()
        self._growing = True

    def root(self, side: Side, values: Sequence[Any]) -> Node | None:
        """The type of a whole body, or None when there is no body."""
        text, place = self._page.body(side).type_text, (side.value,)
        if place in self.tables:  # a table with no type above it
            return self._object(place, values)
        return self._node(parse_type(text), values, place) if text or values else None

    def exhaust(self) -> None:
        """Follow every type that was met to the types of its members."""
        while self._queue:
            key, dicts = self._queue.popleft()
            for name in self._member_names(key, dicts):
                self._node(self._declared(key, name), _held(dicts, name), (*key, name))
        self._growing = False

    def fields(self, key: Key) -> tuple[Field, ...]:
        """The members of a type, once every sample of it is known."""
        return tuple(self._field(key, name) for name in self._member_names(key, self.dicts[key]))

    def _field(self, key: Key, name: str) -> Field:
        dicts = self.dicts[key]
        values, declared = _held(dicts, name), self._declared(key, name)
        row = self.tables.get(key, {}).get(name)
        node = self._node(declared, values, (*key, name))
        words: tuple[str, ...] = ()
        if isinstance(declared, Named) and declared.name in self._enums:
            words = self._enums[declared.name]
        elif row and node == Scalar(("string",)):
            words = words_in(row.prose)
        return Field(
            name=name,
            node=node,
            row=row,
            seen=frozenset(kind(each[name]) if name in each else ABSENT for each in dicts),
            words=words,
            examples=_examples(values),
        )

    def _member_names(self, key: Key, dicts: Iterable[dict[str, Any]]) -> tuple[str, ...]:
        declared = (*self.tables.get(key, ()), *self._pairs.get(key, ()))
        names = tuple(dict.fromkeys((*declared, *(name for each in dicts for name in each))))
        if len(names) > MAX_MEMBERS:
            raise NotAHelpPage(
                f"has a type with more than {MAX_MEMBERS} members",
                "give the help page of one action of the chat",
            )
        return names

    def _declared(self, key: Key, name: str) -> TypeExpr:
        row = self.tables.get(key, {}).get(name)
        return parse_type(row.type_text) if row else self._pairs.get(key, {}).get(name, Unknown())

    def _node(self, expr: TypeExpr, values: Iterable[Any], place: Key) -> Node:
        filled = [value for value in values if value is not None]
        match expr:
            case Simple(kind_name):
                return Scalar((kind_name,))
            case Collection(item, of_bytes):
                return self._collection(item, filled, place, of_bytes)
            case Dictionary(value):
                return MapOf(self._node(value, _mapped(filled), place))
            case Pair(key, value):
                self._pairs.setdefault(place, {"Key": key, "Value": value})
                return self._object(place, filled)
            case Named(name):
                return self._named(name, filled, place)
            case Unknown():
                return self._unnamed(filled, place, place)

    def _collection(self, item: TypeExpr, filled: list[Any], place: Key, of_bytes: bool) -> Node:
        if of_bytes and not any(isinstance(value, list) for value in filled):
            return Scalar(("string",)) if filled else Anything()
        return ListOf(self._node(item, _items(filled), place))

    def _named(self, name: str, filled: list[Any], place: Key) -> Node:
        if (name,) in self.tables:
            return self._object((name,), filled)
        if name in self._enums and not filled:
            return Scalar(("integer", "string"))
        return self._unnamed(filled, (name,), place)

    def _unnamed(self, filled: list[Any], key: Key, place: Key) -> Node:
        """What samples alone tell. ``key`` is the type's if they are objects, ``place`` where."""
        kinds = {kind(value) for value in filled}
        if kinds == {"object"}:
            if key == place and is_dictionary(filled):
                return MapOf(self._node(Unknown(), _mapped(filled), place))
            if key == place and not any(filled):
                return MapOf(Anything())
            return self._object(key, filled)
        if kinds == {"array"}:
            return ListOf(self._unnamed(_items(filled), key, place))
        if kinds and not kinds & {"object", "array"}:
            return Scalar(_scalar_kinds(kinds))
        return Anything()

    def _object(self, key: Key, values: Iterable[Any]) -> Node:
        dicts = [value for value in values if isinstance(value, dict)]
        if self._growing:
            if dicts or key not in self.dicts:
                self._queue.append((key, dicts))
            self.dicts.setdefault(key, []).extend(dicts)
        return ObjectOf(key)


def _held(dicts: Iterable[dict[str, Any]], name: str) -> list[Any]:
    return [each[name] for each in dicts if name in each]


def _items(values: Iterable[Any]) -> list[Any]:
    return [
        item for value in values if isinstance(value, list) for item in value if item is not None
    ]


def _mapped(values: Iterable[Any]) -> list[Any]:
    return [inner for value in values if isinstance(value, dict) for inner in value.values()]


def _scalar_kinds(kinds: set[str]) -> tuple[str, ...]:
    """``kinds`` sorted; an integer beside a number is a number."""
    return tuple(sorted(kinds - {"integer"} if "number" in kinds else kinds))


def _examples(values: Iterable[Any]) -> tuple[Any, ...]:
    """Values that say something: the generator's inventions and empty texts do not."""
    told = [value for value in values if not is_made_up(value) and value]
    return tuple(dict.fromkeys(told))[:MAX_EXAMPLES]
