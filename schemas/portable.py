"""Shipped schemas made fit for other people's tools: no URNs to resolve, no keywords of ours.

``x-clauses`` becomes a `$comment`, ``x-words`` goes; references are rewritten by the caller's rule.
"""

from collections.abc import Callable, Mapping
from typing import Any

Schema = dict[str, Any]

_MAPS_OF_SCHEMAS = {"properties", "$defs"}
_DATA = {"enum", "const", "examples", "required"}


def portable(schema: Schema, refer: Callable[[str], str]) -> Schema:
    """``schema`` with every ``$ref`` passed through ``refer``, and our own keywords in words."""
    found: Schema = {}
    for key, value in schema.items():
        if key == "$ref":
            found[key] = refer(value)
        elif key in _MAPS_OF_SCHEMAS:
            found[key] = {name: portable(part, refer) for name, part in value.items()}
        elif not key.startswith("x-"):
            found[key] = value if key in _DATA else _part(value, refer)
    if clauses := schema.get("x-clauses"):
        told = f"Clauses: {', '.join(_clauses(clauses))}."
        found["$comment"] = " ".join(filter(None, (schema.get("$comment"), told)))
    return found


def _part(value: Any, refer: Callable[[str], str]) -> Any:
    if isinstance(value, list):
        return [_part(item, refer) for item in value]
    return portable(value, refer) if isinstance(value, dict) else value


def _clauses(by_keyword: Mapping[str, Any]) -> list[str]:
    """The ids beside the keywords; those of ``required`` may differ by member."""
    ids: list[str] = []
    for value in by_keyword.values():
        ids.extend(value.values() if isinstance(value, dict) else [value])
    return list(dict.fromkeys(ids))
