"""Faults of JSON type: each documented member once as something else than the page says."""

from collections.abc import Callable, Iterator
from typing import Any, Final

import orjson

from reference_server.faults.bending import Members, bend_members
from reference_server.faults.fault import Fault

Path = tuple[str, ...]
Change = Callable[[Any], object]


def _as_json(value: Any) -> str:
    return orjson.dumps(value).decode()


def _in_list(value: Any) -> list[Any]:
    return [value]


def _as_number(value: Any) -> float:
    """A number for any text: what it says, else how long it is."""
    try:
        return float(value)
    except ValueError:
        return float(len(value))


_RETYPED: Final[tuple[tuple[str, str, str, Change], ...]] = (
    ("MsgStatus", "number", "a number", len),
    ("Result", "string", "a string", lambda value: str(value).lower()),
    ("msg", "string", "its JSON in a string", _as_json),
    ("Error", "object", "an object with the text in it", lambda value: {"message": value}),
    ("NoReadQty", "string", "a string", str),
    ("msg.SendSn", "number", "a number", lambda value: len(value) + 1000),
    ("msg.SendName", "object", "an object with the name in it", lambda value: {"name": value}),
    ("msg.SendType", "number", "0 or 1", lambda value: int(value == "staff")),
    ("msg.type", "number", "a number", len),
    ("msg.content", "object", "an object with the text in it", lambda value: {"text": value}),
    ("msg.time", "number", "a number", lambda _: 1_800_000_000_000),
    ("msg.read", "string", "a string", lambda value: str(value).lower()),
    ("msg.titletype", "list", "a list", _in_list),
    ("msg.location", "string", "its JSON in a string", _as_json),
    ("msg.info", "list", "a list with one entry", _in_list),
    ("msg.location.addr", "list", "a list of lines", _in_list),
    ("msg.location.latitude", "string", "a string", str),
    ("msg.location.longitude", "string", "a string", str),
    ("msg.info.name", "list", "a list", _in_list),
    ("msg.info.status", "number", "a number", len),
    ("msg.info.price", "number", "a number", _as_number),
)


def at(path: Path, change: Change) -> Callable[[Members], None]:
    """Changes the member at ``path`` where it is and is not null."""

    def changed(members: Members) -> None:
        node: Any = members
        for name in path[:-1]:
            node = node.get(name)
            if not isinstance(node, dict):
                return
        if node.get(path[-1]) is not None:
            node[path[-1]] = change(node[path[-1]])

    return changed


def _faults() -> Iterator[Fault]:
    for member, kind, shape, change in _RETYPED:
        path = tuple(member.split("."))
        yield Fault(
            f"{path[-1].lower()}-as-{kind}",
            f"The member {member} travels as {shape}.",
            ("out-" + "-".join(path).lower() + "-type",),
            bend_members(at(path, change)),
        )


FAULTS: Final = tuple(_faults())
