"""The clause register as values: what each id means, how binding it is and where it comes from."""

import tomllib
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import msgspec

from schemas.findings import Finding, excerpt
from schemas.verdicts import Level


class Clause(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One checkable statement. ``key`` is the profile key whose status grades a broken SHOULD."""

    id: str
    level: Level
    source: str
    sentence: str
    key: str | None = None
    untestable: str | None = None

    def broken(
        self, *, expected: str, actual: str, pointer: str = "", frame: bytes | str = ""
    ) -> Finding:
        """The finding that this clause is broken."""
        return Finding(self.id, self.level, expected, actual, pointer, excerpt(frame))


@cache
def register() -> MappingProxyType[str, Clause]:
    """All clauses by id, in the order of the register."""
    text = files("schemas").joinpath("clauses.toml").read_text("utf-8")
    rows = tomllib.loads(text)
    return MappingProxyType(
        {slug: msgspec.convert({"id": slug, **row}, Clause) for slug, row in rows.items()}
    )


def clause(slug: str) -> Clause:
    """The clause ``slug``; KeyError when the register has none, which is a fault of ours."""
    return register()[slug]
