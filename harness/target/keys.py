"""The register of profile keys as data, read off :mod:`harness.target.sections`.

Knows no file: a key is its dotted name, its type, what it may be, its default and its meaning.
"""

from collections.abc import Iterator, Mapping
from enum import Enum, StrEnum
from functools import cache
from types import MappingProxyType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec

from harness.target.checks import Check
from harness.target.declaring import Section
from harness.target.sections import Settings

OFF = "off"


class KeyStatus(StrEnum):
    """Whether a key is written, left to its default, or switched off (contract §3)."""

    DECLARED = "declared"
    DEFAULT = "default"
    OFF = "off"


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """One key. ``type`` is what msgspec converts to; ``default`` is None for a required key."""

    name: str
    type: Any
    default: Any
    meaning: str
    expects: str
    choices: tuple[str, ...]
    can_be_off: bool
    secret: bool
    check: Check | None

    @property
    def section(self) -> str:
        """The table that holds the key; "" for the top."""
        return self.name.rpartition(".")[0]

    @property
    def indifferent(self) -> Any:
        """The value that demands least: ``any`` where the key knows it, else the default."""
        return "any" if "any" in self.choices else msgspec.to_builtins(self.default)

    @property
    def required(self) -> bool:
        """Whether a profile must write it."""
        return self.default is None


@cache
def register() -> Mapping[str, Key]:
    """All keys by dotted name, in the order of the file."""
    return MappingProxyType({key.name: key for key in _keys(Settings, "")})


@cache
def sections() -> Mapping[str, str]:
    """All tables by dotted name, each with its first line of meaning."""
    return MappingProxyType(dict(_sections(Settings, "")))


def _keys(section: type[Section], prefix: str) -> Iterator[Key]:
    for field in msgspec.structs.fields(section):
        name = f"{prefix}{field.encode_name}"
        if _is_section(field.type):
            yield from _keys(field.type, f"{name}.")
        else:
            yield _key(name, field)


def _sections(section: type[Section], prefix: str) -> Iterator[tuple[str, str]]:
    for field in msgspec.structs.fields(section):
        if _is_section(field.type):
            name = f"{prefix}{field.encode_name}"
            yield name, (field.type.__doc__ or "").partition("\n")[0]
            yield from _sections(field.type, f"{name}.")


def _is_section(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Section)


def _key(name: str, field: msgspec.structs.FieldInfo) -> Key:
    meta = get_args(field.type)[1]
    return Key(
        name=name,
        type=field.type,
        default=_default(field),
        meaning=meta.description,
        expects=meta.extra["expects"] or _expects(field.type),
        choices=_choices(field.type),
        can_be_off=meta.extra["can_be_off"],
        secret=meta.extra["secret"],
        check=meta.extra["check"],
    )


def _default(field: msgspec.structs.FieldInfo) -> Any:
    if field.default_factory is not msgspec.NODEFAULT:
        return field.default_factory()
    return None if field.required else field.default


def _choices(kind: Any) -> tuple[str, ...]:
    """The words of the enum in ``kind``, directly or as a list's item."""
    if isinstance(kind, type) and issubclass(kind, Enum):
        return tuple(str(member.value) for member in kind)
    inner = get_args(kind)[:1] if get_origin(kind) in (Annotated, tuple) else ()
    return _choices(inner[0]) if inner else ()


_WORDS = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}


def _expects(kind: Any) -> str:
    """What a value of ``kind`` is, in words."""
    if choices := _choices(kind):
        words = ", ".join(f'"{word}"' for word in choices)
        return f"{'a list of' if _is_list(kind) else 'one of'} {words}"
    if _is_list(kind):
        return "a list of texts"
    base, *metas = get_args(kind) if get_origin(kind) is Annotated else (kind,)
    bound = next((meta.gt for meta in metas if meta.gt is not None), None)
    return _WORDS[base] + (f" above {bound:g}" if bound is not None else "")


def _is_list(kind: Any) -> bool:
    base = get_args(kind)[0] if get_origin(kind) is Annotated else kind
    return get_origin(base) is tuple and get_origin(base) not in (Union, UnionType)
