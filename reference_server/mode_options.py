"""The modes as command-line options: one for each field of the dialect, made from it.

Knows argparse; knows nothing of what the modes do.
"""

import argparse
from collections.abc import Callable
from enum import Enum
from typing import Any, get_args, get_origin

import msgspec

from reference_server.choice import chosen
from reference_server.dialect import Dialect, Mode, modes
from schemas.words import STAFF_WORDS, TitleType


def add_options(parser: argparse.ArgumentParser) -> None:
    """One option for every mode."""
    group = parser.add_argument_group(
        "modes",
        "What the help page leaves open, as this server shall decide it. Each is a key of a target "
        "profile; --print-profile prints the profile of the server that would start.",
    )
    for each in modes():
        group.add_argument(
            option(each),
            dest=each.name,
            default=argparse.SUPPRESS,
            type=_reader(each),
            metavar=_metavar(each),
            help=f"{each.meaning} [{each.key}; default: {_shown(each.default)}]".replace("%", "%%"),
        )


def option(mode: Mode) -> str:
    """The option's name."""
    return "--" + mode.name.replace("_", "-")


def words_of(mode: Mode) -> tuple[str, ...]:
    """What the value, or each of its items, may be, where that is a few words."""
    kind = _base(mode)
    if kind is bool:
        return ("true", "false")
    if kind is TitleType:
        return tuple(STAFF_WORDS)
    item = get_args(kind)[0] if _is_list(mode) else kind
    return tuple(str(one.value) for one in item) if issubclass(item, Enum) else ()


def dialect_of(options: argparse.Namespace) -> Dialect:
    """The dialect that parsed options choose; ``DialectRefused`` when they do not go together."""
    given = vars(options)
    return chosen({each.name: given[each.name] for each in modes() if each.name in given})


def _reader(mode: Mode) -> Callable[[str], Any]:
    """Text to the mode's value; the complaint names what may be given."""

    def read(text: str) -> Any:
        raw = text.split(",") if _is_list(mode) else text
        try:
            return msgspec.convert(raw, mode.type, strict=False)
        except msgspec.ValidationError:
            raise argparse.ArgumentTypeError(f"{text!r} is not {_expected(mode)}") from None

    return read


def _expected(mode: Mode) -> str:
    words = ", ".join(words_of(mode))
    if _is_list(mode):
        return (
            f"any of {words}, with commas between" if words else "two texts, with a comma between"
        )
    return f"one of {words}" if words else "a whole number above 0"


def _metavar(mode: Mode) -> str:
    words = words_of(mode)
    if _is_list(mode):
        return "WORD,..."
    return "{" + ",".join(words) + "}" if words else {int: "N"}.get(_base(mode), "TEXT")


def _is_list(mode: Mode) -> bool:
    return get_origin(_base(mode)) is tuple


def _base(mode: Mode) -> Any:
    return get_args(mode.type)[0]


def _shown(default: Any) -> str:
    if isinstance(default, bool):
        return str(default).lower()
    return ",".join(default) if isinstance(default, tuple) else str(default)
