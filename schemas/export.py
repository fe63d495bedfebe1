"""The frame schemas as files for other teams: one by one, and each message in one piece.

literal/NAME.json, strict/NAME.json   refer to each other by relative path
bundled/TIER/MESSAGE.json             holds all that it needs in ``$defs``
"""

from collections.abc import Mapping
from functools import partial

from schemas.modes import Tier
from schemas.portable import Schema, portable
from schemas.registry import URN, Direction, documents


def exported() -> Mapping[str, Schema]:
    """Every file by its path in the folder, with forward slashes."""
    return {**_single(), **_bundled()}


def _place(urn: str) -> tuple[str, str]:
    """Tier and name of the schema ``urn``."""
    _, _, tier, name = urn.split(":")
    return tier, name


def _single() -> dict[str, Schema]:
    found = {}
    for urn, body in documents().items():
        tier, name = _place(urn)
        found[f"{tier}/{name}.json"] = _without_id(portable(body, _relative[tier]))
    return found


def _beside(urn: str, folder: str) -> str:
    """The path of the schema ``urn`` from a file in ``folder``."""
    tier, name = _place(urn)
    return f"{name}.json" if tier == folder else f"../{tier}/{name}.json"


_relative = {str(tier): partial(_beside, folder=tier) for tier in Tier}


def _without_id(schema: Schema) -> Schema:
    """Without ``$id`` a file's own address is its base, so relative references resolve."""
    return {key: value for key, value in schema.items() if key != "$id"}


def _bundled() -> dict[str, Schema]:
    return {
        f"bundled/{tier}/{direction}.json": _bundle(URN.format(tier=tier, name=direction))
        for tier in Tier
        for direction in Direction
    }


def _bundle(root: str) -> Schema:
    """The schema ``root`` with everything it leads to."""
    needed: dict[str, Schema] = {}
    left = [root]

    def refer(urn: str) -> str:
        left.append(urn)
        return f"#/$defs/{'.'.join(_place(urn))}"

    while left:
        urn = left.pop()
        if urn not in needed:
            needed[urn] = {}
            needed[urn] = portable(documents()[urn], refer)
    definitions = {
        ".".join(_place(urn)): {
            key: value for key, value in body.items() if key not in ("$id", "$schema")
        }
        for urn, body in sorted(needed.items())
        if urn != root
    }
    return {**needed[root], "$defs": definitions}
