"""The JSON Schemas of the wire: loaded as package data, fitted to a target's words, compiled once.

Two tiers (decision D3). *Literal*: every member has its documented JSON type, or is null or absent.
*Strict*: what the page's prose and the decisions add. In the strict files ``x-clauses`` beside an
assertion names the clause it stands for, keyword by keyword, and ``x-words`` an enumeration that a
target profile may replace.
"""

import json
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, cast

import jsonschema
import jsonschema_rs
import msgspec
import referencing
from referencing.jsonschema import DRAFT202012

from schemas.modes import Tier

Schema = dict[str, Any]

URN = "urn:chatsocket-harness:{tier}:{name}"


class Direction(StrEnum):
    """Who sent a frame; the value is the name of its schema."""

    CLIENT = "WebSocketIn_msg"
    SERVER = "WebSocketOut_Output"


class WireDialect(msgspec.Struct, frozen=True):
    """What a target profile changes in the frame schemas.

    ``off`` holds ids of clauses whose assertions are left out. The words replace the enumerations
    marked with ``x-words``.
    """

    tier: Tier = Tier.STRICT
    types: tuple[str, ...] = ("text", "image", "title", "staff")
    topics: tuple[str, ...] = ("pro", "order", "other")
    staff_words: tuple[str, ...] = ("confirm", "assignment")
    send_types: tuple[str, ...] = ("customer", "staff")
    off: frozenset[str] = frozenset()

    def words(self, name: str) -> tuple[str, ...]:
        """The enumeration that ``x-words`` calls ``name``."""
        return {
            "types": self.types,
            "topics": self.topics,
            "staff": self.staff_words,
            "titletypes": (*self.topics, *self.staff_words),
            "send_types": self.send_types,
        }[name]


class Validators(msgspec.Struct, frozen=True):
    """One schema compiled twice, with equal verdicts: ``fast`` decides, ``full`` explains.

    ``plain`` is ``fast`` with documented members alone, which costs nothing more.
    """

    plain: jsonschema_rs.Draft202012Validator
    fast: jsonschema_rs.Draft202012Validator
    full: jsonschema.Draft202012Validator


@cache
def documents() -> Mapping[str, Schema]:
    """Every shipped schema by ``$id``, as written."""
    folder = files("schemas").joinpath("wire")
    texts = (
        entry.read_text("utf-8")
        for tier in Tier
        for entry in sorted(folder.joinpath(tier).iterdir(), key=lambda entry: entry.name)
    )
    return {document["$id"]: document for document in map(json.loads, texts)}


@cache
def compiled(direction: Direction, dialect: WireDialect = WireDialect()) -> Validators:  # noqa: B008
    """The validators of one direction's frames under ``dialect``; compiled at the first call."""
    fitted = {urn: cast(Schema, _fit(body, dialect)) for urn, body in documents().items()}
    root = {"$ref": URN.format(tier=dialect.tier, name=direction)}
    resources = [
        (urn, referencing.Resource.from_contents(body, DRAFT202012)) for urn, body in fitted.items()
    ]
    registry: referencing.Registry[bool | Mapping[str, Any]] = (
        referencing.Registry().with_resources(resources)
    )
    closed = {
        urn: body | {"additionalProperties": False} if f":{Tier.LITERAL}:" in urn else body
        for urn, body in fitted.items()
    }
    return Validators(
        plain=_fast(root, closed),
        fast=_fast(root, fitted),
        full=jsonschema.Draft202012Validator(root, registry=registry),
    )


def _fast(root: Schema, bodies: Mapping[str, Schema]) -> jsonschema_rs.Draft202012Validator:
    registry = jsonschema_rs.Registry(list(bodies.items()))
    return jsonschema_rs.Draft202012Validator(root, registry=registry)


def _fit(node: Any, dialect: WireDialect) -> Any:
    """``node`` with the dialect's words, and without the assertions whose clause is off."""
    if isinstance(node, list):
        return [_fit(item, dialect) for item in node]
    if not isinstance(node, dict):
        return node
    clauses: Mapping[str, Any] = node.get("x-clauses", {})
    kept = {
        key: _fit(value, dialect)
        for key, value in node.items()
        if not (isinstance(clauses.get(key), str) and clauses[key] in dialect.off)
    }
    if "x-words" in node and "enum" in kept:
        tolerated = [word for word in node["enum"] if word in (None, "")]
        kept["enum"] = [*dialect.words(node["x-words"]), *tolerated]
    return kept
