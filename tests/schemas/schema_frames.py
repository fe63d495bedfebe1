"""Frames drawn from the shipped schemas, right and nearly right.

A right frame of some kind gets, here and there, another value that the schemas speak of for that
member: its JSON types, every word of an enumeration, values at and beyond each bound. Damage then
puts anything anywhere.
"""

import copy
from collections.abc import Iterator
from typing import Any, cast

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from schemas.modes import Tier
from schemas.registry import URN, Direction, documents

Frame = dict[str, Any]
Place = tuple[str, ...]

_TYPICAL: dict[str, SearchStrategy[Any]] = {
    "null": st.none(),
    "boolean": st.booleans(),
    "integer": st.integers(-1, 3),
    "number": st.integers(-200, 200) | st.floats(-200, 200),
    "string": st.sampled_from(["", "C1", "您好", "2026-11-22T10:00:00.123+08:00", "2026-11-22"]),
    "array": st.builds(list),
    "object": st.builds(dict),
}

_MSG: Frame = {
    "SendSn": "C1",
    "SendName": "陳大文",
    "SendType": "customer",
    "type": "text",
    "content": "您好",
    "time": "2026-11-22T10:00:00.123+08:00",
    "read": False,
    "titletype": None,
    "location": {"addr": "台北", "latitude": 25.03, "longitude": 121},
    "info": None,
}
_TITLE = _MSG | {
    "type": "title",
    "titletype": "pro",
    "info": {"name": "壺", "status": "on sale", "price": "320"},
}
_STAFF = _MSG | {"SendType": "staff", "type": "staff", "titletype": "confirm", "location": None}

RIGHT: dict[Direction, list[Frame]] = {
    Direction.CLIENT: [
        {"type": "text", "content": "您好", "read": False, "titletype": None},
        {"type": "text", "content": "", "read": True},
        {"type": "image", "content": "/a.jpg", "read": False},
        {"type": "title", "content": "P-1001", "titletype": "pro"},
        {"type": "staff", "content": "C1", "read": True, "titletype": "assignment"},
    ],
    Direction.SERVER: [
        {"MsgStatus": "Login", "Result": True},
        {"MsgStatus": "Send", "Result": False, "Error": "no such order", "msg": None},
        {"MsgStatus": "Send", "Result": True, "msg": _TITLE, "Error": None, "NoReadQty": None},
        {"MsgStatus": "Receive", "Result": True, "msg": _MSG, "Error": "", "NoReadQty": 2},
        {"MsgStatus": "Receive", "Result": True, "msg": _STAFF, "NoReadQty": 0},
    ],
}

ANYTHING = st.recursive(
    st.one_of(*_TYPICAL.values()) | st.text(max_size=2),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner, max_size=2)
    ),
    max_leaves=4,
)


def frames(direction: Direction) -> SearchStrategy[Frame]:
    """Frames of one direction, some valid: one of each kind with a few members redrawn."""
    return _frames(direction)


@st.composite
def _frames(draw: st.DrawFn, direction: Direction) -> Frame:
    frame = copy.deepcopy(draw(st.sampled_from(RIGHT[direction])))
    for place in draw(st.lists(st.sampled_from(_places(direction)), max_size=2)):
        node: Any = frame
        for name in place[:-1]:
            node = node.get(name)
            if not isinstance(node, dict):
                break
        else:
            schema = _literal(direction, place[:-1])["properties"][place[-1]]
            node[place[-1]] = draw(_member(direction, place, schema))
    return frame


@st.composite
def damaged(draw: st.DrawFn, direction: Direction) -> Frame:
    """The same with one place replaced, removed, added or renamed."""
    frame = draw(frames(direction))
    node = draw(st.sampled_from(list(_objects(frame))))
    name = draw(st.sampled_from([*node, "stranger"]))
    match draw(st.sampled_from(["replace", "remove", "rename"])):
        case "replace":
            node[name] = draw(ANYTHING)
        case "remove":
            node.pop(name, None)
        case _:
            node[draw(st.sampled_from([name.upper(), f"{name}_"]))] = node.pop(name, None)
    return frame


def _objects(node: Frame) -> Iterator[Frame]:
    yield node
    for value in node.values():
        if isinstance(value, dict):
            yield from _objects(value)


def _places(direction: Direction, place: Place = ()) -> list[Place]:
    """The place of every member, inner ones too."""
    members = _literal(direction, place)["properties"]
    own = [(*place, name) for name in members]
    inner = (_places(direction, (*place, name)) for name in members if "$ref" in members[name])
    return own + [found for places in inner for found in places]


def _member(direction: Direction, place: Place, schema: Frame) -> SearchStrategy[Any]:
    types = ["object", "null"] if "$ref" in schema else schema["type"]
    drawn = [_TYPICAL[name] for name in types]
    spoken = list(_spoken(_strict(direction), place))
    return st.one_of(drawn) | st.sampled_from(spoken) if spoken else st.one_of(drawn)


def _literal(direction: Direction, place: Place) -> Frame:
    """The literal schema of the object at ``place``."""
    schema = documents()[URN.format(tier=Tier.LITERAL, name=direction)]
    for name in place:
        schema = documents()[schema["properties"][name]["$ref"]]
    return schema


def _strict(direction: Direction) -> Frame:
    return documents()[URN.format(tier=Tier.STRICT, name=direction)]


def _spoken(schema: Frame, place: Place) -> Iterator[Any]:
    """Every value that the strict schemas name for ``place``, in conditions too."""
    if "$ref" in schema:
        yield from _spoken(documents()[schema["$ref"]], place)
    for part in (schema.get("if"), schema.get("then"), *schema.get("allOf", ())):
        if part:
            yield from _spoken(part, place)
    if place:
        inner = schema.get("properties", {}).get(place[0])
        if inner:
            yield from _spoken(cast(Frame, inner), place[1:])
        return
    yield from schema.get("enum", ())
    if "const" in schema:
        yield schema["const"]
    for bound, step in (("minimum", -1), ("maximum", 1)):
        if bound in schema:
            yield from (schema[bound], schema[bound] + step)
