"""Settings as command-line options: one for each field of a struct of settings, made from it.

Knows argparse; knows nothing of what the settings do.
"""

import argparse
from collections.abc import Callable
from enum import Enum
from typing import Any, get_args, get_origin

import msgspec

from reference_server.declaring import Setting, settings_of
from schemas.words import STAFF_WORDS, TitleType


def add_options(group: argparse._ArgumentGroup, kind: type[msgspec.Struct]) -> None:
    """One option for every setting of ``kind``."""
    for each in settings_of(kind):
        note = f"{each.key}; " if each.key else ""
        group.add_argument(
            option(each),
            dest=each.name,
            default=argparse.SUPPRESS,
            type=_reader(each),
            metavar=_metavar(each),
            help=f"{each.meaning} [{note}default: {_shown(each.default)}]".replace("%", "%%"),
        )


def chosen_settings(options: argparse.Namespace, kind: type[msgspec.Struct]) -> dict[str, Any]:
    """The settings of ``kind`` that parsed options choose, by name."""
    given = vars(options)
    return {each.name: given[each.name] for each in settings_of(kind) if each.name in given}


def option(setting: Setting) -> str:
    """The option's name."""
    return "--" + setting.name.replace("_", "-")


def words_of(setting: Setting) -> tuple[str, ...]:
    """What the value, or each of its items, may be, where that is a few words."""
    kind = _base(setting)
    if kind is bool:
        return ("true", "false")
    if kind is TitleType:
        return tuple(STAFF_WORDS)
    item = get_args(kind)[0] if _is_list(setting) else kind
    return tuple(str(one.value) for one in item) if issubclass(item, Enum) else ()


def _reader(setting: Setting) -> Callable[[str], Any]:
    """Text to the setting's value; the complaint names what may be given."""

    def read(text: str) -> Any:
        raw = text.split(",") if _is_list(setting) else text
        try:
            return msgspec.convert(raw, setting.type, strict=False)
        except msgspec.ValidationError:
            raise argparse.ArgumentTypeError(f"{text!r} is not {_expected(setting)}") from None

    return read


def _expected(setting: Setting) -> str:
    words = ", ".join(words_of(setting))
    if _is_list(setting):
        return f"any of {words}, comma-separated" if words else "two texts, comma-separated"
    least = get_args(setting.type)[1].ge
    return f"one of {words}" if words else f"a whole number from {1 if least is None else least}"


def _metavar(setting: Setting) -> str:
    words = words_of(setting)
    if _is_list(setting):
        return "WORD,..."
    return "{" + ",".join(words) + "}" if words else {int: "N"}.get(_base(setting), "TEXT")


def _is_list(setting: Setting) -> bool:
    return get_origin(_base(setting)) is tuple


def _base(setting: Setting) -> Any:
    return get_args(setting.type)[0]


def _shown(default: Any) -> str:
    if isinstance(default, bool):
        return str(default).lower()
    return ",".join(default) if isinstance(default, tuple) else str(default)
