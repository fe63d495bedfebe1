"""The corpus of JSON texts: bytes for both directions, and what is to become of each.

In the manner of parser test suites: what must be accepted, what must be refused, and what may be
either. Knows the file ``json_texts.toml`` and its form, not who sends or judges the texts.
"""

import tomllib
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from schemas.registry import Direction


class Expectation(StrEnum):
    """What an honest receiver makes of a text.

    Of a client's text (D17, D18): ``REFUSE`` is one ``Send`` with ``Result`` false on a connection
    that stays, ``CLOSE`` the end of the connection. Of a server's: ``ACCEPT`` leaves nothing to
    say, ``EITHER`` breaks no MUST, ``REFUSE`` breaks one.
    """

    ACCEPT = "accept"
    REFUSE = "refuse"
    EITHER = "either"
    CLOSE = "close"


class JsonText(msgspec.Struct, frozen=True, kw_only=True):
    """One text of the corpus.

    ``clauses``: of a client's text what the server breaks that does otherwise, of a server's what
    the text itself breaks.
    """

    name: str
    direction: Direction
    data: bytes
    expectation: Expectation
    clauses: tuple[str, ...]
    why: str


@cache
def corpus() -> tuple[JsonText, ...]:
    """All texts, in the order of the file."""
    tables = tomllib.loads(files("schemas").joinpath("json_texts.toml").read_text("utf-8"))
    return tuple(
        JsonText(
            name=f"{side}-{name}",
            direction=Direction.CLIENT if side == "client" else Direction.SERVER,
            data=_bytes(row["data"]),
            expectation=Expectation(row["expectation"]),
            clauses=tuple(row.get("clauses", ())),
            why=row["why"],
        )
        for side, rows in tables.items()
        for name, row in rows.items()
    )


def client_texts() -> tuple[JsonText, ...]:
    """What a client may send to see what the server makes of it."""
    return tuple(text for text in corpus() if text.direction is Direction.CLIENT)


def _bytes(data: str | list[Any]) -> bytes:
    if isinstance(data, str):
        return data.encode()
    return b"".join(part.encode() if isinstance(part, str) else _part(part) for part in data)


def _part(part: dict[str, Any]) -> bytes:
    if "hex" in part:
        return bytes.fromhex(part["hex"])
    repeated: str = part["repeat"]
    return repeated.encode() * int(part["times"])
