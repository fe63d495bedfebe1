"""The modes of the reference server as command lines, made from its own lists of settings.

Where a setting has words, each of them is a mode; the others have one value here. A new setting
without either is named by the tests.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from reference_server.choice import DialectRefused, chosen
from reference_server.declaring import Setting, settings_of
from reference_server.dialect import Dialect
from reference_server.guards import Guards
from reference_server.setting_options import option, words_of

OTHERS: Final[Mapping[str, str]] = {
    "types": "text,title,staff",
    "send_types": "kunde,agent",
    "time_format": "%Y/%m/%d %H:%M:%S.%f",
    "staff_content": "case {customer_sn}",
    "max_message_bytes": "2000",
    "max_connections": "200",
    "max_connections_per_account": "10",
    "max_messages_per_s": "2000",
    "max_backlog": "5000",
    "handshake_s": "20",
    "ping_s": "5",
}
"""A value other than the default, where it is no word."""

ROWS: Final = 9
"""So many combinations hold every value once: four to six of them each."""


class Choice(msgspec.Struct, frozen=True):
    """One setting with a value that is not its default, as text and as the server reads it."""

    setting: Setting
    text: str

    @property
    def argument(self) -> str:
        """As it is written on the command line."""
        return f"{option(self.setting)}={self.text}"

    @property
    def value(self) -> Any:
        """As the server holds it."""
        several = self.setting.name in ("types", "send_types")
        raw = self.text.split(",") if several else self.text
        return msgspec.convert(raw, self.setting.type, strict=False)


def choices() -> Iterator[Choice]:
    """Every value of every setting but the defaults. KeyError for a setting nobody thought of."""
    for kind in (Dialect, Guards):
        for each in settings_of(kind):
            words = () if each.name in OTHERS else words_of(each)
            texts = words or (OTHERS[each.name],)
            found = (Choice(each, text) for text in texts)
            yield from (choice for choice in found if choice.value != each.default)


def combinations() -> list[tuple[Choice, ...]]:
    """Every choice in one of a few rows that a server can keep, spread evenly."""
    rows: list[list[Choice]] = [[] for _ in range(ROWS)]
    for number, choice in enumerate(choices()):
        turned = [rows[(number + step) % ROWS] for step in range(ROWS)]
        next(row for row in turned if _can_be_kept([*row, choice])).append(choice)
    return [tuple(row) for row in rows]


def arguments(row: tuple[Choice, ...]) -> tuple[str, ...]:
    """The command line of a server that has decided so."""
    return tuple(choice.argument for choice in row)


def _can_be_kept(row: list[Choice]) -> bool:
    names = [choice.setting.name for choice in row]
    if len(set(names)) < len(names):
        return False
    fields = {each.name for each in settings_of(Dialect)}
    try:
        chosen({c.setting.name: c.value for c in row if c.setting.name in fields})
    except DialectRefused:
        return False
    return True
