"""How a setting of the server is declared: a typed field that carries its meaning and its place.

The command line's options and the lines of a target profile are made from such fields. Knows
values' types and nothing of what any setting does.
"""

from collections.abc import Iterator
from typing import Any, get_args

import msgspec


def setting(key: str, meaning: str, *, listed: bool = False, least: int | None = None) -> Any:
    """What a field's annotation carries: its key in a target profile, and its meaning.

    ``key`` is empty where a profile has nothing to say. ``listed``: the profile holds a list of
    which this server keeps one. ``least`` bounds a number.
    """
    extra = {"key": key, "listed": listed}
    return msgspec.Meta(description=meaning, extra=extra, ge=least)


class Setting(msgspec.Struct, frozen=True):
    """One field of a struct of settings; ``key`` is its name in a target profile."""

    name: str
    key: str
    meaning: str
    type: Any
    default: Any
    listed: bool


def settings_of(kind: type[msgspec.Struct]) -> Iterator[Setting]:
    """Every setting of a struct, in the order of its fields."""
    for field in msgspec.structs.fields(kind):
        meta = get_args(field.type)[1]
        extra = meta.extra
        yield Setting(
            field.name, extra["key"], meta.description, field.type, field.default, extra["listed"]
        )


def profile_values(settings: msgspec.Struct) -> dict[str, Any]:
    """What a target profile says of a server with these settings: plain values by dotted key."""
    values = {}
    for each in settings_of(type(settings)):
        if each.key:
            value = msgspec.to_builtins(getattr(settings, each.name))
            values[each.key] = [value] if each.listed else value
    return values
